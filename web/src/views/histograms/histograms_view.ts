import { computed } from '@preact/signals-core';
import { html } from 'lit';
import { tagLabel } from '../../model/format';
import type { HistogramMode } from '../../model/state';
import { groupLabel, groupOf, groupTags } from '../../model/tag_groups';
import { cardKey, tagOfKey } from '../cards/card_key';
import { StepCardsView } from '../cards/step_cards_view';
import { GroupRange } from './group_ranges';
import type { HistogramCard } from './histogram_card';
import './histogram_card';
import './histograms.css';
import { isAtStep } from './modes';
import './settings';

/** More tags over each other than have a line and a dash of their own are not told apart. */
const MAX_TAGS = 48;
/** Ends the name of a group where a card is of all its tags: no tag ends so. */
const OF_GROUP = '/\0';

/** What one card shows. */
interface Plan {
  mode: HistogramMode;
  /** A tag or, of several, the name of their group. */
  tag: string;
  /** undefined = all. */
  run: string | undefined;
  series: readonly number[];
  leftOut: number;
}

/**
 * Every series of histograms: a card for each tag and run; where runs are drawn over each other, for each tag; where tags
 * are, for each group and run. A tag may be drawn in a way of its own.
 */
export class HistogramsView extends StepCardsView {
  protected readonly kind = 'histograms';
  protected readonly cardName = 'histogram';
  protected readonly cardElement = 'tp-histogram-card';
  /** By group and what its cards have in common. */
  private readonly groupRanges = new Map<string, GroupRange>();
  /** Cards by group and key, in order. */
  private readonly plans = computed(() =>
    groupTags(this.context.shown.tags(this.kind)).map(({ name, tags }) => ({ name, plans: this.plansOf(name, tags) })),
  );
  private readonly byKey = computed(
    (): ReadonlyMap<string, Plan> => new Map(this.plans.value.flatMap(({ plans }) => [...plans])),
  );
  protected readonly groups = computed(() =>
    this.plans.value
      .map(({ name, plans }) => ({ name, cards: [...plans.keys()] }))
      .filter(({ cards }) => cards.length > 0),
  );

  private plansOf(group: string, tags: readonly string[]): Map<string, Plan> {
    const { state, shown, engine } = this.context;
    const single = new Map<string, Plan>();
    const together = new Map<string, Plan & { series: number[] }>();
    for (const tag of tags) {
      const mode = state.histogramModeOfTag.value.get(tag) ?? state.histogramMode.value;
      const all = shown.seriesOf(this.kind, tag);
      if (mode === 'runs') {
        if (all.length > 0) single.set(tag, { mode, tag, run: undefined, series: all, leftOut: 0 });
        continue;
      }
      for (const series of all) {
        const run = engine.catalogue.runName(series);
        if (mode !== 'tags') {
          single.set(cardKey(tag, run), { mode, tag, run, series: [series], leftOut: 0 });
          continue;
        }
        const key = cardKey(group + OF_GROUP, run);
        const plan = together.get(key) ?? { mode, tag: group, run, series: [], leftOut: 0 };
        if (plan.series.length < MAX_TAGS) plan.series.push(series);
        else plan.leftOut++;
        together.set(key, plan);
      }
    }
    return new Map<string, Plan>([...together, ...single]);
  }

  protected groupOf(key: string): string {
    return groupOf(tagOfKey(key));
  }

  /** What cards share that show the same: every step, or runs or tags at one. */
  private groupRangeOf(group: string, mode: HistogramMode): GroupRange {
    const kindOf = (one: HistogramMode): string => (isAtStep(one) ? one : 'steps');
    const key = `${group}\n${kindOf(mode)}`;
    let range = this.groupRanges.get(key);
    if (!range) {
      const cards = computed(() => {
        const plans = this.plans.value.find(({ name }) => name === group)?.plans.values() ?? [];
        return [...plans].filter((plan) => kindOf(plan.mode) === kindOf(mode)).map(({ series }) => series);
      });
      range = new GroupRange(this.context, cards);
      this.groupRanges.set(key, range);
    }
    return range;
  }

  protected keyOf(card: Element): string {
    return (card as HistogramCard).dataset.key ?? '';
  }

  protected card(key: string) {
    const plan = this.byKey.value.get(key);
    if (!plan) return html``;
    const { mode, tag, run, series, leftOut } = plan;
    const label = mode === 'tags' ? groupLabel(tag) : tagLabel(tag);
    return html`<tp-histogram-card
      class="card ${this.isLarge(key) ? 'large' : ''}"
      role="article"
      aria-label=${run === undefined ? label : `${label}, ${this.context.shown.runLabel(run)}`}
      data-key=${key}
      ?inert=${this.isCovered(key)}
      .large=${this.isLarge(key)}
      .pinned=${this.isPinned(key)}
      .context=${this.context}
      .mode=${mode}
      .tag=${tag}
      .series=${series}
      .leftOut=${leftOut}
      .groupRange=${this.groupRangeOf(this.groupOf(key), mode)}
      @mode-chosen=${(event: CustomEvent<string>) => void this.keepFocus(event.detail)}
    ></tp-histogram-card>`;
  }

  /** Where the cards of a tag became others, the first of them has the focus that the one before had. */
  private async keepFocus(tag: string): Promise<void> {
    await this.updateComplete;
    if (document.activeElement !== document.body) return;
    await [...this.querySelectorAll<HistogramCard>(this.cardElement)].find((one) => one.tag === tag)?.focusMain();
  }

  protected settings() {
    return html`<tp-histogram-settings .context=${this.context}></tp-histogram-settings>`;
  }
}

customElements.define('tp-histograms', HistogramsView);
