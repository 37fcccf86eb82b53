import { asWireError, Fault } from './fault';
import type {
  CatalogueDelta,
  FileProgress,
  FileReport,
  Notice,
  OpenFile,
  Replies,
  Request,
  RequestType,
  Response,
  WireError,
} from './protocol';
import { assertUnreachable } from './protocol';
import { Reading } from './reading';
import { RemoteReads } from './remote_reads';
import { ReportBook } from './report_book';
import { SourceReader } from './source_reader';
import type { SourceRef } from '../sources/source_ref';
import { Throttle } from './throttle';
import { WasmLog } from './wasm_log';
import type { WasmModule } from './wasm_session';

/** What the log may grow to, unless the page says otherwise. */
const BUDGET_BYTES = 3 * 2 ** 30;
const CATALOGUE_MS = 100;
const PROGRESS_MS = 250;

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
  private readonly openings = new Map<number, AbortController>();
  private readonly reports = new ReportBook();
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
        return [null, []];
      }
      case 'open':
        await this.open(request.id, request.files);
        return [null, []];
      case 'cancel':
        this.openings.get(request.target)?.abort();
        return [null, []];
      case 'lines': {
        const lines = this.living().lines(request.charts);
        return [lines, [lines]];
      }
      case 'pick': {
        const picks = this.living().pick(request.series, request.x, request.at, request.smoothing);
        return [picks, [picks.rows.buffer, picks.steps.buffer]];
      }
      case 'purge':
        this.living().setPurge(request.purge);
        this.sendNews();
        return [null, []];
      case 'dump':
        return [
          await this.living().dump(request.purge ?? 'none', (file, offset, length) =>
            this.readAgain(file, offset, length),
          ),
          [],
        ];
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

  private async open(id: number, files: readonly OpenFile[]): Promise<void> {
    const log = this.living();
    const abort = new AbortController();
    this.openings.set(id, abort);
    const changed = new Map<number, FileProgress>();
    const progress = new Throttle(PROGRESS_MS, () => {
      if (changed.size > 0) this.notify({ type: 'progress', open: id, files: [...changed.values()] });
      changed.clear();
    });
    const events = {
      opened: (file: number, source: SourceRef) => void (this.sourceOf[file] = source),
      decoded: () => this.news.touch(),
      progress: (file: FileProgress) => {
        changed.set(file.file, file);
        progress.touch();
      },
      failed: ({ run, name, source }: OpenFile, error: WireError) => {
        this.unread.push(this.reports.putError({ run, name, size: source.size ?? 0 }, error));
        this.news.touch();
      },
    };
    try {
      await new Reading(files, log, new SourceReader(this.remote, abort.signal), events, abort.signal).run();
      this.news.flush();
    } finally {
      this.news.stop();
      progress.flush();
      this.openings.delete(id);
    }
  }

  /** A part of a file that was read before; nothing if it is gone. */
  private async readAgain(file: number, offset: number, length: number): Promise<Uint8Array> {
    const source = this.sourceOf[file];
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

function columnsOf(delta: CatalogueDelta): Transferable[] {
  return Object.values(delta).flatMap((column) => (ArrayBuffer.isView(column) ? [column.buffer as ArrayBuffer] : []));
}
