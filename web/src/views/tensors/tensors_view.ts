import { computed } from '@preact/signals-core';
import { html, nothing } from 'lit';
import { tagLabel } from '../../model/format';
import { groupOf, groupTags } from '../../model/tag_groups';
import '../../ui/step_scrubber';
import { CardsView } from '../cards/cards_view';
import { tagFilter } from '../tag_filter';
import { ViewSteps } from '../cards/view_steps';
import type { TensorCard } from './tensor_card';
import './tensor_card';
import './tensors.css';

/** No run has it in its name. */
const SEPARATOR = '\0';

/** Every series of a plugin that no other view shows: a card for each tag and run, at one step. */
export class TensorsView extends CardsView {
  protected readonly kind = 'tensors';
  protected readonly cardName = 'tensor';
  protected readonly cardElement = 'tp-tensor-card';
  /** By key: tag and run. */
  private readonly series = computed(() => {
    const { shown, engine } = this.context;
    const series = new Map<string, number>();
    for (const tag of shown.tags(this.kind)) {
      for (const one of shown.seriesOf(this.kind, tag)) series.set(keyOf(tag, engine.catalogue.runName(one)), one);
    }
    return series;
  });
  protected readonly groups = computed(() => {
    const { shown, engine } = this.context;
    return groupTags(shown.tags(this.kind))
      .map(({ name, tags }) => ({
        name,
        cards: tags.flatMap((tag) =>
          shown.seriesOf(this.kind, tag).map((one) => keyOf(tag, engine.catalogue.runName(one))),
        ),
      }))
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
    return groupOf(tagOf(key));
  }

  protected keyOf(card: Element): string {
    const { catalogue } = this.context.engine;
    const { series } = card as TensorCard;
    return keyOf(catalogue.tag(series), catalogue.runName(series));
  }

  protected card(key: string) {
    const series = this.series.value.get(key);
    if (series === undefined) return html``;
    const { shown, engine } = this.context;
    const run = shown.runLabel(engine.catalogue.runName(series));
    return html`<tp-tensor-card
      class="card"
      role="article"
      aria-label=${`${tagLabel(tagOf(key))}, ${run}`}
      .context=${this.context}
      .series=${series}
    ></tp-tensor-card>`;
  }

  protected settings() {
    const { state } = this.context;
    return html`<div class="bar" role="group" aria-label="Tensor settings">
      <div class="sheet-head">
        <h2>Tags</h2>
        <span class="grow"></span>
        <button class="btn st" @click=${() => this.dispatchEvent(new Event('done', { bubbles: true }))}>Done</button>
      </div>
      ${tagFilter(this.context)}
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

function keyOf(tag: string, run: string): string {
  return tag + SEPARATOR + run;
}

function tagOf(key: string): string {
  return key.slice(0, key.lastIndexOf(SEPARATOR));
}

customElements.define('tp-tensors', TensorsView);
