import { computed } from '@preact/signals-core';
import { html, nothing } from 'lit';
import { tagLabel } from '../../model/format';
import { groupOf, groupTags } from '../../model/tag_groups';
import '../../ui/step_scrubber';
import { CardsView } from '../cards/cards_view';
import { ViewSteps } from '../cards/view_steps';
import { GroupRanges } from './group_ranges';
import type { HistogramCard } from './histogram_card';
import './histogram_card';
import './histograms.css';
import './settings';

/** No run has it in its name. */
const SEPARATOR = '\0';

/** Every series of histograms: a card for each tag and run or, where runs are drawn over each other, for each tag. */
export class HistogramsView extends CardsView {
  protected readonly kind = 'histograms';
  protected readonly cardName = 'histogram';
  protected readonly cardElement = 'tp-histogram-card';
  private readonly ranges = new GroupRanges();
  /** Series of each card, by its key. */
  private readonly series = computed(() => {
    const { shown, engine, state } = this.context;
    const series = new Map<string, readonly number[]>();
    for (const tag of shown.tags(this.kind)) {
      const all = shown.seriesOf(this.kind, tag);
      if (state.histogramMode.value !== 'runs') {
        for (const one of all) series.set(tag + SEPARATOR + engine.catalogue.runName(one), [one]);
      } else if (all.length > 0) {
        series.set(tag, all);
      }
    }
    return series;
  });
  protected readonly groups = computed(() => {
    const cards = new Map<string, string[]>();
    for (const key of this.series.value.keys()) cards.set(tagOf(key), [...(cards.get(tagOf(key)) ?? []), key]);
    return groupTags(this.context.shown.tags(this.kind))
      .map(({ name, tags }) => ({ name, cards: tags.flatMap((tag) => cards.get(tag) ?? []) }))
      .filter((group) => group.cards.length > 0);
  });
  private steps: ViewSteps | undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    this.steps ??= new ViewSteps(this.context, this.kind);
    this.steps.start();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.steps?.stop();
  }

  protected groupOf(key: string): string {
    return groupOf(tagOf(key));
  }

  protected keyOf(card: Element): string {
    return (card as HistogramCard).dataset.key ?? '';
  }

  protected card(key: string) {
    const series = this.series.value.get(key);
    if (!series) return html``;
    const tag = tagOf(key);
    const { shown, engine } = this.context;
    const run = key === tag ? '' : `, ${shown.runLabel(engine.catalogue.runName(series[0] as number))}`;
    return html`<tp-histogram-card
      class="card"
      role="article"
      aria-label=${tagLabel(tag) + run}
      data-key=${key}
      .pinned=${this.isPinned(key)}
      .context=${this.context}
      .tag=${tag}
      .series=${series}
      .ranges=${this.ranges}
    ></tp-histogram-card>`;
  }

  protected settings() {
    return html`<tp-histogram-settings .context=${this.context}></tp-histogram-settings>`;
  }

  protected override docked() {
    const union = this.steps?.union.value;
    if (!union || union.steps.length === 0) return nothing;
    return html`<tp-step-scrubber .state=${this.context.state} .union=${union}></tp-step-scrubber>`;
  }
}

function tagOf(key: string): string {
  const at = key.lastIndexOf(SEPARATOR);
  return at < 0 ? key : key.slice(0, at);
}

customElements.define('tp-histograms', HistogramsView);
