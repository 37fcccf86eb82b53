import { computed } from '@preact/signals-core';
import { html } from 'lit';
import { tagLabel } from '../../model/format';
import { groupOf, groupTags } from '../../model/tag_groups';
import { keysOf, seriesByKey, tagOfKey } from '../cards/card_key';
import { StepCardsView } from '../cards/step_cards_view';
import { GroupRanges } from './group_ranges';
import type { HistogramCard } from './histogram_card';
import './histogram_card';
import './histograms.css';
import './settings';

/** Every series of histograms: a card for each tag and run or, where runs are drawn over each other, for each tag. */
export class HistogramsView extends StepCardsView {
  protected readonly kind = 'histograms';
  protected readonly cardName = 'histogram';
  protected readonly cardElement = 'tp-histogram-card';
  private readonly ranges = new GroupRanges();
  /** Series of each card, by its key. */
  private readonly series = computed((): ReadonlyMap<string, readonly number[]> => {
    if (!this.isOfRuns) return new Map([...seriesByKey(this.context, this.kind)].map(([key, one]) => [key, [one]]));
    const { shown } = this.context;
    return new Map(shown.tags(this.kind).map((tag) => [tag, shown.seriesOf(this.kind, tag)]));
  });
  protected readonly groups = computed(() => {
    const { shown } = this.context;
    const cardsOf = (tag: string): string[] => {
      const cards = keysOf(this.context, this.kind, tag);
      return this.isOfRuns && cards.length > 0 ? [tag] : cards;
    };
    return groupTags(shown.tags(this.kind))
      .map(({ name, tags }) => ({ name, cards: tags.flatMap(cardsOf) }))
      .filter(({ cards }) => cards.length > 0);
  });

  /** A card is of all runs of its tag, and the tag is its key. */
  private get isOfRuns(): boolean {
    return this.context.state.histogramMode.value === 'runs';
  }

  protected groupOf(key: string): string {
    return groupOf(tagOfKey(key));
  }

  protected keyOf(card: Element): string {
    return (card as HistogramCard).dataset.key ?? '';
  }

  protected card(key: string) {
    const series = this.series.value.get(key);
    if (!series) return html``;
    const tag = tagOfKey(key);
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
}

customElements.define('tp-histograms', HistogramsView);
