import { computed } from '@preact/signals-core';
import { html, nothing } from 'lit';
import { tagLabel } from '../../model/format';
import { groupTags, wideGroupOf } from '../../model/tag_groups';
import '../../ui/step_scrubber';
import { CardsView } from '../cards/cards_view';
import { sheetHead } from '../sheet_head';
import { tagFilter } from '../tag_filter';
import { ViewSteps } from '../cards/view_steps';
import type { TensorCard } from './tensor_card';
import './tensor_card';
import './tensors.css';

/** Every series of a plugin that no other view shows: a card for each tag and run, at one step. A card's key is the number of its series. */
export class TensorsView extends CardsView {
  protected readonly kind = 'tensors';
  protected readonly cardName = 'tensor';
  protected readonly cardElement = 'tp-tensor-card';
  protected readonly groups = computed(() => {
    const { shown } = this.context;
    const cardsOf = (tag: string): string[] => shown.seriesOf(this.kind, tag).map(String);
    return groupTags(shown.tags(this.kind), wideGroupOf)
      .map(({ name, tags }) => ({ name, cards: tags.flatMap(cardsOf) }))
      .filter(({ cards }) => cards.length > 0);
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
    return wideGroupOf(this.context.engine.catalogue.tag(Number(key)));
  }

  protected keyOf(card: Element): string {
    return String((card as TensorCard).series);
  }

  protected card(key: string) {
    const series = Number(key);
    const { shown, engine } = this.context;
    const [tag, run] = [engine.catalogue.tag(series), engine.catalogue.runName(series)];
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

  protected override docked() {
    const union = this.steps?.union.value;
    if (!union || union.steps.length === 0) return nothing;
    return html`<tp-step-scrubber .state=${this.context.state} .union=${union}></tp-step-scrubber>`;
  }
}

customElements.define('tp-tensors', TensorsView);
