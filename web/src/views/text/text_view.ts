import { computed, signal } from '@preact/signals-core';
import { html } from 'lit';
import { groupOf, groupTags } from '../../model/tag_groups';
import { button, message } from '../blank';
import { cardKey, seriesByKey, tagOfKey } from '../cards/card_key';
import { StepCardsView } from '../cards/step_cards_view';
import './settings_bar';
import './text.css';
import type { TextCard } from './text_card';
import './text_card';
import { textLabel } from './text_label';
import { TextSearch } from './text_search';

/** Every series of texts: a card for each tag and run. */
export class TextView extends StepCardsView {
  protected readonly kind = 'text';
  protected readonly cardName = 'text';
  protected readonly cardElement = 'tp-text-card';
  /** By key: tag and run. */
  private readonly series = computed(() => seriesByKey(this.context, this.kind));
  private readonly runs = computed(() => {
    const { engine, state } = this.context;
    const names = [...new Set([...this.series.value.values()].map((one) => engine.catalogue.runName(one)))];
    const wanted = state.textAgainstRun.value;
    return { names, against: names.includes(wanted) ? wanted : (names[0] ?? '') };
  });
  private readonly searched = computed(() => [...this.series.value.values()]);
  protected readonly groups = computed(() => {
    const { shown, engine } = this.context;
    const found = this.search.value?.found.value;
    return groupTags(shown.tags(this.kind))
      .map(({ name, tags }) => ({
        name,
        cards: tags.flatMap((tag) =>
          shown
            .seriesOf(this.kind, tag)
            .filter((one) => !found || found.bySeries.has(one))
            .map((one) => cardKey(tag, engine.catalogue.runName(one))),
        ),
      }))
      .filter(({ cards }) => cards.length > 0);
  });
  private readonly search = signal<TextSearch | undefined>(undefined);

  override connectedCallback(): void {
    super.connectedCallback();
    this.search.value ??= new TextSearch(this.context, this.searched);
    this.search.value.start();
    addEventListener('keydown', this.onMatchKey);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.search.value?.stop();
    removeEventListener('keydown', this.onMatchKey);
  }

  protected groupOf(key: string): string {
    return groupOf(tagOfKey(key));
  }

  protected keyOf(card: Element): string {
    const { catalogue } = this.context.engine;
    const { series } = card as TextCard;
    return cardKey(catalogue.tag(series), catalogue.runName(series));
  }

  /** F3 leads to what is searched from wherever the focus is. */
  private readonly onMatchKey = (event: KeyboardEvent): void => {
    if (event.key !== 'F3' || this.search.value?.found.value === undefined) return;
    event.preventDefault();
    this.stepMatch(event.shiftKey ? -1 : 1);
  };

  /** In the enlarged card, in the one that has or had the focus, or in the first one. */
  private stepMatch(by: 1 | -1): void {
    const cards = [...this.querySelectorAll<TextCard>(this.cardElement)];
    const wanted =
      cards.find((card) => card.large) ?? cards.find((card) => this.keyOf(card) === this.focused.value) ?? cards[0];
    wanted?.step(by);
  }

  protected card(key: string) {
    const series = this.series.value.get(key);
    if (series === undefined) return html``;
    const { shown, engine } = this.context;
    const run = shown.runLabel(engine.catalogue.runName(series));
    const found = this.search.value?.found.value;
    return html`<tp-text-card
      class="card ${this.isLarge(key) ? 'large' : ''}"
      role="article"
      aria-label=${`${textLabel(tagOfKey(key))}, ${run}`}
      ?inert=${this.isCovered(key)}
      .pinned=${this.isPinned(key)}
      .context=${this.context}
      .series=${series}
      .places=${found?.bySeries.get(series)}
      .search=${found?.filter ?? ''}
      .againstRun=${this.runs.value.against}
      .otherRuns=${shown.unorderedSeriesOf(this.kind, tagOfKey(key)).length - 1}
      .large=${this.isLarge(key)}
    ></tp-text-card>`;
  }

  protected settings() {
    return html`<tp-text-settings
      .context=${this.context}
      .search=${this.search.value}
      .runs=${this.runs}
      .union=${this.union}
      @step-match=${({ detail }: CustomEvent<1 | -1>) => this.stepMatch(detail)}
    ></tp-text-settings>`;
  }

  protected override noCards() {
    const found = this.search.value?.found.value;
    if (!found?.done || found.matched > 0) return undefined;
    const { textSearch } = this.context.state;
    return message(`No text matches “${textSearch.value}”`, button('Clear', () => (textSearch.value = ''))); // prettier-ignore
  }
}

customElements.define('tp-text', TextView);
