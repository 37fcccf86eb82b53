/**
 * What is shown now: the catalogue seen through what the person has set. One place computes it for the run panel and
 * every view, so that they never disagree.
 */
import { computed, signal, type ReadonlySignal } from '@preact/signals-core';
import type { EmbeddingFile } from '../engine/embeddings/embeddings';
import type { FileReport } from '../engine/protocol';
import type { Catalogue } from './catalogue';
import { assignSlots, styleOfSlot, type LineStyle, type Palette } from './colours';
import { compileFilter, type Filter } from './filter';
import { isTimed, type RunOrigin } from './fold';
import { readTo, tagLabel } from './format';
import type { HParams } from './hparams_file';
import { restartsOf } from './restarts';
import { buildRunTree } from './run_tree';
import { ALL_SHOWN, isShown, onlyShown, withShown } from './selection';
import type { Selection, State } from './state';
import { Sieve } from './sieve';
import { growingSort, SortedTags } from './sorted_tags';
import type { Neighbour } from '../sources/find_neighbours';
import { infoOf } from '../sources/neighbours.mjs';
import { createSubRuns } from './sub_runs';
import { compareTags } from './tag_order';
import { OTHER_VIEW, viewOfPlugin } from './views';

/** What of the engine is seen here. */
export interface Log {
  readonly catalogue: Catalogue;
  readonly report: ReadonlySignal<readonly FileReport[]>;
  readonly rootNames: ReadonlySignal<ReadonlyMap<string, string>>;
  readonly origins: ReadonlySignal<ReadonlyMap<string, RunOrigin>>;
  readonly hparams: ReadonlySignal<ReadonlyMap<string, HParams>>;
  readonly beside: ReadonlySignal<readonly Neighbour[]>;
}

/** Why no run is drawn: none matches the filter, or none that does is ticked. */
export type Hidden = 'filter' | 'selection';

/** Values of one tag at one place, by run. */
export interface RunValues {
  tag: string;
  /** Where they are, e.g. "42.4k". */
  at: string;
  byRun: ReadonlyMap<string, number>;
}

const NO_TAGS: readonly string[] = [];
const NO_SERIES: readonly number[] = [];
/** In place of that of a run whose series are not drawn. */
const NO_PLACE = -1;

/** Series by view and tag. A series never changes what it is, so the index only grows. */
class SeriesIndex {
  private indexed = 0;
  private readonly views = new Map<string, Map<string, number[]>>();
  private readonly sorted = new Map<string, { tags: SortedTags; fresh: string[] }>();
  readonly tags = new Set<string>();
  private matrices: readonly number[] = [];
  private readonly runs = new Map<number, number[]>();
  private readonly counts = new Map<string, number>();

  constructor(private readonly catalogue: Catalogue) {}

  /** Tags of one view in TensorBoard's order; the same array while they are the same. */
  tagsOf(view: string): readonly string[] {
    this.grow();
    const sorted = this.sorted.get(view);
    if (!sorted) return NO_TAGS;
    sorted.tags.add(sorted.fresh.splice(0));
    return sorted.tags.tags;
  }

  /** Series by tag of one view. */
  of(view: string): ReadonlyMap<string, readonly number[]> {
    this.grow();
    return this.views.get(view) ?? new Map<string, number[]>();
  }

  /** How many series a view has. */
  countOf(view: string): number {
    this.grow();
    return this.counts.get(view) ?? 0;
  }

  /** Series of tensors with rows and columns that no other view shows; the same array while they are the same. */
  ofMatrices(): readonly number[] {
    this.grow();
    return this.matrices;
  }

  /** Whether the run of this id has series. */
  hasRun(id: number): boolean {
    this.grow();
    return this.runs.has(id);
  }

  /** Series of the run of this id. */
  ofRun(id: number): readonly number[] {
    this.grow();
    return this.runs.get(id) ?? NO_SERIES;
  }

  private grow(): void {
    const matrices: number[] = [];
    for (; this.indexed < this.catalogue.seriesCount; this.indexed++) {
      const name = viewOfPlugin(this.catalogue.plugin(this.indexed));
      const tag = this.catalogue.tag(this.indexed);
      let tags = this.views.get(name);
      if (!tags) this.views.set(name, (tags = new Map<string, number[]>()));
      const series = tags.get(tag);
      if (series) {
        series.push(this.indexed);
      } else {
        tags.set(tag, [this.indexed]);
        this.sortedOf(name).fresh.push(tag);
      }
      this.tags.add(tag);
      if (name === OTHER_VIEW && this.catalogue.number(this.indexed, 'isMatrix') === 1) matrices.push(this.indexed);
      this.counts.set(name, (this.counts.get(name) ?? 0) + 1);
      const run = this.catalogue.run(this.indexed);
      const ofRun = this.runs.get(run);
      if (ofRun) ofRun.push(this.indexed);
      else this.runs.set(run, [this.indexed]);
    }
    if (matrices.length > 0) this.matrices = [...this.matrices, ...matrices];
  }

  private sortedOf(view: string): { tags: SortedTags; fresh: string[] } {
    let sorted = this.sorted.get(view);
    if (!sorted) this.sorted.set(view, (sorted = { tags: new SortedTags(), fresh: [] }));
    return sorted;
  }
}

/** One signal for each view, made when it is first asked for. */
function byView<T>(make: (view: string) => ReadonlySignal<T>): (view: string) => ReadonlySignal<T> {
  const made = new Map<string, ReadonlySignal<T>>();
  return (view) => {
    let one = made.get(view);
    if (!one) made.set(view, (one = make(view)));
    return one;
  };
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

/** Those of files that the projector may read. */
export function embeddingFilesOf(beside: readonly Neighbour[]): EmbeddingFile[] {
  return beside.flatMap(({ path, kind, source, alone = false, labelsOf }) =>
    infoOf(kind).view === 'Projector' && source ? [{ path, source, alone, ...(labelsOf ? { labelsOf } : {}) }] : [],
  );
}

/** @param palette the run colours of the theme, a signal to be read. */
export function createShown(log: Log, state: State, palette: () => Palette) {
  const { catalogue } = log;
  const index = new SeriesIndex(catalogue);
  const version = (): void => void catalogue.version.value;
  const foreign = computed(
    () => new Set(log.report.value.filter(({ error }) => error?.code === 'not_an_event_file').map(({ run }) => run)),
  );
  let found: readonly string[] = [];
  /** In order of arrival; the same array while they are the same. A file of another kind makes no run. */
  const foundRuns = computed(() => {
    version();
    const now = catalogue.runs.filter((run, id) => index.hasRun(id) || !foreign.value.has(run));
    if (now.length !== found.length || now.some((run, i) => run !== found[i])) found = now;
    return found;
  });
  const subRuns = createSubRuns(
    { catalogue, origins: log.origins, names: foundRuns, seriesOf: (id) => index.ofRun(id) },
    state.fold,
  );
  const inOrder = growingSort();
  const sortedRuns = computed(() => inOrder(foundRuns.value));
  const runs = computed((): readonly string[] => sortedRuns.value.filter((run) => !subRuns.folded.value.has(run)));
  const ownerOfSeries = (series: number): string => subRuns.ownerOf(catalogue.runName(series));

  const runFilter = filterOf(state.runFilter);
  const tagFilter = filterOf(state.tagFilter);
  const runSieve = new Sieve();
  const matching = computed(() => runSieve.passing(runs.value, runFilter.value));
  const visible = computed(
    (): ReadonlySet<string> => new Set(matching.value.filter((run) => isShown(state.selection.value, run))),
  );

  /** By run id: the place of a run among those that are drawn, with their sub-runs. */
  const places = computed(() => {
    const rank = new Map(sortedRuns.value.map((run, i) => [run, i]));
    return Int32Array.from(catalogue.runs, (run) =>
      visible.value.has(subRuns.ownerOf(run)) ? (rank.get(run) ?? NO_PLACE) : NO_PLACE,
    );
  });
  const placeOf = (series: number): number => places.value[catalogue.run(series)] ?? NO_PLACE;

  /** How far the files were read that reading was cancelled in, by run. */
  const cancelled = computed(() => {
    const amounts = new Map<string, { bytes: number; size: number }>();
    for (const { run, error } of log.report.value) {
      if (error?.code !== 'cancelled') continue;
      const owner = subRuns.ownerOf(run);
      const { bytes, size } = amounts.get(owner) ?? { bytes: 0, size: 0 };
      const read = error.offset ?? 0;
      amounts.set(owner, { bytes: bytes + read, size: size + (error.size ?? read) });
    }
    return amounts;
  });

  /**
   * A run that has a colour never loses it when others arrive. All runs of an opening get theirs at once, before it is
   * known which of them are sub-runs, so that the same logs have the same colours each time. Only time-stamped ones
   * wait: folded, they look like their run.
   */
  let slots: ReadonlyMap<string, number> = new Map();
  /** How often runs came that had none. */
  let arrivals = 0;
  const inColourOrder = (): string[] => {
    const sorted = [...new Set([...log.origins.value.keys(), ...foundRuns.value])].sort(compareTags);
    const timed = new Set(sorted.filter((run) => isTimed(log.origins.value.get(run)?.path ?? run)));
    return [...sorted.filter((run) => !timed.has(run)), ...timed];
  };
  const assigned = computed(() => {
    const all = [...log.origins.value.keys(), ...foundRuns.value];
    if (all.every((run) => slots.has(run))) return slots;
    arrivals++;
    slots = assignSlots(inColourOrder(), slots);
    return slots;
  });
  const slotOf = (run: string): number => state.colours.value.get(run) ?? (assigned.value.get(run) as number);
  const styles = computed(() => {
    const colours = palette();
    return new Map([...assigned.value.keys()].map((run) => [run, styleOfSlot(slotOf(run), colours)]));
  });
  const coloursToTell = computed((): ReadonlyMap<string, number> => {
    const [chosen, seen] = [state.colours.value, assigned.value];
    // All came at once, as they will again.
    if (arrivals <= 1) return chosen;
    const fresh = assignSlots(inColourOrder(), new Map());
    const others = [...seen].filter(([run, slot]) => fresh.get(run) !== slot);
    return others.length === 0 ? chosen : new Map([...others, ...chosen]);
  });

  /** Computed only when there are new tags, or another filter. */
  const passingTags = byView((view) => {
    const sieve = new Sieve();
    const all = computed(() => (version(), index.tagsOf(view)));
    return computed(() => sieve.passing(all.value, tagFilter.value));
  });
  /** Changes when a view has new series, not when those that it has grow. */
  const seriesCounts = byView((view) => computed(() => (version(), index.countOf(view))));

  /** How many scalar series of a tag each run has, those of its sub-runs among them. */
  const lineCounts = {
    byTag: computed(() => (version(), subRuns.folded.value, new Map<string, Map<string, number>>())),
    of(tag: string): ReadonlyMap<string, number> {
      const known = this.byTag.value.get(tag);
      if (known) return known;
      const counts = new Map<string, number>();
      for (const series of index.of('scalars').get(tag) ?? []) {
        const owner = ownerOfSeries(series);
        counts.set(owner, (counts.get(owner) ?? 0) + 1);
      }
      this.byTag.value.set(tag, counts);
      return counts;
    },
  };

  const embeddings = computed(() =>
    log.beside.value
      .filter(({ kind, isPart }) => infoOf(kind).view === 'Projector' && infoOf(kind).isRead && !isPart)
      .sort((a, b) => compareTags(a.path, b.path)),
  );

  const embeddingFiles = computed(() => embeddingFilesOf(log.beside.value));
  const matrices = computed(() => (version(), index.ofMatrices()));
  /** What was looked at for embeddings, and how many there are in it. */
  const looked = signal<{ files: readonly EmbeddingFile[]; matrices: readonly number[]; count: number } | undefined>(
    undefined,
  );
  const embeddingCount = computed(() => {
    const { value } = looked;
    const [files, series] = [embeddingFiles.value, matrices.value];
    if (value?.files === files && value.matrices === series) return value.count;
    // What files hold nobody knows yet; of a log each matrix is one.
    return files.length > 0 ? undefined : series.length;
  });

  const graphFiles = computed(() =>
    log.beside.value
      .filter(({ kind, isPart, source }) => kind === 'graph' && !isPart && source)
      .sort((a, b) => compareTags(a.path, b.path)),
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
    /** Sub-runs that writers made, folded or not. */
    subRuns,
    /** Why nothing is drawn although there are runs. */
    hidden: computed((): Hidden | undefined => {
      if (visible.value.size > 0 || runs.value.length === 0) return undefined;
      return matching.value.length === 0 ? 'filter' : 'selection';
    }),

    /** What a run is called. */
    runLabel(run: string): string {
      return log.rootNames.value.get(run) ?? run;
    },
    /** What is said of a run that reading was cancelled in; '' = it is whole. */
    cancelledText(run: string): string {
      const amount = cancelled.value.get(run);
      if (!amount) return '';
      // Other files of the run may be whole.
      return amount.bytes === 0 && this.hasSeries(run) ? 'read in part' : readTo(amount.bytes, amount.size);
    },

    /** The runs in which steps go back, by name; those of their sub-runs among them. */
    restarts: computed(() => {
      version();
      return restartsOf(catalogue, (run) => subRuns.ownerOf(run));
    }),

    /** How the lines of a run look, in the theme of now. */
    lineStyle(run: string): LineStyle {
      return styles.value.get(run) as LineStyle;
    },
    /** How the lines of a colour look, in the theme of now. */
    styleOfSlot: (slot: number): LineStyle => styleOfSlot(slot, palette()),
    /** The colour of a run, as a place in the order of colours. */
    slot: slotOf,
    /** Gives a run a colour; undefined = the one that it has by itself. */
    setSlot(run: string, slot: number | undefined): void {
      const colours = new Map(state.colours.value);
      if (slot === undefined || slot === assigned.value.get(run)) colours.delete(run);
      else colours.set(run, slot);
      state.colours.value = colours;
    },
    /** The colours that a link has to name: those chosen, and those that another load of these runs would not give. */
    coloursToTell,
    /** What the line of a scalar series is called and how it looks: as its run, or as the part of it that it is. */
    line(series: number): { run: string; label: string; style: LineStyle } {
      const name = catalogue.runName(series);
      const folded = subRuns.folded.value.get(name);
      const run = folded?.parent ?? name;
      const isAlone = folded?.kind === 'session' && lineCounts.of(catalogue.tag(series)).get(run) === 1;
      if (!folded || isAlone) return { run, label: this.runLabel(run), style: this.lineStyle(run) };
      return { run, label: `${this.runLabel(run)}/${folded.label}`, style: this.lineStyle(name) };
    },
    /** Tags of a view that the tag filter lets through; the same array while they are the same. */
    tags(view: string): readonly string[] {
      return passingTags(view).value;
    },
    /** Whether there is something for a view. */
    has(view: string): boolean {
      if (view === 'projector') return embeddings.value.length + matrices.value.length > 0;
      return this.tagCount(view) !== 0;
    },
    /** How much a view has: tags, and what files beside the logs give; undefined = nobody has looked yet. */
    tagCount(view: string): number | undefined {
      version();
      if (view === 'projector') return embeddingCount.value;
      const beside: Record<string, number> = { hparams: log.hparams.value.size, graphs: graphFiles.value.length };
      return index.of(view).size + (beside[view] ?? 0);
    },
    /** Files beside the logs for the projector, in natural order. */
    embeddings,
    /** Files that may hold embeddings or belong to one. */
    embeddingFiles,
    /** Series of tensors with rows and columns, which may be embeddings. */
    matrices,
    /** Tells how many embeddings were found in these of {@link embeddingFiles} and {@link matrices}. */
    noteEmbeddings(files: readonly EmbeddingFile[], matrices: readonly number[], count: number): void {
      looked.value = { files, matrices, count };
    },
    /** Graphs in files of their own, in natural order. */
    graphFiles,
    /** Hyperparameters that files beside the logs give to the runs that are drawn, by run in order. */
    hparams: computed((): readonly [run: string, HParams][] =>
      runs.value.flatMap((run): [string, HParams][] => {
        const hparams = visible.value.has(run) ? log.hparams.value.get(run) : undefined;
        return hparams ? [[run, hparams]] : [];
      }),
    ),
    /** The series of a tag, whether their runs are drawn or not, in no order. */
    allSeriesOf(view: string, tag: string): readonly number[] {
      void seriesCounts(view).value;
      return index.of(view).get(tag) ?? NO_SERIES;
    },
    /** As {@link seriesOf}, in no order: for sums over many tags. */
    unorderedSeriesOf(view: string, tag: string): readonly number[] {
      return this.allSeriesOf(view, tag).filter((series) => placeOf(series) !== NO_PLACE);
    },
    /** The series of a tag whose runs are drawn, in the order of the runs. Not told when they have new points. */
    seriesOf(view: string, tag: string): readonly number[] {
      return [...this.unorderedSeriesOf(view, tag)].sort((a, b) => placeOf(a) - placeOf(b));
    },
    hasSeries(run: string): boolean {
      version();
      index.of('');
      return index.hasRun(catalogue.runs.indexOf(run));
    },

    show(names: readonly string[], shown: boolean): void {
      before.value = undefined;
      const next = withShown(state.selection.value, names, shown);
      state.selection.value = runs.value.every((run) => isShown(next, run)) ? ALL_SHOWN : next;
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
      tag: string;
      /** Where the values are, with what joins it to the tag. */
      at: string;
      of: (run: string) => number | undefined;
    } {
      if (hovered) {
        const { tag, at, byRun } = hovered;
        return { tag: tagLabel(tag), at: ` @ ${at}`, of: (run) => byRun.get(run) };
      }
      const tag = this.tags('scalars')[0];
      if (tag === undefined) return { tag: '', at: '', of: () => undefined };
      const last = subRuns.byOwner(
        (index.of('scalars').get(tag) ?? []).map(
          (series) => [catalogue.runName(series), catalogue.number(series, 'lastValue')] as const,
        ),
      );
      return { tag: tagLabel(tag), at: ', last', of: (run) => last.get(run) };
    },
    totals: computed(() => {
      version();
      index.of('scalars');
      let pointCount = 0;
      for (let series = 0; series < catalogue.seriesCount; series++) pointCount += catalogue.number(series, 'count');
      return { runs: runs.value.length, tagCount: index.tags.size, pointCount };
    }),
  };
}

export type Shown = ReturnType<typeof createShown>;
