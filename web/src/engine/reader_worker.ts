import { Answerer, type Body, type Post } from './answerer';
import type { Answer } from './asker';
import { Fault, type WireError } from '../faults/fault';
import type { CatalogueDelta, FileProgress, FileReport, Notice, PlacedNeighbour, Request } from './protocol';
import type { OpenFile } from '../sources/event_files';
import { assertUnreachable } from './protocol';
import { Reading, type PlacedFile, type Shared } from './reading';
import type { ReaderModule } from './reader_session';
import { RemoteReads } from './remote_reads';
import { ReportBook } from './report_book';
import { SourceReader } from './source_reader';
import { RunNames } from '../sources/run_names';
import type { SourceRef } from '../sources/source_ref';
import { Throttle } from './throttle';
import type { LoadWasm } from './wasm_loader';
import { WasmArchives } from './archives/wasm_archives';
import { WasmLog } from './wasm_log';

/** What the log may grow to, unless the page says otherwise. */
const BUDGET_BYTES = 3 * 2 ** 30;
/** What all archives together may be unpacked to, unless the page says otherwise. The browser keeps it on disk. */
const UNPACKED_BYTES = 8e9;
const CATALOGUE_MS = 100;
const PROGRESS_MS = 250;

/**
 * The reading worker's whole behaviour, without a Worker: takes requests, posts responses and notices. Queries are
 * answered while files are being read.
 */
export class ReaderWorker {
  protected log: WasmLog | undefined;
  protected readonly remote = new RemoteReads((notice) => this.notify(notice));
  /** Where each file's bytes are, by its number in the log: payloads are read when they are asked for. */
  protected readonly sourceOf: SourceRef[] = [];
  protected readonly answers = new Answerer((error) => this.notify({ type: 'fatal', error }));
  private readonly reports = new ReportBook();
  private readonly shared: Shared = {
    runs: new RunNames(),
    unpacked: { limit: UNPACKED_BYTES, used: 0 },
    archives: async (sources) => {
      const { archiveWasm } = this;
      if (!archiveWasm) throw new Error('asked before init');
      // One that could not be fetched, or has died, is fetched again for the next archive.
      const before = this.archives;
      const known = await before?.catch(() => undefined);
      if (this.archives === before && (!known || known.dead)) this.archives = undefined;
      return (this.archives ??= sources.load(archiveWasm).then(({ bytes }) => WasmArchives.of(bytes)));
    },
  };
  private archiveWasm: SourceRef | undefined;
  private archives: Promise<WasmArchives> | undefined;
  /** Reports of files that could not be read, not told yet. */
  private unread: FileReport[] = [];
  private readonly news = new Throttle(CATALOGUE_MS, () => this.sendNews());
  private connected = 0;

  constructor(
    private readonly post: Post<Answer | Notice>,
    private readonly loadWasm: LoadWasm<ReaderModule>,
  ) {}

  /** Answers one request with exactly one response. Never throws. */
  async handle(request: Request): Promise<void> {
    await this.handleOf('page', request, this.post);
  }

  private handleOf(asker: string, request: Request, post: Post<Answer>): Promise<void> {
    return this.answers.answer(request.id, post, () => this.find(request, asker));
  }

  /** @param asker whose requests its own can cancel */
  protected async find(request: Request, asker: string): Promise<Body> {
    const key = `${asker} ${request.id}`;
    switch (request.type) {
      case 'init': {
        this.log = this.logOf(await this.loadWasm(request.wasm), request.budgetBytes ?? BUDGET_BYTES);
        this.archiveWasm = request.archives;
        this.shared.unpacked.limit = request.unpackedBytes ?? UNPACKED_BYTES;
        return [null, []];
      }
      case 'open':
        await this.answers.cancellable(key, (signal) => this.open(request.id, request.files, signal));
        return [null, []];
      case 'cancel':
        this.answers.cancel(`${asker} ${request.target}`);
        return [null, []];
      case 'lines': {
        const lines = this.living().lines(request.charts);
        return [lines, [lines]];
      }
      case 'pick': {
        const picks = this.living().pick(request.series, request.x, request.at, request.smoothing);
        return [picks, [picks.rows.buffer, picks.steps.buffer] as ArrayBuffer[]];
      }
      case 'steps': {
        const union = this.living().steps(request.series);
        return [union, [union.steps.buffer, union.inEveryRun.buffer] as ArrayBuffer[]];
      }
      case 'columns': {
        const columns = this.living().columns(request.series);
        return [columns, [columns.steps.buffer, columns.wallTimes.buffer, columns.values.buffer]];
      }
      case 'points': {
        const points = this.living().points(request.series);
        const { steps, wallTimes, points: indices, hasPayload } = points;
        return [points, [steps, wallTimes, indices, hasPayload].map(({ buffer }) => buffer as ArrayBuffer)];
      }
      case 'payloads': {
        const payloads = this.living().payloads(request.series, request.points);
        return [payloads, [payloads.rows.buffer]];
      }
      case 'bytes': {
        const { file, from, to } = request;
        const bytes = await this.answers.cancellable(key, (signal) => this.bytes(file, from, to, signal));
        return [bytes, [bytes]];
      }
      case 'connect': {
        const { port } = request;
        const other = `port ${this.connected++}`;
        port.onmessage = ({ data }: MessageEvent<Request>) =>
          void this.handleOf(other, data, (message, transfer) => port.postMessage(message, transfer));
        return [null, []];
      }
      case 'purge':
        this.living().setPurge(request.purge);
        this.sendNews();
        return [null, []];
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

  protected logOf(wasm: ReaderModule, budgetBytes: number): WasmLog {
    return WasmLog.of(wasm, budgetBytes);
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

  /** Bytes of a file that was read before. */
  private async bytes(file: number, from: number, to: number, signal: AbortSignal): Promise<ArrayBuffer> {
    const source = this.sourceOf[file];
    if (!source) throw new Fault({ code: 'unreadable' });
    const bytes = await new SourceReader(this.remote, signal).slice(source, from, to - from);
    if (signal.aborted) throw new Fault({ code: 'cancelled' });
    if (bytes.length < to - from) throw new Fault({ code: 'changed_on_disk', file: source.path });
    return bytes.buffer;
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
      this.answers.die(error);
    }
  }

  private living(): WasmLog {
    return this.answers.living(this.log);
  }

  protected notify(notice: Notice, transfer: Transferable[] = []): void {
    this.post(notice, transfer);
  }
}

function columnsOf(delta: CatalogueDelta): Transferable[] {
  return Object.values(delta).flatMap((column) => (ArrayBuffer.isView(column) ? [column.buffer as ArrayBuffer] : []));
}
