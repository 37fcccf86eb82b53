import { computed } from '@preact/signals-core';
import { html } from 'lit';
import { tagLabel } from '../../model/format';
import { groupTags, wideGroupOf } from '../../model/tag_groups';
import { cardKey, keysOf, seriesByKey, tagOfKey } from '../cards/card_key';
import { StepCardsView } from '../cards/step_cards_view';
import { sheetHead } from '../sheet_head';
import { tagFilter } from '../tag_filter';
import type { TensorCard } from './tensor_card';
import './tensor_card';
import './tensors.css';

/** Every series of a plugin that no other view shows: a card for each tag and run, at one step. */
export class TensorsView extends StepCardsView {
  protected readonly kind = 'tensors';
  protected readonly cardName = 'tensor';
  protected readonly cardElement = 'tp-tensor-card';
  /** By key: tag and run. */
  private readonly series = computed(() => seriesByKey(this.context, this.kind));
  protected readonly groups = computed(() => {
    return groupTags(this.context.shown.tags(this.kind), wideGroupOf)
      .map(({ name, tags }) => ({ name, cards: tags.flatMap((tag) => keysOf(this.context, this.kind, tag)) }))
      .filter(({ cards }) => cards.length > 0);
  });

  protected groupOf(key: string): string {
    return wideGroupOf(tagOfKey(key));
  }

  protected keyOf(card: Element): string {
    const { catalogue } = this.context.engine;
    const { series } = card as TensorCard;
    return cardKey(catalogue.tag(series), catalogue.runName(series));
  }

  protected card(key: string) {
    const series = this.series.value.get(key);
    if (series === undefined) return html``;
    const { shown, engine } = this.context;
    const [tag, run] = [tagOfKey(key), engine.catalogue.runName(series)];
    return html`<tp-tensor-card
      class="card"
      role="article"
      aria-label=${`${tagLabel(tag)}, ${shown.runLabel(run)}`}
      .pinned=${this.isPinned(key)}
      .context=${this.context}
      .series=${series}
    ></tp-tensor-card>`;
  }

  protected settings() {
    const { state } = this.context;
    return html`<div class="bar" role="group" aria-label="Tensor settings">
      ${sheetHead('Tags')} ${tagFilter(this.context)}
      <label class="row">
        <input
          class="cb"
          type="checkbox"
          .checked=${state.matrixNumbers.value}
          @change=${(event: Event) => (state.matrixNumbers.value = (event.target as HTMLInputElement).checked)}
        />
        Matrices as numbers
      </label>
    </div>`;
  }
}

customElements.define('tp-tensors', TensorsView);
