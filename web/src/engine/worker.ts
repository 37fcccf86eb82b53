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
import { SourceReader } from './source_reader';
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
  private readonly openings = new Map<number, AbortController>();
  /** The last report of wasm, and what it cannot know: which files could not be read. */
  private decodeReport: FileReport[] = [];
  private readonly readErrors: FileReport[] = [];
  private readErrorsTold = 0;
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
      case 'dump':
        return [this.living().dump(), []];
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
      decoded: () => this.news.touch(),
      progress: (file: FileProgress) => {
        changed.set(file.file, file);
        progress.touch();
      },
      failed: ({ run, name, source }: OpenFile, error: WireError) => {
        this.readErrors.push({ run, name, size: source.size ?? 0, records: 0, error, counts: [], places: [] });
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

  /** What was read since the last time, and the report if it changed. */
  private sendNews(): void {
    try {
      const log = this.living();
      const delta = log.takeCatalogue();
      if (delta) this.notify({ type: 'catalogue', delta }, columnsOf(delta));
      const report = log.takeReport();
      if (report || this.readErrorsTold < this.readErrors.length) {
        this.decodeReport = report ?? this.decodeReport;
        this.readErrorsTold = this.readErrors.length;
        this.notify({ type: 'report', files: merged(this.decodeReport, this.readErrors) });
      }
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

/** One entry a file: a read error joins what was found in the file before it. */
function merged(decoded: readonly FileReport[], readErrors: readonly FileReport[]): FileReport[] {
  const key = ({ run, name }: FileReport): string => JSON.stringify([run, name]);
  const files = new Map(decoded.map((file) => [key(file), file]));
  for (const file of readErrors)
    files.set(key(file), { ...file, ...files.get(key(file)), error: file.error as WireError });
  return [...files.values()];
}
