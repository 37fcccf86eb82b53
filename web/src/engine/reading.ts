import { plural } from '../model/format';
import { isPackedEventFile, keepApart, placePacked } from '../sources/event_files';
import { isArchive, isEventFile } from '../sources/log_names.mjs';
import { neighbourOf } from '../sources/neighbours.mjs';
import type { SourceRef } from '../sources/source_ref';
import { asWireError, Fault } from './fault';
import type { FileProgress, OpenFile, WireError } from './protocol';
import { PeekedStream, type SourceReader } from './source_reader';
import { Unpacking, type PackedFile, type UnpackedBytes } from './unpacking';
import { ArchiveKind, FeedStatus, KIND_BYTES } from './wasm_session';
import type { WasmLog, Wish } from './wasm_log';

/** Calls into wasm stay short, so that the engine can swap in optimised code between them. */
const PIECE_BYTES = 1 << 20;
/** Files up to this size are read whole, some of them ahead: opening a file takes longer than reading it. */
const SMALL_BYTES = 1 << 20;
const AHEAD = 8;
/** Queries wait no longer than this, ms. */
const TURN_MS = 8;

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
}

/** What the files of one tab share. */
export interface Shared {
  /** Runs that are there already; those of this reading are added. */
  runs: Set<string>;
  unpacked: UnpackedBytes;
}

/** Where the bytes of a file are. */
interface Found {
  /** For good. */
  kept: SourceRef;
  /** Now: the same, perhaps in memory. */
  now: SourceRef;
  /** What is wrong with them: they are read, and then it is told. */
  error?: WireError | undefined;
  /** What they came out of. */
  outOf?: 'archive' | 'compression';
}

/** Reads the files of one `open` request into the log, one after the other; those in archives, too. */
export class Reading {
  private readonly ahead = new Map<number, Promise<SourceRef>>();
  private readonly channel = new MessageChannel();
  private turnEnds = performance.now() + TURN_MS;
  private rows: number;

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
    try {
      for (const [i, { source, run, name }] of this.files.entries()) {
        const file: PlacedFile = { run, name, ...(source.size === undefined ? {} : { size: source.size }) };
        await this.take(file, i, async () => {
          this.readAhead(i);
          const now = (await this.ahead.get(i)) ?? source;
          this.ahead.delete(i);
          return { kept: source, now };
        });
      }
    } finally {
      for (const { run } of this.files) this.shared.runs.add(run);
      this.channel.port1.close();
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
    { kept, now, outOf }: Found,
    kind: ArchiveKind,
    progress: FileProgress,
  ): Promise<boolean> {
    const nested: WireError = { code: 'nested_archive' };
    let beside = 0;
    const packs = kind === ArchiveKind.Zip || kind === ArchiveKind.Tar;
    if (outOf === 'compression' || (outOf === 'archive' && packs)) throw new Fault(nested);
    const tell = (bytes: number): void => {
      progress.bytes = bytes;
      this.events.progress({ ...progress });
    };
    const unpacking = new Unpacking(this.log, kind, kept, progress.size ?? 0, this.shared.unpacked, {
      read: (offset, length) => this.sources.slice(now, offset, length),
      // The end of a zip is read twice: for its directory, and for what stands there.
      progress: (bytes) => tell(Math.min(progress.bytes + bytes, progress.size ?? Infinity)),
      pause: async () => {
        await this.endTurn();
        if (this.signal.aborted) throw new Fault({ code: 'cancelled' });
      },
    });
    try {
      const packed = await unpacking
        .list(({ name, bare }) => {
          // What was opened by itself is tried whatever its name is.
          if (bare) return isEventFile(file.name) || isEventFile(name) || this.files.length === 1;
          if (outOf !== undefined) throw new Fault(nested);
          if (neighbourOf(name)) beside++;
          return isPackedEventFile(name) || (isArchive(name) && nested);
        })
        .catch((error: unknown) => {
          // Whatever was read, nothing of it can be seen.
          progress.bytes = 0;
          throw error;
        });
      const [first] = packed;
      if (!first) throw new Fault(unpacking.fault ?? { code: 'no_event_files' });
      if (first.bare) {
        progress.bytes = 0;
        return await this.readFile(file, () => this.unpack(first, 'compression'), progress);
      }
      await this.readPacked(file, kept, packed, progress);
      if (beside > 0) this.events.failed(file, { code: 'beside_in_archive', detail: plural(beside, 'file') });
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

  /** Reads the files of an archive as if they were those of a folder. */
  private async readPacked(
    archive: PlacedFile,
    source: SourceRef,
    packed: readonly PackedFile[],
    progress: FileProgress,
  ): Promise<void> {
    const { runs } = this.shared;
    const others = this.files.filter((file) => file.source !== source);
    const placed = placePacked(archive, packed);
    const files = keepApart(placed, new Set([...runs, ...others.map(({ run }) => run)]));
    const row = this.rows;
    this.rows += files.length;
    const places = files.map(({ run, name, size, path }, i): PlacedFile => {
      const foundAt = placed[i]?.run ?? run;
      return { run, name, path: `${source.path}/${path}`, foundAt, ...(size === undefined ? {} : { size }) };
    });
    places.forEach(({ path: _, ...file }, i) => {
      runs.add(file.run);
      this.events.progress({ ...file, file: row + i, bytes: 0, state: 'waiting' });
    });
    progress.unpacked = true;
    this.events.progress({ ...progress });
    for (const [i, file] of files.entries()) {
      await this.take(places[i] as PlacedFile, row + i, () => this.unpack(file, 'archive'));
    }
  }

  /** @throws Fault when there is nothing to read. */
  private async unpack(file: PackedFile, outOf: Found['outOf'] & string): Promise<Found> {
    const { source, error } = await file.unpack();
    if (!source) throw new Fault(error ?? { code: 'bad_archive' });
    const small = source.size !== undefined && source.size <= SMALL_BYTES;
    return { kept: source, now: small ? await this.sources.load(source) : source, error, outOf };
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
        await this.endTurn();
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

  /** Lets waiting messages in when the turn is over: a promise alone would not, nor would a timer so soon. */
  private async endTurn(): Promise<void> {
    if (performance.now() < this.turnEnds) return;
    await new Promise((resolve) => {
      this.channel.port1.onmessage = resolve;
      this.channel.port2.postMessage(null);
    });
    this.turnEnds = performance.now() + TURN_MS;
  }
}

function cancelled({ bytes, size }: FileProgress): WireError {
  return size === undefined ? { code: 'cancelled', offset: bytes } : { code: 'cancelled', offset: bytes, size };
}
