import type { Catalogue } from './catalogue';

/** What became of a run in all its tags. */
export interface RunRestarts {
  /** How often at most the steps of one tag go back. */
  restarts: number;
  /** The lowest step that a tag went back to first. */
  step: number;
  /** Points that are superseded when the latest wins. */
  superseded: number;
  /** Points that the reading leaves out. */
  dropped: number;
}

/**
 * The runs that were restarted, or of which the reading leaves points out, by name.
 * @param ownerOf the run that a run is a part of
 */
export function restartsOf(catalogue: Catalogue, ownerOf = (run: string): string => run): Map<string, RunRestarts> {
  const runs = new Map<string, RunRestarts>();
  for (let series = 0; series < catalogue.seriesCount; series++) {
    const restarts = catalogue.number(series, 'restarts');
    const dropped = catalogue.number(series, 'dropped');
    if (restarts === 0 && dropped === 0) continue;
    const step = restarts > 0 ? catalogue.number(series, 'restartStep') : Infinity;
    const superseded = catalogue.number(series, 'superseded');
    const run = ownerOf(catalogue.runName(series));
    const known = runs.get(run) ?? { restarts: 0, step: Infinity, superseded: 0, dropped: 0 };
    runs.set(run, {
      restarts: Math.max(known.restarts, restarts),
      step: Math.min(known.step, step),
      superseded: known.superseded + superseded,
      dropped: known.dropped + dropped,
    });
  }
  return runs;
}
