import type { SourceRef } from '../sources/source_ref';
import { asWireError } from './fault';
import type { FileProgress, OpenFile, WireError } from './protocol';
import type { SourceReader } from './source_reader';
import { FeedStatus } from './wasm_session';
import type { WasmLog, Wish } from './wasm_log';

/** Calls into wasm stay short, so that the engine can swap in optimised code between them. */
const PIECE_BYTES = 1 << 20;
/** Files up to this size are read whole, some of them ahead: opening a file takes longer than reading it. */
const SMALL_BYTES = 1 << 20;
const AHEAD = 8;
/** Queries wait no longer than this, ms. */
const TURN_MS = 8;

/** Told while files are read. */
export interface ReadingEvents {
  /** The file has this number in the log. */
  opened(number: number, source: SourceRef): void;
  /** Points may have come. */
  decoded(): void;
  progress(file: FileProgress): void;
  /** The file could not be read (on); the others go on. */
  failed(file: OpenFile, error: WireError): void;
}

/** Reads the files of one `open` request into the log, one after the other. */
export class Reading {
  private readonly ahead = new Map<number, Promise<SourceRef>>();
  private readonly channel = new MessageChannel();
  private turnEnds = performance.now() + TURN_MS;

  constructor(
    private readonly files: readonly OpenFile[],
    private readonly log: WasmLog,
    private readonly sources: SourceReader,
    private readonly events: ReadingEvents,
    private readonly signal: AbortSignal,
  ) {}

  /** Resolves when every file is read, failed or cancelled. @throws only what wasm throws: it is dead then. */
  async run(): Promise<void> {
    try {
      for (const [i, file] of this.files.entries()) {
        const progress: FileProgress = { file: i, run: file.run, name: file.name, bytes: 0, state: 'reading' };
        if (file.source.size !== undefined) progress.size = file.source.size;
        try {
          const whole = !this.signal.aborted && (await this.readFile(i, file, progress));
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
    } finally {
      this.channel.port1.close();
    }
  }

  /** @returns false when it was cancelled, or when wasm wants no more of it and has said why in its report. */
  private async readFile(i: number, { source: kept, run, name }: OpenFile, progress: FileProgress): Promise<boolean> {
    this.events.progress({ ...progress });
    this.readAhead(i);
    const source = (await this.ahead.get(i)) ?? kept;
    this.ahead.delete(i);
    const size = await this.sources.size(source);
    if (size !== undefined) progress.size = size;
    const file = this.log.openFile(run, name, size);
    this.events.opened(file, kept);
    let whole = false;
    try {
      for (let from = 0; !whole;) {
        const wish = await this.readFrom(from, file, source, size, progress);
        if (!wish) return false;
        whole = wish.status === FeedStatus.More;
        from = wish.offset;
      }
      return true;
    } finally {
      // After a wasm abort there is nothing left to give up.
      if (!whole && !this.log.dead) this.log.abandon(file);
    }
  }

  /**
   * Feeds the file from an offset to its end.
   * @returns More = it is read, Rewind = go on from another offset; undefined = stop here.
   */
  private async readFrom(
    from: number,
    file: number,
    source: SourceRef,
    size: number | undefined,
    progress: FileProgress,
  ): Promise<Wish | undefined> {
    for await (const bytes of this.sources.stream(source, from, size)) {
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
