/**
 * Sub-runs that a writer made although a person logged only one run: which of them belong to which run. Facts from the
 * sources of torch.utils.tensorboard (writer.py) and tensorboardX (writer.py):
 *
 * - `add_scalars(main_tag, {key: value})` opens a writer of its own for each key, in `<main_tag with / as _>_<key>`
 *   (torch) or `<main_tag>/<key>` (tensorboardX) below the run, and writes there the one tag `main_tag`.
 * - `add_hparams` opens one in `<time.time()>` below the run, for a session and one value of each metric.
 */

/** How a run came to be: what tells of which writer it is. */
export interface RunOrigin {
  /** Number of the opening that it was found in. */
  opening: number;
  /** Its directory below what was opened, '.' for that itself. The run has another name if this one was taken. */
  path: string;
  /** Names of its event files. */
  files: readonly string[];
}

/** What is in a run, as far as it matters here. */
export interface RunFacts extends RunOrigin {
  run: string;
  /** Its tag, if it has but one series, and this one is scalar. */
  onlyScalar: string | undefined;
  /** It has a session of hyperparameters, and otherwise at most single values. */
  isSession: boolean;
}

/** The place of a run in another one. */
export interface Folded {
  /** Name of that run. */
  parent: string;
  /** What tells it from others there: the key of `add_scalars`, or the time of `add_hparams`. */
  label: string;
  kind: 'scalars' | 'session';
}

/** Whether a directory is named as `add_hparams` names it: str(time.time()), since 2001. */
export function isTimed(path: string): boolean {
  return /(?:^|\/)\d{9,11}(?:\.\d+)?$/.test(path);
}

/** Finds the sub-runs among all runs, by name. A run that others are below is none. */
export function foldRuns(runs: readonly RunFacts[]): Map<string, Folded> {
  const byPath = new Map(runs.map((facts) => [keyOf(facts.opening, facts.path), facts]));
  const folders = new Set<string>();
  for (const { opening, path } of runs) {
    for (const above of pathsAbove(path)) {
      const key = keyOf(opening, above);
      // What is above it is known then, too.
      if (folders.has(key)) break;
      folders.add(key);
    }
  }
  const folded = new Map<string, Folded>();
  for (const facts of runs) {
    if (facts.onlyScalar === undefined && !facts.isSession) continue;
    if (folders.has(keyOf(facts.opening, facts.path))) continue;
    const found = placeOf(facts, (path) => byPath.get(keyOf(facts.opening, path)));
    if (found) folded.set(facts.run, found);
  }
  return folded;
}

/** @param at the run of that path. */
function placeOf(facts: RunFacts, at: (path: string) => RunFacts | undefined): Folded | undefined {
  for (const above of pathsAbove(facts.path)) {
    const parent = at(above);
    if (!parent) continue;
    const below = above === '.' ? facts.path : facts.path.slice(above.length + 1);
    const session = isTimed(below) && !below.includes('/') ? below : '';
    const label = facts.isSession ? session : keyBelow(below, facts.onlyScalar ?? '');
    if (label === '' || !mayBeOfOneWriter(parent, facts)) continue;
    return { parent: parent.run, label, kind: facts.isSession ? 'session' : 'scalars' };
  }
  return undefined;
}

/** The directories that a path is in, the nearest first, down to the one that was opened. */
function pathsAbove(path: string): string[] {
  if (path === '.') return [];
  const above: string[] = [];
  for (let slash = path.lastIndexOf('/'); slash > 0; slash = path.lastIndexOf('/', slash - 1)) {
    above.push(path.slice(0, slash));
  }
  return [...above, '.'];
}

/** The key of `add_scalars(tag, …)` whose writer is in this directory below the run; '' = it is none of that tag. */
function keyBelow(path: string, tag: string): string {
  for (const [start, joint] of [
    [tag.replaceAll('/', '_'), '_'],
    [tag, '/'],
  ] as const) {
    // prettier-ignore
    const label = path.slice(start.length + 1);
    // The directory has the tag as it was given, the file may have it cleaned.
    if (tag === '' || label === '' || path[start.length] !== joint) continue;
    const given = path.slice(0, start.length);
    if (given === start || cleaned(given) === cleaned(start)) return label;
  }
  return '';
}

/** As `_clean_tag` of tensorboardX, and of torch before 2.0. */
function cleaned(tag: string): string {
  return tag.replace(/[^-/\p{L}\p{N}_.]/gu, '_');
}

/** False if the names of the files say that another process or machine wrote them. */
function mayBeOfOneWriter({ files }: RunOrigin, { files: others }: RunOrigin): boolean {
  const writers = new Set(files.map(writerOf));
  const unknown = files.length === 0 || others.length === 0 || writers.has(undefined);
  return unknown || others.map(writerOf).some((writer) => writer === undefined || writers.has(writer));
}

/** Host and process in `events.out.tfevents.<time>.<host>.<process>.<number>`; tensorboardX names only the host. */
function writerOf(file: string): string | undefined {
  const rest = /tfevents\.\d+\.(.+)$/.exec(file)?.[1];
  return rest && (/^(.+)\.\d+(?:\D.*)?$/.exec(rest)?.[1] ?? rest);
}

function keyOf(opening: number, path: string): string {
  return `${opening} ${path}`;
}
