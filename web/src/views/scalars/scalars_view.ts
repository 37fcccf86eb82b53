import { computed } from '@preact/signals-core';
import { html } from 'lit';
import { tagLabel } from '../../model/format';
import { groupOf, groupTags } from '../../model/tag_groups';
import { CardsView } from '../cards/cards_view';
import type { Exports, ExportingView } from '../view_def';
import type { ChartCard } from './chart_card';
import './chart_card';
import './scalars.css';
import './settings_bar';

/** Every scalar tag as a chart, in groups by the first part of its name. A card's key is its tag. */
export class ScalarsView extends CardsView implements ExportingView {
  protected readonly kind = 'scalars';
  protected readonly cardName = 'chart';
  protected readonly cardElement = 'tp-chart-card';
  protected readonly groups = computed(() =>
    groupTags(this.context.shown.tags('scalars')).map(({ name, tags }) => ({ name, cards: tags })),
  );

  /** What of it can be saved: the chart that covers the others, else all in open groups. */
  async exports(): Promise<Exports | undefined> {
    const large = this.large.value;
    const tags = large === undefined ? this.cards.value : [large];
    return (await import('./exports')).exportsOf(this.context, tags);
  }

  protected groupOf(tag: string): string {
    return groupOf(tag);
  }

  protected keyOf(card: Element): string {
    return (card as ChartCard).tag;
  }

  protected settings() {
    return html`<tp-scalar-settings .context=${this.context}></tp-scalar-settings>`;
  }

  protected card(tag: string) {
    return html`<tp-chart-card
      role="article"
      aria-label=${tagLabel(tag)}
      class="card ${this.isLarge(tag) ? 'large' : ''}"
      ?inert=${this.isCovered(tag)}
      .tag=${tag}
      .large=${this.isLarge(tag)}
      .pinned=${this.isPinned(tag)}
      .context=${this.context}
    ></tp-chart-card>`;
  }
}

customElements.define('tp-scalars', ScalarsView);
