import { computed, signal } from '@preact/signals-core';
import { html, nothing } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { formatExact, plural, tagLabel } from '../../model/format';
import { groupTags, type TagGroup } from '../../model/tag_groups';
import { icon } from '../../ui/icons';
import { WatchElement } from '../../ui/watch';
import { blank } from '../blank';
import type { ViewContext } from '../view_def';
import type { ChartCard } from './chart_card';
import './chart_card';
import './scalars.css';
import './settings_bar';

/** Every scalar tag as a chart, in groups by the first part of its name. */
export class ScalarsView extends WatchElement {
  static override properties = { context: { attribute: false } };
  declare context: ViewContext;
  private readonly groups = computed(() => groupTags(this.context.shown.tags('scalars')));
  private readonly wanted = signal<string | undefined>(undefined);
  /** Tags of the charts that there are, in order. */
  private readonly charts = computed(() => {
    const closed = this.context.state.closedGroups.value;
    return this.groups.value.flatMap(({ name, tags }) => (closed.has(name) ? [] : tags));
  });
  /** Tag of the chart that covers the others, which nothing can reach then. */
  private readonly large = computed(() => {
    const wanted = this.wanted.value;
    const { hidden } = this.context.shown;
    return wanted !== undefined && !hidden.value && this.charts.value.includes(wanted) ? wanted : undefined;
  });

  override connectedCallback(): void {
    super.connectedCallback();
    this.classList.add('view');
    addEventListener('keydown', this.onKey);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    removeEventListener('keydown', this.onKey);
  }

  /** Escape leads back to the grid from wherever the focus is. */
  private readonly onKey = (event: KeyboardEvent): void => {
    if (event.key === 'Escape' && this.large.value !== undefined && !event.defaultPrevented) this.enlarge(undefined);
  };

  /** @param tag undefined = back to the grid. */
  private enlarge(tag: string | undefined): void {
    const focused = tag ?? this.wanted.value;
    this.wanted.value = tag;
    void this.updateComplete.then(() =>
      [...this.querySelectorAll<ChartCard>('tp-chart-card')].find((card) => card.tag === focused)?.focusPlot(),
    );
  }

  private enlargeNext(by: number): void {
    const charts = this.charts.value;
    const next = charts[charts.indexOf(this.large.value ?? '') + by];
    if (next !== undefined) this.enlarge(next);
  }

  override render() {
    return html`<tp-scalar-settings .context=${this.context}></tp-scalar-settings>
      <div class="scroll">
        ${blank(this.context, 'scalars') ?? repeat(this.groups.value, (group) => group.name, this.group)}
      </div>`;
  }

  private readonly group = (group: TagGroup) => {
    const { closedGroups } = this.context.state;
    const open = !closedGroups.value.has(group.name);
    const large = this.large.value;
    const toggle = (): void => {
      const closed = new Set(closedGroups.value);
      if (open) closed.add(group.name);
      else closed.delete(group.name);
      closedGroups.value = closed;
    };
    return html`<section aria-label=${tagLabel(group.name)}>
      <header class="group-head" ?inert=${large !== undefined}>
        <h2>
          <button aria-expanded=${open} @click=${toggle}>
            ${icon(open ? 'down' : 'right', 's m3')}<span class="st el">${tagLabel(group.name)}</span>
            <span class="ct" title=${plural(group.tags.length, 'chart')}>${formatExact(group.tags.length)}</span>
          </button>
        </h2>
      </header>
      ${
        open
          ? html`<div class="cards">
              ${repeat(
                group.tags,
                (tag) => tag,
                (tag) =>
                  html`<tp-chart-card
                    role="article"
                    aria-label=${tagLabel(tag)}
                    class=${tag === large ? 'large' : ''}
                    ?inert=${large !== undefined && tag !== large}
                    .tag=${tag}
                    .large=${tag === large}
                    .context=${this.context}
                    @enlarge=${() => this.enlarge(tag === large ? undefined : tag)}
                    @enlarge-next=${(event: CustomEvent<number>) => this.enlargeNext(event.detail)}
                  ></tp-chart-card>`,
              )}
            </div>`
          : nothing
      }
    </section>`;
  };
}

customElements.define('tp-scalars', ScalarsView);
