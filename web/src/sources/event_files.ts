import { compareTags } from '../model/tag_order';
import { findNeighbours, graphTexts, mayBeEmbeddings, type Neighbour } from './find_neighbours';
import { isArchive, isCompressed, isEventFile, isLog, withoutExtension } from './log_names.mjs';
import { infoOf, neighbourOf, type NeighbourKind } from './neighbours.mjs';
import { isLocal, sizeOf } from './read';
import type { RunNames } from './run_names';
import type { SourceRef } from './source_ref';

/** One event file to read. `run` is its directory below the log directory, '/' between names, '.' for the root. */
export interface OpenFile {
  source: SourceRef;
  run: string;
  name: string;
}

/** What was dropped, picked or served, made ready to be read. */
export interface Opened {
  /** What was opened, in a person's words. */
  name: string;
  /** Runs in natural order, the files of each in the order of their names. */
  files: OpenFile[];
  /** Known files beside the event files. */
  beside: Neighbour[];
  /** Where there are no event files: what may be embeddings, by their names. If there are, they are what was opened. */
  embeddings?: Neighbour[];
  /** How many other files there were, which were left alone. */
  ignored: number;
  /** Paths of files and folders that the browser would not open. */
  unreadable: readonly string[];
}

/** Whether a file in an archive is what the Finder packs beside each file `x`: `._x`, which holds nothing of it. */
export function isTwin(path: string): boolean {
  return nameOf(path).startsWith('._');
}

/**
 * Chooses the event files and gives each its run: its directory below the one that all have in common because it was
 * opened, '.' for files directly in it. An archive is such a directory of its name less the extension, or, opened by
 * itself, the log directory. A file that was opened by itself is tried whatever its name is, unless that or, of a text, its
 * beginning says what else it is; any JSON and text of protobuf is then taken for a graph. Of several files without any
 * log, those are graphs that begin as one.
 *
 * @param roots names of the folders and files that were opened; the paths begin with them.
 */
export async function selectEventFiles(roots: readonly string[], refs: readonly SourceRef[]): Promise<Opened> {
  const [root] = roots;
  const single = roots.length === 1 && refs.length === 1 && refs[0]?.path === root;
  const alone = single && refs[0] ? await shownAlone(refs[0]) : undefined;
  const chosen = single && !alone ? refs : refs.filter(({ path }) => isLog(path));
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
  const byPath = new Map(others.map((source) => [below(source), source]));
  const found: Neighbour[] = alone
    ? others.map((source) => ({ path: below(source), kind: alone, source }))
    : await findNeighbours(byPath);
  const hasLogs = refs.some(({ path }) => isLog(path));
  if (!alone && !hasLogs) found.push(...(await graphTexts(byPath, found)));
  const beside = await Promise.all(found.map(measured));
  const embeddings = hasLogs ? [] : await mayBeEmbeddings(new Map(refs.map((source) => [below(source), source])));
  return {
    name: nameOfRoots(roots),
    files: files.sort(inReadingOrder),
    beside,
    ...(embeddings.length > 0 ? { embeddings: await Promise.all(embeddings.map(measured)) } : {}),
    ignored: others.length - beside.length,
    unreadable: [],
  };
}

/**
 * Gives a run whose name is taken another one, `run (2)`: what was opened at another time is never mixed in.
 *
 * @param taken by the runs that are open.
 */
export function keepApart<T extends { run: string }>(files: readonly T[], taken: RunNames): T[] {
  const own = new Set(files.map(({ run }) => run));
  const names = new Map<string, string>();
  const nameFor = (run: string): string => {
    if (!taken.has(run)) return run;
    const name = names.get(run) ?? taken.other(run, (name) => own.has(name));
    own.add(name);
    names.set(run, name);
    return name;
  };
  return files.map((file) => ({ ...file, run: nameFor(file.run) }));
}

/** What a file that was opened by itself is, where that is no log; undefined = nothing tells so. */
async function shownAlone(ref: SourceRef): Promise<NeighbourKind | undefined> {
  const { path } = ref;
  const kind = /\.(?:json|pbtxt)$/.test(path) ? 'graph' : neighbourOf(path)?.kind;
  if (kind) return infoOf(kind).isShownAlone ? kind : undefined;
  return !isLog(path) && (await graphTexts(new Map([[path, ref]]), [])).length > 0 ? 'graph' : undefined;
}

/** Whether a run is of the files directly in a log directory: `.` or, kept apart from another one, `. (2)`. */
export function isRoot(run: string): boolean {
  return /^\.( \(\d+\))?$/.test(run);
}

/** Where a file is: as one of which run, or of which run it would be. */
export interface Place {
  run: string;
  name: string;
  /** Below what was opened. */
  path: string;
}

/**
 * Says where the files in an archive are. A single folder that holds all that is known in it is the log directory if
 * the archive is, or if it has the archive's name. An archive in it is a directory as it would be in a folder; but if
 * there are no other logs, it stands for the archive that it is in.
 *
 * @param archive the run that it is, and its name
 * @param paths in the archive
 */
export function placerIn(archive: { run: string; name: string }, paths: readonly string[]): (path: string) => Place {
  const tops = new Set(paths.map((path) => path.slice(0, path.indexOf('/') + 1)));
  const [top = ''] = tops;
  const inRoot = isRoot(archive.run);
  const common = tops.size === 1 && (inRoot || top === `${withoutExtension(archive.name)}/`) ? top : '';
  const logs = paths.filter(isLog);
  const standsForIt = logs.length === 1 ? logs.find(isArchive) : undefined;
  return (packed) => {
    const below = packed.slice(common.length);
    const path = inRoot ? below : `${archive.run}/${below}`;
    const run = isLog(packed) ? runOf(path) : directoryOf(path);
    return { run: run === '.' || packed === standsForIt ? archive.run : run, name: nameOf(path), path };
  };
}

/** Runs in natural order, the files of each in the order of their names. */
export function inReadingOrder(a: Omit<Place, 'path'>, b: Omit<Place, 'path'>): number {
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

/** The last part of a path. */
export function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** '.' = the path is a mere name. */
export function directoryOf(path: string): string {
  const slash = path.lastIndexOf('/');
  return slash < 0 ? '.' : path.slice(0, slash);
}

let lastId = 0;

/** A new id for a source. */
export function nextSourceId(): number {
  return ++lastId;
}
