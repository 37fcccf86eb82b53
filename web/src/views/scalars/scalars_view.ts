import { computed, signal } from '@preact/signals-core';
import { html } from 'lit';
import { tagLabel } from '../../model/format';
import { groupOf, groupTags } from '../../model/tag_groups';
import { CardsView } from '../cards/cards_view';
import type { ChartCard } from './chart_card';
import './chart_card';
import './scalars.css';
import './settings_bar';

/** Every scalar tag as a chart, in groups by the first part of its name. A card's key is its tag. */
export class ScalarsView extends CardsView {
  protected readonly kind = 'scalars';
  protected readonly cardName = 'chart';
  protected readonly cardElement = 'tp-chart-card';
  protected readonly groups = computed(() =>
    groupTags(this.context.shown.tags('scalars')).map(({ name, tags }) => ({ name, cards: tags })),
  );
  private readonly wanted = signal<string | undefined>(undefined);
  /** Tag of the chart that covers the others, which nothing can reach then. */
  private readonly large = computed(() => {
    const wanted = this.wanted.value;
    const { hidden } = this.context.shown;
    return wanted !== undefined && !hidden.value && this.cards.value.includes(wanted) ? wanted : undefined;
  });

  override connectedCallback(): void {
    super.connectedCallback();
    addEventListener('keydown', this.onKey);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    removeEventListener('keydown', this.onKey);
  }

  protected groupOf(tag: string): string {
    return groupOf(tag);
  }

  protected keyOf(card: Element): string {
    return (card as ChartCard).tag;
  }

  protected override kept(): readonly string[] {
    return this.large.value === undefined ? [] : [this.large.value];
  }

  protected override covered(): boolean {
    return this.large.value !== undefined;
  }

  private async focusChart(tag: string): Promise<void> {
    this.focused.value = tag;
    await this.updateComplete;
    await this.elementOf<ChartCard>(tag)?.focusPlot();
  }

  private focusNext(tag: string, by: number): void {
    const charts = this.cards.value;
    const next = charts[charts.indexOf(tag) + by];
    if (next !== undefined) void this.focusChart(next);
  }

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
    const charts = this.cards.value;
    const next = charts[charts.indexOf(this.large.value ?? '') + by];
    if (next !== undefined) this.enlarge(next);
  }

  protected settings() {
    return html`<tp-scalar-settings .context=${this.context}></tp-scalar-settings>`;
  }

  protected card(tag: string) {
    const large = this.large.value;
    return html`<tp-chart-card
      role="article"
      aria-label=${tagLabel(tag)}
      class="card ${tag === large ? 'large' : ''}"
      ?inert=${large !== undefined && tag !== large}
      .tag=${tag}
      .large=${tag === large}
      .pinned=${this.isPinned(tag)}
      .context=${this.context}
      @enlarge=${() => this.enlarge(tag === large ? undefined : tag)}
      @enlarge-next=${(event: CustomEvent<number>) => this.enlargeNext(event.detail)}
      @focus-next=${(event: CustomEvent<number>) => this.focusNext(tag, event.detail)}
    ></tp-chart-card>`;
  }
}

customElements.define('tp-scalars', ScalarsView);
