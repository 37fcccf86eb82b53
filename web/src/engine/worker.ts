import { formatBytes } from '../model/format';
import { asWireError, Fault } from './fault';
import { decodeHistograms } from './histogram_reading';
import type { ClipFrame, MediaPoint, SpectrogramQuery } from './media';
import type {
  CatalogueDelta,
  FileBeside,
  FileProgress,
  FileReport,
  Notice,
  OpenFile,
  PlacedNeighbour,
  Purge,
  Replies,
  Request,
  RequestType,
  Response,
  WireError,
} from './protocol';
import { assertUnreachable } from './protocol';
import { Reading, type PlacedFile, type Shared } from './reading';
import { RemoteReads } from './remote_reads';
import { ReportBook } from './report_book';
import { SourceReader } from './source_reader';
import { RunNames } from '../sources/run_names';
import type { SourceRef } from '../sources/source_ref';
import { Throttle } from './throttle';
import { Turns } from './turns';
import type { PointValue } from './values';
import { WasmLog, type Payload } from './wasm_log';
import type { WasmModule } from './wasm_session';

/** What the log may grow to, unless the page says otherwise. */
const BUDGET_BYTES = 3 * 2 ** 30;
/** What all archives together may be unpacked to, unless the page says otherwise. The browser keeps it on disk. */
const UNPACKED_BYTES = 8e9;
/** Samples of a waveform, of each channel, between which others have their turn: a few milliseconds. */
const SAMPLES_AT_ONCE = 1 << 20;
/** Columns of a spectrogram between which others have their turn: a few milliseconds. */
const COLUMNS_AT_ONCE = 16;
const CATALOGUE_MS = 100;
const PROGRESS_MS = 250;

interface PointOf {
  series: number;
  point: number;
}

export type Post = (message: Response | Notice, transfer: Transferable[]) => void;
export type LoadWasm = (wasm: WebAssembly.Module | ArrayBuffer) => Promise<WasmModule>;

/**
 * The worker's whole behaviour, without a Worker: takes requests, posts responses and notices. Queries are answered
 * while files are being read.
 */
export class EngineWorker {
  private log: WasmLog | undefined;
  private death: WireError | undefined;
  private readonly remote = new RemoteReads((notice) => this.notify(notice));
  /** Where each file's bytes are, by its number in the log: payloads are read when they are asked for. */
  private readonly sourceOf: SourceRef[] = [];
  /** Requests that can be cancelled. */
  private readonly running = new Map<number, AbortController>();
  private readonly reports = new ReportBook();
  private readonly shared: Shared = { runs: new RunNames(), unpacked: { limit: UNPACKED_BYTES, used: 0 } };
  /** Reports of files that could not be read, not told yet. */
  private unread: FileReport[] = [];
  private readonly news = new Throttle(CATALOGUE_MS, () => this.sendNews());

  constructor(
    private readonly post: Post,
    private readonly loadWasm: LoadWasm,
  ) {}

  /** Answers one request with exactly one response. Never throws. */
  async handle(request: Request): Promise<void> {
    try {
      const [body, transfer] = await this.answer(request);
      this.post({ id: request.id, ok: true, body }, transfer);
    } catch (error) {
      if (error instanceof WebAssembly.RuntimeError) this.die(error);
      this.post({ id: request.id, ok: false, error: this.death ?? asWireError(error) }, []);
    }
  }

  private async answer(request: Request): Promise<[body: Replies[RequestType], transfer: Transferable[]]> {
    switch (request.type) {
      case 'init': {
        this.log = new WasmLog(await this.loadWasm(request.wasm), request.budgetBytes ?? BUDGET_BYTES);
        this.shared.unpacked.limit = request.unpackedBytes ?? UNPACKED_BYTES;
        return [null, []];
      }
      case 'open':
        await this.cancellable(request.id, (signal) => this.open(request.id, request.files, signal));
        return [null, []];
      case 'cancel':
        this.running.get(request.target)?.abort();
        return [null, []];
      case 'lines': {
        const lines = this.living().lines(request.charts);
        return [lines, [lines]];
      }
      case 'pick': {
        const picks = this.living().pick(request.series, request.x, request.at, request.smoothing);
        return [picks, [picks.rows.buffer, picks.steps.buffer]];
      }
      case 'steps': {
        const union = this.living().steps(request.series);
        return [union, [union.steps.buffer, union.inEveryRun.buffer] as ArrayBuffer[]];
      }
      case 'points': {
        const points = this.living().points(request.series);
        return [
          points,
          [
            points.steps.buffer,
            points.wallTimes.buffer,
            points.points.buffer,
            points.hasPayload.buffer,
          ] as ArrayBuffer[],
        ];
      }
      case 'value': {
        const value = await this.cancellable(request.id, (signal) => this.value(request, signal));
        return [value, value ? [value.numbers.buffer as ArrayBuffer] : []];
      }
      case 'content': {
        const content = await this.cancellable(request.id, (signal) => this.content(request, signal));
        return [content, content ? [content] : []];
      }
      case 'histogramFacts': {
        const { series, points } = request;
        await this.decode(request.id, [[series, points]]);
        const facts = this.living().histogramFacts(series, points);
        return [facts, [facts.buffer]];
      }
      case 'histogramGrid': {
        const { grid } = request;
        await this.decode(request.id, [[grid.series, grid.points]]);
        const cells = this.living().histogramGrid(grid);
        return [cells, [cells.buffer]];
      }
      case 'compatibleBins': {
        const { series, points } = request;
        await this.decode(request.id, [[series, points]]);
        const bins = this.living().compatibleBins(series, points);
        return [bins ?? null, bins ? [bins.counts.buffer as ArrayBuffer] : []];
      }
      case 'histogramDistance': {
        const { a, b } = request;
        await this.decode(
          request.id,
          [a, b].map(({ series, point }) => [series, Uint32Array.of(point)]),
        );
        return [this.living().histogramDistance(a, b), []];
      }
      case 'media': {
        const media = await this.cancellable(request.id, (signal) => this.media(request, signal));
        return [media, media ? [media.bytes.buffer] : []];
      }
      case 'openClip':
        return [this.living().openClip(request.isGif, request.bytes), []];
      case 'closeClip':
        this.living().closeClip(request.clip);
        return [null, []];
      case 'frame': {
        const frame = await this.cancellable(request.id, (signal) => this.frame(request, signal));
        return [frame, [frame.pixels]];
      }
      case 'waveform': {
        const peaks = await this.cancellable(request.id, (signal) => this.waveform(request, signal));
        return [peaks, [peaks.buffer]];
      }
      case 'spectrogram': {
        const levels = await this.cancellable(request.id, (signal) => this.spectrogram(request, signal));
        return [levels, [levels.buffer]];
      }
      case 'purge':
        this.living().setPurge(request.purge);
        this.sendNews();
        return [null, []];
      case 'dump':
        return [await this.dump(request.purge, request.beside), []];
      case 'chunk':
        await this.remote.deliver(request.read, request.bytes, request.done);
        return [null, []];
      case 'chunkFailed':
        this.remote.fail(request.read, request.error);
        return [null, []];
      default:
        return assertUnreachable(request);
    }
  }

  private async cancellable<T>(id: number, run: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const abort = new AbortController();
    this.running.set(id, abort);
    try {
      return await run(abort.signal);
    } finally {
      this.running.delete(id);
    }
  }

  private async open(id: number, files: readonly OpenFile[], signal: AbortSignal): Promise<void> {
    const log = this.living();
    const changed = new Map<number, FileProgress>();
    const progress = new Throttle(PROGRESS_MS, () => {
      if (changed.size > 0) this.notify({ type: 'progress', open: id, files: [...changed.values()] });
      changed.clear();
    });
    const archives: PlacedNeighbour[][] = [];
    const beside = new Throttle(PROGRESS_MS, () => {
      if (archives.length > 0) this.notify({ type: 'beside', open: id, archives: archives.splice(0) });
    });
    const events = {
      opened: (number: number, source: SourceRef, file: PlacedFile) => {
        this.sourceOf[number] = source;
        this.reports.place(file);
      },
      decoded: () => this.news.touch(),
      progress: (file: FileProgress) => {
        changed.set(file.file, file);
        progress.touch();
      },
      failed: (file: PlacedFile, error: WireError) => {
        this.reports.place(file);
        const { run, name, size = 0 } = file;
        this.unread.push(this.reports.putError({ run, name, size }, error));
        this.news.touch();
      },
      beside: (files: PlacedNeighbour[]) => {
        archives.push(files);
        beside.touch();
      },
    };
    try {
      const sources = new SourceReader(this.remote, signal);
      await new Reading(files, log, sources, this.shared, events, signal).run();
      this.news.flush();
    } finally {
      this.news.stop();
      progress.flush();
      beside.flush();
    }
  }

  private dump(purge: Purge, beside: readonly FileBeside[]): Promise<string> {
    return this.living().dump(
      purge,
      (file, offset, length) => this.readAgain(this.sourceOf[file], offset, length),
      beside,
      (file, offset, length) => this.readAgain(beside[file]?.source, offset, length),
    );
  }

  private async value({ series, point }: PointOf, signal: AbortSignal): Promise<PointValue | null> {
    const payload = this.living().findPayload(series, point);
    if (!payload) return null;
    if (payload.tooBig) throw new Fault({ code: 'value_too_big', detail: formatBytes(payload.length) });
    const bytes = await this.readPayload(payload, signal);
    return this.living().value(series, point, bytes);
  }

  private async content({ series, point }: PointOf, signal: AbortSignal): Promise<ArrayBuffer | null> {
    const payload = this.living().findPayload(series, point);
    if (!payload) return null;
    const bytes = await this.readPayload(payload, signal);
    return payload.tooBig ? bytes.buffer : this.living().content(series, point, bytes);
  }

  /** Reads and decodes histograms that are not decoded yet. */
  private decode(id: number, wanted: [series: number, points: Uint32Array][]): Promise<void> {
    return this.cancellable(id, async (signal) => {
      for (const [series, points] of wanted) {
        await decodeHistograms(this.living(), series, points, (file, from, to) =>
          this.readPayload({ file, offset: from, length: to - from }, signal),
        );
      }
    });
  }

  private async media({ series, point }: PointOf, signal: AbortSignal): Promise<MediaPoint | null> {
    const payload = this.living().findPayload(series, point);
    if (!payload) return null;
    if (payload.tooBig) throw new Fault({ code: 'value_too_big', detail: formatBytes(payload.length) });
    const bytes = await this.readPayload(payload, signal);
    return this.living().media(series, point, bytes);
  }

  private async frame({ clip, frame }: { clip: number; frame: number }, signal: AbortSignal): Promise<ClipFrame> {
    return inTurns(signal, () => this.living().stepClip(clip, frame));
  }

  private async waveform(
    { clip, from, to, columns }: { clip: number; from: number; to: number; columns: number },
    signal: AbortSignal,
  ): Promise<Float32Array<ArrayBuffer>> {
    const atOnce = Math.max(1, Math.floor((columns * SAMPLES_AT_ONCE) / (to - from)));
    const at = (column: number): number => from + ((to - from) * column) / columns;
    let peaks: Float32Array<ArrayBuffer> | undefined;
    let done = 0;
    return inTurns(signal, () => {
      const count = Math.min(atOnce, columns - done);
      const part = this.living().waveform(clip, at(done), at(done + count), count);
      const channels = part.length / 2 / count;
      peaks ??= new Float32Array(2 * channels * columns);
      for (let channel = 0; channel < channels; channel++) {
        peaks.set(part.subarray(2 * channel * count, 2 * (channel + 1) * count), 2 * (channel * columns + done));
      }
      done += count;
      return done < columns ? undefined : peaks;
    });
  }

  private async spectrogram(
    { clip, query }: { clip: number; query: SpectrogramQuery },
    signal: AbortSignal,
  ): Promise<Float32Array<ArrayBuffer>> {
    const levels = new Float32Array(query.columns * query.bands);
    const at = (column: number): number => query.from + ((query.to - query.from) * column) / query.columns;
    let done = 0;
    return inTurns(signal, () => {
      const columns = Math.min(COLUMNS_AT_ONCE, query.columns - done);
      const part = { ...query, from: at(done), to: at(done + columns), columns };
      levels.set(this.living().spectrogram(clip, part), done * query.bands);
      done += columns;
      return done < query.columns ? undefined : levels;
    });
  }

  /** Bytes of a file that was read before. */
  private async readPayload(
    { file, offset, length }: Omit<Payload, 'tooBig'>,
    signal: AbortSignal,
  ): Promise<Uint8Array<ArrayBuffer>> {
    const source = this.sourceOf[file];
    if (!source) throw new Fault({ code: 'unreadable' });
    const bytes = await new SourceReader(this.remote, signal).slice(source, offset, length);
    if (signal.aborted) throw new Fault({ code: 'cancelled' });
    if (bytes.length < length) throw new Fault({ code: 'changed_on_disk', file: source.path });
    return bytes;
  }

  /** A part of a file that was read before, or lies beside; nothing if it is gone. */
  private async readAgain(source: SourceRef | undefined, offset: number, length: number): Promise<Uint8Array> {
    if (!source) return new Uint8Array();
    const reader = new SourceReader(this.remote, new AbortController().signal);
    return reader.slice(source, offset, length).catch(() => new Uint8Array());
  }

  /** What was read since the last time, and the report if it changed. */
  private sendNews(): void {
    try {
      const log = this.living();
      const delta = log.takeCatalogue();
      if (delta) this.notify({ type: 'catalogue', delta }, columnsOf(delta));
      const runs = log.takeRestarts();
      if (runs) this.notify({ type: 'restarts', runs });
      const decoded = (log.takeReport() ?? []).map((report) => this.reports.put(report));
      const files = [...decoded, ...this.unread];
      this.unread = [];
      if (files.length > 0) this.notify({ type: 'report', files });
    } catch (error) {
      // It may run from a timer, where nobody else would catch it.
      this.die(error);
    }
  }

  private living(): WasmLog {
    if (this.death) throw new Fault(this.death);
    if (!this.log) throw new Error('asked before init');
    return this.log;
  }

  private die(error: unknown): void {
    if (this.death) return;
    const aborted = error instanceof WebAssembly.RuntimeError;
    this.death = aborted ? { code: 'wasm_abort', detail: error.message } : asWireError(error);
    this.notify({ type: 'fatal', error: this.death });
  }

  private notify(notice: Notice, transfer: Transferable[] = []): void {
    this.post(notice, transfer);
  }
}

/** Takes steps until one has a result; other requests are answered between them. */
async function inTurns<T>(signal: AbortSignal, step: () => T | undefined): Promise<T> {
  const turns = new Turns();
  try {
    for (;;) {
      const result = step();
      if (result !== undefined) return result;
      await turns.end();
      if (signal.aborted) throw new Fault({ code: 'cancelled' });
    }
  } finally {
    turns.close();
  }
}

function columnsOf(delta: CatalogueDelta): Transferable[] {
  return Object.values(delta).flatMap((column) => (ArrayBuffer.isView(column) ? [column.buffer as ArrayBuffer] : []));
}
