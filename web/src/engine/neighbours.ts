import { signal } from '@preact/signals-core';
import { countBookmarks, MAX_BOOKMARKS_BYTES } from '../model/bookmarks';
import { HParamsError, MAX_HPARAMS_BYTES, type HParams } from '../model/hparams_file';
import { directoryOf, nameOf } from '../sources/event_files';
import type { Neighbour } from '../sources/find_neighbours';
import { MAX_CONFIG_BYTES } from '../sources/neighbours.mjs';
import { isUnchanged } from '../sources/opened_files';
import { readText } from '../sources/read_text';
import { asReadError, Fault, type WireError } from '../faults/fault';
import type { ReadHParams } from './hparams_reader';
import type { FileReport, PlacedNeighbour } from './protocol';

/** Files that are read at a time. */
const AT_ONCE = 8;

/** The known files beside the event files. The page reads the small ones itself; the others wait for who needs them. */
export class Neighbours {
  readonly files = signal<readonly Neighbour[]>([]);
  /** What `hparams.yaml` gives to a run. */
  readonly hparams = signal<ReadonlyMap<string, HParams>>(new Map());
  /** Number of bookmarks, by path of the file. */
  readonly bookmarks = signal<ReadonlyMap<string, number>>(new Map());

  /** The paths of the files. */
  private readonly taken = new Set<string>();

  /** @param report told of what cannot be read. */
  constructor(
    private readonly report: (file: FileReport) => void,
    private readonly parseHParams: ReadHParams,
  ) {}

  /** Whether there is one among them that is not here yet, as it is now. */
  async hasNew(found: readonly Neighbour[]): Promise<boolean> {
    const isKnown = async ({ path, source }: Neighbour): Promise<boolean> => {
      const others = this.files.value.filter((file) => file.path === path || file.path.endsWith(`/${path}`));
      if (!source) return others.length > 0;
      const same = await Promise.all(
        others.map(async (other) => other.source !== undefined && isUnchanged(other.source, source)),
      );
      return same.includes(true);
    };
    return (await Promise.all(found.map(isKnown))).includes(false);
  }

  /**
   * Takes in what lies beside newly opened files; resolves when it is read. Never rejects.
   *
   * @param replaces it was open already: what has the same path is the same. Otherwise it is kept apart.
   */
  add(found: readonly PlacedNeighbour[], replaces: boolean, signal: AbortSignal): Promise<void> {
    if (replaces) {
      const paths = new Set(found.map(({ path }) => path));
      this.files.value = this.files.value.filter(({ path }) => !paths.has(path));
      for (const path of paths) this.taken.delete(path);
    }
    return this.addAll([found], signal);
  }

  /** As {@link add}, of several archives, each kept apart from what is there and from the others. */
  async addAll(groups: readonly (readonly PlacedNeighbour[])[], signal: AbortSignal): Promise<void> {
    const placed = groups.flatMap((found) => {
      const root = freeRoot(found, this.taken);
      for (const { path } of found) this.taken.add(root + path);
      return found.map((file) => ({ file, path: root + file.path }));
    });
    this.files.value = [...this.files.value, ...placed.map(({ file, path }) => ({ ...file, path }))];
    const hparams = new Map<string, HParams>();
    const bookmarks = new Map<string, number>();
    // All take the next one from the same iterator.
    const queue = placed.values();
    const readAll = async (): Promise<void> => {
      for (const { file, path } of queue) {
        if (signal.aborted) return;
        try {
          if (file.kind === 'hparams') {
            const values = await this.readHParams(file, signal);
            if (file.run !== undefined && values) hparams.set(file.run, values);
          }
          if (file.kind === 'projector_config' && (file.size ?? 0) > MAX_CONFIG_BYTES) {
            throw new Fault({ code: 'file_too_large' });
          }
          if (file.kind === 'bookmarks') bookmarks.set(path, await readBookmarks(file, signal));
        } catch (error) {
          if (!signal.aborted) this.report(reportOf(file, asReadError(error)));
        }
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, readAll));
    this.hparams.value = new Map([...this.hparams.value, ...hparams]);
    this.bookmarks.value = new Map([...this.bookmarks.value, ...bookmarks]);
  }

  private async readHParams({ source }: Neighbour, signal: AbortSignal): Promise<HParams | undefined> {
    try {
      return source && (await this.parseHParams(await readText(source, MAX_HPARAMS_BYTES, signal)));
    } catch (error) {
      throw error instanceof HParamsError ? new Fault({ code: 'bad_hparams', detail: error.message }) : error;
    }
  }
}

/** A directory in which none of the paths is taken; '' = none has to be made. */
function freeRoot(found: readonly Neighbour[], taken: ReadonlySet<string>): string {
  for (let n = 1; ; n++) {
    const root = n === 1 ? '' : `(${n})/`;
    if (!found.some(({ path }) => taken.has(root + path))) return root;
  }
}

async function readBookmarks({ source }: Neighbour, signal: AbortSignal): Promise<number> {
  const count = source ? countBookmarks(await readText(source, MAX_BOOKMARKS_BYTES, signal)) : 0;
  if (count === undefined) throw new Fault({ code: 'bad_bookmarks' });
  return count;
}

function reportOf({ path, packedPath, run, size }: PlacedNeighbour, error: WireError): FileReport {
  const at = packedPath ?? path;
  const place = packedPath === undefined ? {} : { path: packedPath };
  return {
    run: run ?? directoryOf(at),
    name: nameOf(at),
    ...place,
    size: size ?? 0,
    records: 0,
    error,
    counts: [],
    places: [],
  };
}
