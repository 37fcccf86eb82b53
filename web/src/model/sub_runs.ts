/** Sub-runs as they are shown: folded into their runs, or as they were written. */
import { computed, type ReadonlySignal } from '@preact/signals-core';
import type { Catalogue } from './catalogue';
import { foldRuns, isTimed, type Folded, type RunFacts, type RunOrigin } from './fold';
import { viewOfPlugin } from './views';

/** What is known of runs; all of it grows while files are read. */
interface Runs {
  readonly catalogue: Catalogue;
  readonly origins: ReadonlySignal<ReadonlyMap<string, RunOrigin>>;
  /** Names of all of them. */
  readonly names: ReadonlySignal<readonly string[]>;
  /** Series of the run of an id. */
  readonly seriesOf: (id: number) => readonly number[];
}

const NO_FILES: readonly string[] = [];
const NONE: ReadonlyMap<string, Folded> = new Map();
/** plugins/hparams/metadata.py */
const SESSION_TAG = '_hparams_/session_start_info';

export function createSubRuns({ catalogue, origins, names, seriesOf }: Runs, fold: ReadonlySignal<boolean>) {
  const ids = new Map<string, number>();
  /** Facts that stay as they are until the run gets another series or file, by run id. */
  const kept: { facts: RunFacts; origin: RunOrigin | undefined; seriesCount: number }[] = [];
  const factsOf = (run: string): RunFacts => {
    const id = ids.get(run) as number;
    const [series, origin, before] = [seriesOf(id), origins.value.get(run), kept[id]];
    if (before?.seriesCount === series.length && before.origin === origin) return before.facts;
    const facts = newFacts(run, series, origin);
    // Whether it is a session is also a matter of how many points it has.
    if (!isTimed(facts.path)) kept[id] = { facts, origin, seriesCount: series.length };
    return facts;
  };
  const newFacts = (
    run: string,
    series: readonly number[],
    origin: RunOrigin = { opening: 0, path: run, files: NO_FILES },
  ): RunFacts => {
    const [first] = series;
    const viewOf = (one: number): string => viewOfPlugin(catalogue.plugin(one));
    const isOne = first !== undefined && series.length === 1 && viewOf(first) === 'scalars';
    return {
      run,
      ...origin,
      onlyScalar: isOne ? catalogue.tag(first) : undefined,
      // Asked for every run whenever the catalogue grows: only few are looked into.
      isSession:
        isTimed(origin.path) &&
        series.some((one) => catalogue.tag(one) === SESSION_TAG) &&
        series.every((one) => viewOf(one) === 'hparams' || catalogue.number(one, 'count') <= 1),
    };
  };

  let facts: readonly RunFacts[] = [];
  let known = NONE;
  /** Every sub-run by its name; the same map while they are the same. */
  const found = computed(() => {
    void catalogue.version.value;
    for (let id = ids.size; id < catalogue.runs.length; id++) ids.set(catalogue.runs[id] as string, id);
    const before = facts;
    facts = names.value.map(factsOf);
    if (facts.length === before.length && facts.every((one, i) => isSameRun(one, before[i]))) return known;
    const now = foldRuns(facts);
    if (now.size !== known.size || [...now].some(([run, folded]) => !isSame(folded, known.get(run)))) known = now;
    return known;
  });
  /** Those that are folded. */
  const folded = computed(() => (fold.value ? found.value : NONE));
  const counts = computed(() => {
    const byParent = new Map<string, number>();
    for (const { parent } of folded.value.values()) byParent.set(parent, (byParent.get(parent) ?? 0) + 1);
    return byParent;
  });

  const ownerOf = (run: string): string => folded.value.get(run)?.parent ?? run;

  return {
    found,
    folded,
    /** How many are folded into a run. */
    count: (run: string): number => counts.value.get(run) ?? 0,
    /** The run that this one is a part of: mostly itself. */
    ownerOf,
    /** Values by owner, of those that have but one. */
    byOwner(values: Iterable<readonly [run: string, value: number]>): Map<string, number> {
      const byOwner = new Map<string, number>();
      const several = new Set<string>();
      for (const [run, value] of values) {
        const owner = ownerOf(run);
        if (byOwner.has(owner)) several.add(owner);
        byOwner.set(owner, value);
      }
      for (const owner of several) byOwner.delete(owner);
      return byOwner;
    },
  };
}

function isSameRun(a: RunFacts, b: RunFacts | undefined): boolean {
  return (
    a === b || (a.run === b?.run && a.onlyScalar === b.onlyScalar && a.isSession === b.isSession && a.files === b.files)
  );
}

function isSame(a: Folded, b: Folded | undefined): boolean {
  return a.parent === b?.parent && a.label === b.label && a.kind === b.kind;
}
