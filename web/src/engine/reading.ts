import {
  directoryOf,
  inReadingOrder,
  isTwin,
  keepApart,
  placerIn,
  type Place,
  type OpenFile,
} from '../sources/event_files';
import { isArchive, isEventFile, isLog } from '../sources/log_names.mjs';
import type { RunNames } from '../sources/run_names';
import type { SourceRef } from '../sources/source_ref';
import type { EntryFacts } from './archives/archive_session';
import { asWireError, Fault, type WireError } from '../faults/fault';
import { findInArchive, judgeNeighbour } from './archives/packed_neighbours';
import type { FileProgress, PlacedNeighbour } from './protocol';
import { ReadWindow } from './read_window';
import { PeekedStream, type SourceReader } from './source_reader';
import { Turns } from './turns';
import {
  Unpacking,
  type PackedFile,
  type UnpackedBytes,
  type UnpackingTools,
  type Verdict,
} from './archives/unpacking';
import { ArchiveKind, FeedStatus, KIND_BYTES } from './reader_session';
import type { WasmArchives } from './archives/wasm_archives';
import type { WasmLog, Wish } from './wasm_log';

/** Calls into wasm stay short, so that the engine can swap in optimised code between them. */
const PIECE_BYTES = 1 << 20;
/**
 * Files up to this size are read whole, some of them ahead: opening a file takes longer than reading it. One at a URL
 * needs several turns of the page, which draws meanwhile: with eight at a time, 128 files took five times as long.
 */
const SMALL_BYTES = 1 << 20;
const AHEAD = 32;
/** How many archives a file may be in. */
const MAX_DEPTH = 2;
/** An archive in another one that is larger is not unpacked: it is rather some data set than logs. */
const MAX_NESTED_BYTES = 2 ** 30;
/** What archives have in them, and the archives in them, are no more files than one alone may have. */
const MAX_PACKED_FILES = 100_000;

/** Of what archives may still be unpacked to, how much the embeddings of one may take: the rest is for event files. */
const EMBEDDINGS_SHARE = 1 / 4;

/** A file and its place in the log. */
export interface PlacedFile {
  run: string;
  name: string;
  size?: number;
  /** Of a file in an archive: path of the archive, and of the file in it. */
  path?: string;
  /** As in FileProgress. */
  foundAt?: string;
}

/** Told while files are read. */
export interface ReadingEvents {
  /** The file has this number in the log. */
  opened(number: number, source: SourceRef, file: PlacedFile): void;
  /** Points may have come. */
  decoded(): void;
  progress(file: FileProgress): void;
  /** The file could not be read (on); the others go on. */
  failed(file: PlacedFile, error: WireError): void;
  /** This lies beside the event files of an archive. */
  beside(files: PlacedNeighbour[]): void;
}

/** What the files of one tab share. */
export interface Shared {
  /** Runs that are there already; those of this reading are added. */
  runs: RunNames;
  unpacked: UnpackedBytes;
  /** What archives are opened with. @throws Fault when it cannot be fetched */
  archives(sources: SourceReader): Promise<WasmArchives>;
}

/** Where the bytes of a file are. */
interface Found {
  /** For good. */
  kept: SourceRef;
  /** Now: the same, perhaps in memory. */
  now: SourceRef;
  /** What is wrong with them: they are read, and then it is told. */
  error?: WireError | undefined;
  /** How many archives they are in. */
  depth: number;
  /** They were compressed by themselves. */
  wasBare?: true;
}

/** An archive that is being read. */
interface Archive {
  file: PlacedFile;
  found: Found;
  kind: ArchiveKind;
  /** What its bytes are read through. */
  window: ReadWindow;
  progress: FileProgress;
  archives: WasmArchives;
}

/** Reads the files of one `open` request into the log, one after the other; those in archives, too. */
export class Reading {
  private readonly ahead = new Map<number, Promise<SourceRef>>();
  private readonly turns = new Turns();
  private rows: number;
  private packedFiles = 0;

  constructor(
    private readonly files: readonly OpenFile[],
    private readonly log: WasmLog,
    private readonly sources: SourceReader,
    private readonly shared: Shared,
    private readonly events: ReadingEvents,
    private readonly signal: AbortSignal,
  ) {
    this.rows = files.length;
  }

  /** Resolves when every file is read, failed or cancelled. @throws only what wasm throws: it is dead then. */
  async run(): Promise<void> {
    for (const { run } of this.files) this.shared.runs.add(run);
    try {
      for (const [i, { source, run, name }] of this.files.entries()) {
        const file: PlacedFile = { run, name, ...(source.size === undefined ? {} : { size: source.size }) };
        await this.take(file, i, async () => {
          this.readAhead(i);
          const now = (await this.ahead.get(i)) ?? source;
          this.ahead.delete(i);
          return { kept: source, now, depth: 0 };
        });
      }
    } finally {
      this.turns.close();
    }
  }

  /** Reads one file and tells how that ended. */
  private async take(file: PlacedFile, row: number, find: () => Promise<Found>): Promise<void> {
    const { run, name, size } = file;
    const progress: FileProgress = { file: row, run, name, bytes: 0, state: 'reading' };
    if (size !== undefined) progress.size = size;
    if (file.foundAt !== undefined) progress.foundAt = file.foundAt;
    try {
      const whole = !this.signal.aborted && (await this.readFile(file, find, progress));
      progress.state = whole ? 'done' : 'failed';
    } catch (error) {
      if (error instanceof WebAssembly.RuntimeError) throw error;
      progress.state = 'failed';
      if (!this.signal.aborted) this.events.failed(file, asWireError(error));
    }
    if (this.signal.aborted && progress.state === 'failed') {
      progress.state = 'cancelled';
      this.events.failed(file, cancelled(progress));
    }
    this.events.progress({ ...progress });
  }

  /** @returns false when it was cancelled, or when wasm wants no more of it and has said why in its report. */
  private async readFile(file: PlacedFile, find: () => Promise<Found>, progress: FileProgress): Promise<boolean> {
    this.events.progress({ ...progress });
    const found = await find();
    const { now, error } = found;
    const size = await this.sources.size(now);
    if (size !== undefined) progress.size = size;
    const stream = new PeekedStream(this.sources.stream(now, 0, size));
    const kind = this.log.kindOf(await stream.start(KIND_BYTES));
    if (kind !== ArchiveKind.None) await stream.close();
    const whole =
      kind === ArchiveKind.None
        ? await this.readEvents(file, found, stream, size, progress)
        : await this.readArchive(file, found, kind, progress);
    if (error) throw new Fault(error);
    return whole;
  }

  private async readEvents(
    file: PlacedFile,
    { kept, now }: Found,
    start: PeekedStream,
    size: number | undefined,
    progress: FileProgress,
  ): Promise<boolean> {
    const number = this.log.openFile(file.run, file.name, size);
    this.events.opened(number, kept, file);
    let whole = false;
    try {
      let stream: AsyncIterable<Uint8Array> = start;
      for (let from = 0; !whole;) {
        const wish = await this.readFrom(from, stream, number, now, progress);
        if (!wish) return false;
        whole = wish.status === FeedStatus.More;
        from = wish.offset;
        stream = this.sources.stream(now, from, size);
      }
      return true;
    } finally {
      // After a wasm abort there is nothing left to give up.
      if (!whole && !this.log.dead) this.log.abandon(number);
    }
  }

  /**
   * Reads the event files in an archive, each in a row of its own; or what a compressed file is, in its place.
   * @throws Fault when there are none, or not all.
   */
  private async readArchive(
    file: PlacedFile,
    found: Found,
    kind: ArchiveKind,
    progress: FileProgress,
  ): Promise<boolean> {
    const { depth, wasBare } = found;
    const nested: WireError = { code: 'nested_archive' };
    const packs = kind === ArchiveKind.Zip || kind === ArchiveKind.Tar;
    if (wasBare || (packs && depth === MAX_DEPTH)) throw new Fault(nested);
    const judge = (entry: EntryFacts): Verdict => {
      const { name, bare, size = 0, offset } = entry;
      // What was opened by itself is tried whatever its name is.
      if (bare) return isEventFile(file.name) || isEventFile(name) || this.files.length === 1;
      if (depth === MAX_DEPTH) throw new Fault(nested);
      if (isTwin(name)) return false;
      if (isEventFile(name)) return true;
      if (!isArchive(name)) return judgeNeighbour(entry);
      if (depth + 1 === MAX_DEPTH) return nested;
      const tooBig = size > MAX_NESTED_BYTES && offset === undefined;
      return tooBig ? { code: 'too_big', detail: 'too_many_bytes', limit: MAX_NESTED_BYTES } : true;
    };
    const window = new ReadWindow((offset, length) => this.sources.slice(found.now, offset, length));
    const archives = await this.shared.archives(this.sources);
    const archive: Archive = { file, found, kind, window, progress, archives };
    const unpacking = this.unpackingOf(archive);
    try {
      const packed = await unpacking.list(judge).catch((error: unknown) => {
        // Whatever was read, nothing of it can be seen.
        progress.bytes = 0;
        throw error;
      });
      const [first] = packed;
      if (first?.bare) {
        progress.bytes = 0;
        return await this.readFile(file, () => this.unpack(archive, first, { depth, wasBare: true }), progress);
      }
      const logs = packed.filter(({ path }) => isLog(path));
      if (logs.length === 0) throw new Fault(unpacking.fault ?? { code: 'no_event_files' });
      this.packedFiles += logs.length;
      if (this.packedFiles > MAX_PACKED_FILES) {
        throw new Fault({ code: 'too_big', detail: 'too_many_entries', limit: MAX_PACKED_FILES });
      }
      const place = placerIn(file, packed.map(({ path }) => path)); // prettier-ignore
      const runAt = await this.readPacked(archive, logs, place);
      const beside = packed.filter(({ path }) => !isLog(path));
      if (beside.length > 0 && !this.signal.aborted) await this.findBeside(archive, beside, place, runAt);
    } finally {
      unpacking.close();
    }
    // No more than this was wanted of it.
    progress.size = progress.bytes;
    if (unpacking.fault) {
      delete progress.unpacked;
      throw new Fault(unpacking.fault);
    }
    return !this.signal.aborted;
  }

  private unpackingOf({ found: { kept }, kind, window, progress, archives }: Archive, share = 1): Unpacking {
    const tell = (bytes: number): void => {
      progress.bytes = bytes;
      this.events.progress({ ...progress });
    };
    const tools: UnpackingTools = {
      read: (offset, length) => window.read(offset, length),
      // The end of a zip is read twice: for its directory, and for what stands there.
      progress: (bytes) => tell(Math.min(progress.bytes + bytes, progress.size ?? Infinity)),
      pause: async () => {
        await this.turns.end();
        if (this.signal.aborted) throw new Fault({ code: 'cancelled' });
      },
    };
    return new Unpacking(archives, kind, kept, progress.size ?? 0, this.shared.unpacked, tools, share);
  }

  /**
   * Reads the files of an archive as if they were those of a folder.
   * @returns which runs they became, by the runs that they would be if there were no others
   */
  private async readPacked(
    archive: Archive,
    packed: readonly PackedFile[],
    place: (path: string) => Place,
  ): Promise<ReadonlyMap<string, string>> {
    const { file: own, found: { kept, depth }, progress } = archive; // prettier-ignore
    const { runs } = this.shared;
    const found = packed.map((file) => ({ ...place(file.path), packed: file })).sort(inReadingOrder);
    // The archive itself is no run.
    runs.remove(own.run);
    const files = keepApart(found, runs);
    const row = this.rows;
    this.rows += files.length;
    const places = files.map(({ run, name, packed: { path, size } }, i): PlacedFile => {
      const foundAt = found[i]?.run ?? run;
      return { run, name, path: `${kept.path}/${path}`, foundAt, ...(size === undefined ? {} : { size }) };
    });
    places.forEach(({ path: _, ...file }, i) => {
      runs.add(file.run);
      this.events.progress({ ...file, file: row + i, bytes: 0, state: 'waiting' });
    });
    progress.unpacked = true;
    this.events.progress({ ...progress });
    for (const [i, { packed }] of files.entries()) {
      const at = places[i] as PlacedFile;
      if (packed.isLastOfSeveral) this.events.failed(at, { code: 'several_of_a_name' });
      await this.take(at, row + i, () => this.unpack(archive, packed, { depth: depth + 1 }));
    }
    return new Map(found.map(({ run }, i) => [run, files[i]?.run ?? run]));
  }

  /** Tells what lies beside the event files of an archive. What the page will read of it is unpacked. */
  private async findBeside(
    archive: Archive,
    known: readonly PackedFile[],
    place: (path: string) => Place,
    runAt: ReadonlyMap<string, string>,
  ): Promise<void> {
    const readText = async (source: SourceRef): Promise<string> => {
      // What cannot be read names nothing.
      const bytes = await this.sources.slice(source, 0, source.size ?? 0).catch(() => new Uint8Array());
      return new TextDecoder().decode(bytes);
    };
    const listAgain = async (judge: (entry: EntryFacts) => Verdict): Promise<PackedFile[]> => {
      unpacking = this.unpackingOf(archive, EMBEDDINGS_SHARE);
      return unpacking.list(judge);
    };
    let unpacking: Unpacking | undefined;
    try {
      const files = await findInArchive(known, readText, listAgain);
      this.events.beside(
        files.map(({ path: packed, error, isLastOfSeveral, ...file }): PlacedNeighbour => {
          const { run: foundAt, name, path } = place(packed);
          const run = runAt.get(foundAt);
          const packedPath = `${archive.found.kept.path}/${packed}`;
          // It may be beside no run: its place is the one name it has then.
          const at = { run: run ?? directoryOf(packedPath), name, path: packedPath };
          const sized = file.size === undefined ? at : { ...at, size: file.size };
          if (isLastOfSeveral) this.events.failed(sized, { code: 'several_of_a_name' });
          if (error) this.events.failed(sized, error);
          return { ...file, path, packedPath, ...(run === undefined ? {} : { run }) };
        }),
      );
    } catch (error) {
      // It is told of the archive that it was cancelled.
      if (!this.signal.aborted) throw error;
    } finally {
      unpacking?.close();
    }
  }

  /** @throws Fault when there is nothing to read. */
  private async unpack(
    { found, window }: Archive,
    file: PackedFile,
    from: Pick<Found, 'depth' | 'wasBare'>,
  ): Promise<Found> {
    const { source, error } = await file.unpack();
    if (!source) throw new Fault(error ?? { code: 'bad_archive' });
    const kept = { kept: source, error, ...from };
    const { id, path, size } = source;
    if (size === undefined || size > SMALL_BYTES) return { ...kept, now: source };
    if (!('of' in source) || source.of !== found.kept) return { ...kept, now: await this.sources.load(source) };
    // It stands in the archive, and may have been read with what is before it.
    const bytes = (await window.read(source.from, size)).slice().buffer;
    return { ...kept, now: { id, path, size: bytes.byteLength, bytes } };
  }

  /**
   * Feeds the file from an offset to its end.
   * @returns More = it is read, Rewind = go on from another offset; undefined = stop here.
   */
  private async readFrom(
    from: number,
    stream: AsyncIterable<Uint8Array>,
    file: number,
    source: SourceRef,
    progress: FileProgress,
  ): Promise<Wish | undefined> {
    for await (const bytes of stream) {
      for (let at = 0; at < bytes.length; at += PIECE_BYTES) {
        const piece = bytes.subarray(at, at + PIECE_BYTES);
        const wish = await this.provide(file, source, this.log.feed(file, piece));
        from += piece.length;
        progress.bytes = Math.max(progress.bytes, from);
        this.events.progress({ ...progress });
        this.events.decoded();
        await this.turns.end();
        if (this.signal.aborted || wish.status === FeedStatus.Stop) return undefined;
        if (wish.status === FeedStatus.Rewind) return wish;
      }
    }
    const wish = await this.provide(file, source, this.log.finish(file));
    this.events.decoded();
    return wish.status === FeedStatus.Stop ? undefined : wish;
  }

  /** Hands over bytes out of order as long as they are asked for. */
  private async provide(file: number, source: SourceRef, wish: Wish): Promise<Wish> {
    while (wish.status === FeedStatus.Need) {
      wish = this.log.provide(file, await this.sources.slice(source, wish.offset, wish.length));
    }
    return wish;
  }

  /** Begins to read the small ones among this file and the next. */
  private readAhead(from: number): void {
    for (let i = from; i < Math.min(from + AHEAD, this.files.length); i++) {
      const { source } = this.files[i] as OpenFile;
      if (this.ahead.has(i) || source.size === undefined || source.size > SMALL_BYTES) continue;
      const loading = this.sources.load(source);
      // Its failure is met where it is awaited.
      loading.catch(() => undefined);
      this.ahead.set(i, loading);
    }
  }
}

function cancelled({ bytes, size }: FileProgress): WireError {
  return size === undefined ? { code: 'cancelled', offset: bytes } : { code: 'cancelled', offset: bytes, size };
}
