/**
 * What is shown now: the catalogue seen through what the person has set. One place computes it for the run panel and
 * every view, so that they never disagree.
 */
import { computed, signal, type ReadonlySignal } from '@preact/signals-core';
import type { Catalogue } from './catalogue';
import { assignSlots, styleOfSlot, type LineStyle, type Palette } from './colours';
import { compileFilter, type Filter } from './filter';
import { buildRunTree } from './run_tree';
import { isShown, onlyShown, withShown } from './selection';
import type { Selection, State } from './state';
import { compareTags } from './tag_order';
import { viewOfPlugin } from './views';

/** Values of one tag at one place, by run. */
export interface RunValues {
  tag: string;
  /** Where they are, e.g. "42.4k". */
  at: string;
  byRun: ReadonlyMap<string, number>;
}

/** Series by view and tag. A series never changes what it is, so the index only grows. */
class SeriesIndex {
  private indexed = 0;
  private readonly views = new Map<string, Map<string, number[]>>();
  readonly tags = new Set<string>();

  constructor(private readonly catalogue: Catalogue) {}

  /** Series by tag of one view. */
  of(view: string): ReadonlyMap<string, readonly number[]> {
    for (; this.indexed < this.catalogue.seriesCount; this.indexed++) {
      const name = viewOfPlugin(this.catalogue.plugin(this.indexed));
      const tag = this.catalogue.tag(this.indexed);
      let tags = this.views.get(name);
      if (!tags) this.views.set(name, (tags = new Map<string, number[]>()));
      const series = tags.get(tag);
      if (series) series.push(this.indexed);
      else tags.set(tag, [this.indexed]);
      this.tags.add(tag);
    }
    return this.views.get(view) ?? new Map<string, number[]>();
  }
}

/** While a pattern cannot be used, the last good one stays in place. */
function filterOf(text: ReadonlySignal<string>): ReadonlySignal<Filter> {
  let last: Filter | undefined;
  return computed(() => {
    const filter = compileFilter(text.value, last);
    if (filter.error === '') last = filter;
    return filter;
  });
}

/** @param palette the run colours of the theme, a signal to be read. */
export function createShown(catalogue: Catalogue, state: State, palette: () => Palette) {
  const index = new SeriesIndex(catalogue);
  const version = (): void => void catalogue.version.value;
  const runCount = computed(() => (version(), catalogue.runs.length));
  const runs = computed((): readonly string[] => catalogue.runs.slice(0, runCount.value).sort(compareTags));
  const rank = computed(() => new Map(runs.value.map((run, i) => [run, i])));

  const runFilter = filterOf(state.runFilter);
  const tagFilter = filterOf(state.tagFilter);
  const matching = computed(() => runs.value.filter((run) => runFilter.value.matches(run)));
  const visible = computed(
    (): ReadonlySet<string> => new Set(matching.value.filter((run) => isShown(state.selection.value, run))),
  );

  /** A run that has a colour never loses it when others arrive. */
  let slots: ReadonlyMap<string, number> = new Map();
  const styles = computed(() => {
    slots = assignSlots(runs.value, slots);
    const colours = palette();
    return new Map([...slots].map(([run, slot]) => [run, styleOfSlot(slot, colours)]));
  });

  const sortedTags = new Map<string, { count: number; tags: string[] }>();
  /** All tags of a view in TensorBoard's order; sorted again only when there are new ones. */
  const tagsOf = (view: string): readonly string[] => {
    const all = index.of(view);
    let sorted = sortedTags.get(view);
    if (sorted?.count !== all.size) {
      sorted = { count: all.size, tags: [...all.keys()].sort(compareTags) };
      sortedTags.set(view, sorted);
    }
    return sorted.tags;
  };
  const inOrder = (series: readonly number[]): number[] =>
    [...series].sort(
      (a, b) => (rank.value.get(catalogue.runName(a)) ?? 0) - (rank.value.get(catalogue.runName(b)) ?? 0),
    );

  /** What the selection was before "Only", to go back to. */
  const before = signal<Selection | undefined>(undefined);

  return {
    /** Names of all runs, in natural order. */
    runs,
    /** Those that the run filter lets through. */
    matching,
    /** Those that are drawn. */
    visible,
    runFilterError: computed(() => runFilter.value.error),
    tagFilterError: computed(() => tagFilter.value.error),
    tree: computed(() => buildRunTree(matching.value)),

    /** How the lines of a run look, in the theme of now. */
    lineStyle(run: string): LineStyle {
      return styles.value.get(run) as LineStyle;
    },
    /** Tags of a view that the tag filter lets through. */
    tags(view: string): readonly string[] {
      version();
      return tagsOf(view).filter((tag) => tagFilter.value.matches(tag));
    },
    tagCount(view: string): number {
      version();
      return index.of(view).size;
    },
    allSeriesOf(view: string, tag: string): readonly number[] {
      version();
      return inOrder(index.of(view).get(tag) ?? []);
    },
    /** The series of a tag whose runs are drawn, in the order of the runs. */
    seriesOf(view: string, tag: string): readonly number[] {
      return this.allSeriesOf(view, tag).filter((series) => visible.value.has(catalogue.runName(series)));
    },

    show(names: readonly string[], shown: boolean): void {
      before.value = undefined;
      state.selection.value = withShown(state.selection.value, names, shown);
    },
    /** Whether these runs are all that is drawn. */
    isOnly(names: readonly string[]): boolean {
      return (
        before.value !== undefined &&
        names.length === visible.value.size &&
        names.every((run) => visible.value.has(run))
      );
    },
    /** Shows these runs and nothing else; again: back to what it was. */
    only(names: readonly string[]): void {
      if (this.isOnly(names) && before.value) {
        state.selection.value = before.value;
        before.value = undefined;
      } else {
        before.value ??= state.selection.value;
        state.selection.value = onlyShown(names);
      }
    },

    /** The value column of the run panel: at the crosshair, else the last value of the first scalar tag. */
    valueColumn(hovered: RunValues | undefined): {
      title: string;
      tag: string;
      of: (run: string) => number | undefined;
    } {
      if (hovered) {
        const { tag, at, byRun } = hovered;
        return { title: `${tag} @ ${at}`, tag, of: (run) => byRun.get(run) };
      }
      const tag = this.tags('scalars')[0];
      if (tag === undefined) return { title: '', tag: '', of: () => undefined };
      const last = new Map(
        (index.of('scalars').get(tag) ?? []).map((series) => [
          catalogue.runName(series),
          catalogue.number(series, 'lastValue'),
        ]),
      );
      return { title: `${tag}, last`, tag, of: (run) => last.get(run) };
    },
    totals: computed(() => {
      version();
      index.of('scalars');
      let pointCount = 0;
      for (let series = 0; series < catalogue.seriesCount; series++) pointCount += catalogue.number(series, 'count');
      return { runs: runCount.value, tagCount: index.tags.size, pointCount };
    }),
  };
}

export type Shown = ReturnType<typeof createShown>;
