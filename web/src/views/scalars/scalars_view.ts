import { computed } from '@preact/signals-core';
import { html, nothing } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { formatExact, plural } from '../../model/format';
import { groupTags, type TagGroup } from '../../model/tag_groups';
import { icon } from '../../ui/icons';
import { WatchElement } from '../../ui/watch';
import type { ViewContext } from '../view_def';
import './chart_card';
import './scalars.css';
import './settings_bar';

/** Every scalar tag as a chart, in groups by the first part of its name. */
export class ScalarsView extends WatchElement {
  static override properties = { context: { attribute: false } };
  declare context: ViewContext;
  private readonly groups = computed(() => groupTags(this.context.shown.tags('scalars')));

  override connectedCallback(): void {
    super.connectedCallback();
    this.classList.add('view');
  }

  override render() {
    const groups = this.groups.value;
    return html`<tp-scalar-settings .context=${this.context}></tp-scalar-settings>
      <div class="scroll">
        ${groups.length === 0 ? this.blank() : repeat(groups, (group) => group.name, this.group)}
      </div>`;
  }

  private readonly group = (group: TagGroup) => {
    const { closedGroups } = this.context.state;
    const open = !closedGroups.value.has(group.name);
    const toggle = (): void => {
      const closed = new Set(closedGroups.value);
      if (open) closed.add(group.name);
      else closed.delete(group.name);
      closedGroups.value = closed;
    };
    return html`<section aria-label=${group.name}>
      <header class="group-head">
        <h2>
          <button aria-expanded=${open} @click=${toggle}>
            ${icon(open ? 'down' : 'right', 's m3')}<span class="st el">${group.name}</span>
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
                    aria-label=${tag}
                    .tag=${tag}
                    .context=${this.context}
                  ></tp-chart-card>`,
              )}
            </div>`
          : nothing
      }
    </section>`;
  };

  /** Never blank: says which filter hides everything. */
  private blank() {
    const { state, engine } = this.context;
    if (state.tagFilter.value !== '') {
      return html`<p class="blank">
        No tag matches “${state.tagFilter.value}”
        <button class="btn line" @click=${() => (state.tagFilter.value = '')}>Clear</button>
      </p>`;
    }
    return engine.loading.value ? nothing : html`<p class="blank">No scalars in these logs</p>`;
  }
}

customElements.define('tp-scalars', ScalarsView);
