import { computed, signal, untracked } from '@preact/signals-core';
import { html, nothing } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { formatExact, plural, tagLabel } from '../../model/format';
import { groupTags } from '../../model/tag_groups';
import { icon } from '../../ui/icons';
import { WatchElement } from '../../ui/watch';
import { blank } from '../blank';
import type { ViewContext } from '../view_def';
import type { ChartCard } from './chart_card';
import './chart_card';
import { ChartGrid, type Gap, type Measures, type Section } from './chart_grid';
import './scalars.css';
import './settings_bar';

/** Charts exist up to this far beyond the visible part, px: farther than they are drawn (near.ts). */
const SPARE_PX = 640;
/** Scrolling by less changes nothing, px. */
const SCROLL_STEP_PX = 160;
/** A card higher than others by less than a row of its read-out is as high as they are, px. */
const MIN_EXTRA_PX = 8;

/** What is at the top of the visible part: it stays there while others come, go or change their width. */
interface Anchor {
  tag: string;
  /** How far the row of the tag is scrolled out, px. */
  below: number;
}

/**
 * Every scalar tag as a chart, in groups by the first part of its name. Only elements near the visible part exist, since
 * there may be any number of tags; the others are empty space ({@link ChartGrid}).
 */
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

  /** Unknown until there is room to measure: nothing exists before. */
  private readonly measures = signal<Measures | undefined>(undefined);
  /** How much higher than others a card is: its read-out is unfolded, which it is to stay. By tag. */
  private readonly extra = signal<ReadonlyMap<string, number>>(new Map());
  private readonly grid = computed(
    () =>
      this.measures.value &&
      new ChartGrid(this.groups.value, this.context.state.closedGroups.value, this.measures.value, this.extra.value),
  );
  private readonly height = signal(0);
  /** Rises when another part is to exist. */
  private readonly scrolled = signal(0);
  /** How far it is scrolled, or is to be, px. */
  private topEdge = 0;
  private anchor: Anchor | undefined;
  /** The grid that the anchor was found in. */
  private anchored: ChartGrid | undefined;
  /** Tag of the chart that has the focus, or had it last, or is to have it. */
  private readonly focused = signal<string | undefined>(undefined);
  private readonly resizes = new ResizeObserver((entries) => this.onResize(entries));
  private readonly watched = new WeakSet<Element>();

  override connectedCallback(): void {
    super.connectedCallback();
    this.classList.add('view');
    addEventListener('keydown', this.onKey);
    // Away from the page, it was not scrolled.
    this.requestUpdate();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    removeEventListener('keydown', this.onKey);
  }

  protected override firstUpdated(): void {
    this.measure();
    for (const element of this.querySelectorAll('.scroll, .probe')) this.resizes.observe(element);
  }

  protected override updated(): void {
    for (const card of this.querySelectorAll('tp-chart-card')) {
      if (!this.watched.has(card)) this.resizes.observe(card);
      this.watched.add(card);
    }
    const scroll = this.scroller;
    if (scroll && Math.abs(scroll.scrollTop - this.topEdge) >= 1) scroll.scrollTop = this.topEdge;
  }

  private get scroller(): HTMLElement | null {
    return this.querySelector<HTMLElement>('.scroll');
  }

  private onResize(entries: readonly ResizeObserverEntry[]): void {
    this.measure();
    const measures = this.measures.value;
    if (!measures) return;
    const extra = new Map(this.extra.value);
    for (const { target } of entries) {
      if (!target.matches('tp-chart-card:not(.large)') || !target.isConnected) continue;
      const { tag, offsetHeight } = target as ChartCard;
      const more = offsetHeight - measures.cardHeight;
      if (more > MIN_EXTRA_PX) extra.set(tag, more);
      else extra.delete(tag);
    }
    const before = this.extra.value;
    if (extra.size !== before.size || [...extra].some(([tag, more]) => before.get(tag) !== more))
      this.extra.value = extra;
  }

  private measure(): void {
    const [scroll, probe] = [this.scroller, this.querySelector<HTMLElement>('.probe')];
    if (!scroll || !probe || scroll.clientWidth === 0) return;
    const next: Measures = {
      columns: Math.max(1, Math.floor(scroll.clientWidth / probe.offsetWidth)),
      cardHeight: probe.offsetHeight,
      headHeight: parseFloat(getComputedStyle(this).getPropertyValue('--tp-h-head')),
    };
    const now = this.measures.value;
    const changed = Object.entries(next).some(([name, value]) => now?.[name as keyof Measures] !== value);
    if (changed) this.measures.value = next;
    this.height.value = scroll.clientHeight;
  }

  private readonly onScroll = (): void => {
    const [scroll, grid] = [this.scroller, this.grid.value];
    if (!scroll || !grid) return;
    this.topEdge = scroll.scrollTop;
    this.findAnchor(grid);
    this.scrolled.value = Math.floor(this.topEdge / SCROLL_STEP_PX);
  };

  private findAnchor(grid: ChartGrid): void {
    const tag = this.topEdge > 0 ? grid.tagAt(this.topEdge) : undefined;
    this.anchor = tag === undefined ? undefined : { tag, below: this.topEdge - (grid.topOf(tag)?.top ?? 0) };
    this.anchored = grid;
  }

  /** Where to scroll to, so that the anchor stays where it is in another grid. */
  private keepAnchor(grid: ChartGrid): void {
    if (grid === this.anchored) return;
    const [{ anchor }, row] = [this, this.anchor && grid.topOf(this.anchor.tag)];
    if (anchor && row) this.topEdge = row.top + (row.open ? anchor.below : Math.min(0, anchor.below));
    this.topEdge = Math.max(0, Math.min(this.topEdge, grid.height - this.height.peek()));
    this.findAnchor(grid);
  }

  private async focusChart(tag: string): Promise<void> {
    this.focused.value = tag;
    await this.updateComplete;
    await [...this.querySelectorAll<ChartCard>('tp-chart-card')].find((card) => card.tag === tag)?.focusPlot();
  }

  private focusNext(tag: string, by: number): void {
    const charts = this.charts.value;
    const next = charts[charts.indexOf(tag) + by];
    if (next !== undefined) void this.focusChart(next);
  }

  private readonly onFocus = (event: FocusEvent): void => {
    const card = (event.target as Element).closest<ChartCard>('tp-chart-card');
    if (card) this.focused.value = card.tag;
  };

  /** Escape leads back to the grid from wherever the focus is. */
  private readonly onKey = (event: KeyboardEvent): void => {
    if (event.key === 'Escape' && this.large.value !== undefined && !event.defaultPrevented) this.enlarge(undefined);
  };

  /** @param tag undefined = back to the grid. */
  private enlarge(tag: string | undefined): void {
    const focused = tag ?? this.wanted.value;
    this.wanted.value = tag;
    if (focused !== undefined) void this.focusChart(focused);
  }

  private enlargeNext(by: number): void {
    const charts = this.charts.value;
    const next = charts[charts.indexOf(this.large.value ?? '') + by];
    if (next !== undefined) this.enlarge(next);
  }

  override render() {
    return html`<tp-scalar-settings .context=${this.context}></tp-scalar-settings>
      <div class="scroll" @scroll=${this.onScroll} @focusin=${this.onFocus}>
        <div class="probe"></div>
        ${blank(this.context, 'scalars') ?? this.sections()}
      </div>`;
  }

  private sections() {
    const grid = this.grid.value;
    if (!grid) return nothing;
    void this.scrolled.value;
    untracked(() => this.keepAnchor(grid));
    const kept = [this.focused.value, this.large.value].filter((tag) => tag !== undefined);
    const [from, to] = [this.topEdge - SPARE_PX, this.topEdge + this.height.value + SPARE_PX];
    return repeat(
      grid.sections(from, to, [...kept, ...this.extra.value.keys()]),
      (section, i) => ('gap' in section ? i : section.group.name),
      (section) => ('gap' in section ? gap(section) : this.section(section)),
    );
  }

  private section({ group, open, columns, items }: Section) {
    const { closedGroups } = this.context.state;
    const toggle = (): void => {
      const closed = new Set(closedGroups.value);
      if (open) closed.add(group.name);
      else closed.delete(group.name);
      closedGroups.value = closed;
    };
    return html`<section aria-label=${tagLabel(group.name)}>
      <header class="group-head" ?inert=${this.large.value !== undefined}>
        <h2>
          <button aria-expanded=${open} @click=${toggle}>
            ${icon(open ? 'down' : 'right', 's m3')}<span class="st el">${tagLabel(group.name)}</span>
            <span class="ct" title=${plural(group.tags.length, 'chart')}>${formatExact(group.tags.length)}</span>
          </button>
        </h2>
      </header>
      ${
        open
          ? html`<div class="cards" .style=${`--columns: ${columns}`}>
              ${repeat(
                items,
                (item, i) => (typeof item === 'string' ? item : i),
                (item) => (typeof item === 'string' ? this.card(item) : gap(item)),
              )}
            </div>`
          : nothing
      }
    </section>`;
  }

  private card(tag: string) {
    const large = this.large.value;
    return html`<tp-chart-card
      role="article"
      aria-label=${tagLabel(tag)}
      class=${tag === large ? 'large' : ''}
      ?inert=${large !== undefined && tag !== large}
      .tag=${tag}
      .large=${tag === large}
      .context=${this.context}
      @enlarge=${() => this.enlarge(tag === large ? undefined : tag)}
      @enlarge-next=${(event: CustomEvent<number>) => this.enlargeNext(event.detail)}
      @focus-next=${(event: CustomEvent<number>) => this.focusNext(tag, event.detail)}
    ></tp-chart-card>`;
  }
}

function gap({ gap }: Gap) {
  return html`<div class="gap" .style=${`height: ${gap}px`}></div>`;
}

customElements.define('tp-scalars', ScalarsView);
