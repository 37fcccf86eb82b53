import type { OpenFile } from '../engine/protocol';
import { compareTags } from '../model/tag_order';
import { findNeighbours, type Neighbour } from './find_neighbours';
import { isLocal, sizeOf } from './read';
import type { SourceRef } from './source_ref';

/** What was dropped, picked or served, made ready to be read. */
export interface Opened {
  /** What was opened, in a person's words. */
  name: string;
  /** Runs in natural order, the files of each in the order of their names. */
  files: OpenFile[];
  /** Known files beside the event files. */
  beside: Neighbour[];
  /** How many other files there were, which were left alone. */
  ignored: number;
  /** Paths of files and folders that the browser would not open. */
  unreadable: readonly string[];
}

/** TensorBoard's own rule, less the empty marks that the profiler leaves. */
function isEventFile(name: string): boolean {
  return name.includes('tfevents') && !name.endsWith('.profile-empty');
}

/**
 * Chooses the event files and gives each its run: its directory below the one that all have in common because it was
 * opened, '.' for files directly in it. A file that was opened by itself is tried whatever its name is.
 *
 * @param roots names of the folders and files that were opened; the paths begin with them.
 */
export async function selectEventFiles(roots: readonly string[], refs: readonly SourceRef[]): Promise<Opened> {
  const [root] = roots;
  const single = roots.length === 1 && refs.length === 1 && refs[0]?.path === root;
  const chosen = single ? refs : refs.filter(({ path }) => isEventFile(nameOf(path)));
  // A folder opened alone is the log directory; several keep their names, as directories of one.
  const common = roots.length === 1 && !single ? `${root}/` : '';
  const below = ({ path }: SourceRef): string => (path.startsWith(common) ? path.slice(common.length) : path);
  const files = await Promise.all(
    chosen.map(async (source): Promise<OpenFile> => {
      const path = below(source);
      return { source: await withSize(source), run: directoryOf(path), name: nameOf(path) };
    }),
  );
  const isChosen = new Set(chosen);
  const others = refs.filter((source) => !isChosen.has(source));
  const found = await findNeighbours(new Map(others.map((source) => [below(source), source])));
  const beside = await Promise.all(found.map(measured));
  return {
    name: nameOfRoots(roots),
    files: files.sort(inReadingOrder),
    beside,
    ignored: others.length - beside.length,
    unreadable: [],
  };
}

/**
 * Gives a run whose name is taken another one, `run (2)`: what was opened at another time is never mixed in.
 *
 * @param taken names of the runs that are open.
 */
export function keepApart(files: readonly OpenFile[], taken: ReadonlySet<string>): OpenFile[] {
  const used = new Set([...taken, ...files.map(({ run }) => run)]);
  const names = new Map<string, string>();
  const nameFor = (run: string): string => {
    if (!taken.has(run)) return run;
    let name = names.get(run);
    for (let n = 2; name === undefined; n++) if (!used.has(`${run} (${n})`)) name = `${run} (${n})`;
    used.add(name);
    names.set(run, name);
    return name;
  };
  return files.map((file) => ({ ...file, run: nameFor(file.run) }));
}

function inReadingOrder(a: OpenFile, b: OpenFile): number {
  return compareTags(a.run, b.run) || (a.name < b.name ? -1 : a.name > b.name ? 1 : 0);
}

/** A file that cannot be read now is found out when it is its turn. */
async function withSize(source: SourceRef): Promise<SourceRef> {
  if (source.size !== undefined || !isLocal(source)) return source;
  const size = await sizeOf(source).catch(() => undefined);
  return size === undefined ? source : { ...source, size };
}

async function measured(file: Neighbour): Promise<Neighbour> {
  const source = file.source && (await withSize(file.source));
  return source?.size === undefined ? file : { ...file, source, size: source.size };
}

function nameOfRoots(roots: readonly string[]): string {
  return roots.length <= 3 ? roots.join(', ') : `${roots.slice(0, 2).join(', ')} and ${roots.length - 2} more`;
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

function directoryOf(path: string): string {
  const slash = path.lastIndexOf('/');
  return slash < 0 ? '.' : path.slice(0, slash);
}

let lastId = 0;

/** A new id for a source. */
export function nextSourceId(): number {
  return ++lastId;
}
