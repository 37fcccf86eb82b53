import type { OpenFile } from '../engine/protocol';
import { compareTags } from '../model/tag_order';
import { findNeighbours, type Neighbour } from './find_neighbours';
import { isArchive, isCompressed, isEventFile, withoutExtension } from './log_names.mjs';
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

/** Whether a file in an archive is an event file: the Finder packs a twin `._x` with each x. */
export function isPackedEventFile(path: string): boolean {
  return isEventFile(path) && !nameOf(path).startsWith('._');
}

/**
 * Chooses the event files and gives each its run: its directory below the one that all have in common because it was
 * opened, '.' for files directly in it. An archive is such a directory of its name less the extension, or, opened by
 * itself, the log directory. A file that was opened by itself is tried whatever its name is.
 *
 * @param roots names of the folders and files that were opened; the paths begin with them.
 */
export async function selectEventFiles(roots: readonly string[], refs: readonly SourceRef[]): Promise<Opened> {
  const [root] = roots;
  const single = roots.length === 1 && refs.length === 1 && refs[0]?.path === root;
  const chosen = single ? refs : refs.filter(({ path }) => isEventFile(path) || isArchive(path));
  // A folder opened alone is the log directory; several keep their names, as directories of one.
  const common = roots.length === 1 && !single ? `${root}/` : '';
  const below = ({ path }: SourceRef): string => (path.startsWith(common) ? path.slice(common.length) : path);
  const files = await Promise.all(
    chosen.map(async (source): Promise<OpenFile> => {
      const path = below(source);
      return { source: await withSize(source), run: single ? '.' : runOf(path), name: nameOf(path) };
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
export function keepApart<T extends { run: string }>(files: readonly T[], taken: ReadonlySet<string>): T[] {
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

/**
 * Gives the files in an archive their runs, in reading order. A single folder that holds them all is the log directory
 * if the archive is, or if it has the archive's name.
 *
 * @param archive the run that it is, and its name
 */
export function placePacked<T extends { path: string }>(
  archive: { run: string; name: string },
  files: readonly T[],
): (T & { run: string; name: string })[] {
  const tops = new Set(files.map(({ path }) => path.slice(0, path.indexOf('/') + 1)));
  const [top = ''] = tops;
  // The log directory may have been kept apart from another one.
  const isRoot = /^\.( \(\d+\))?$/.test(archive.run);
  const common = tops.size === 1 && (isRoot || top === `${withoutExtension(archive.name)}/`) ? top : '';
  return files
    .map((file) => {
      const path = file.path.slice(common.length);
      const directory = directoryOf(path);
      const below = isRoot ? directory : `${archive.run}/${directory}`;
      return { ...file, run: directory === '.' ? archive.run : below, name: nameOf(path) };
    })
    .sort(inReadingOrder);
}

type Placed = { run: string; name: string };

function inReadingOrder(a: Placed, b: Placed): number {
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

/** An event file that is compressed belongs to its directory, as it would if it were not. */
function runOf(path: string): string {
  const isDirectory = isArchive(path) || (isCompressed(path) && !isEventFile(path));
  return isDirectory ? withoutExtension(path) : directoryOf(path);
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
