import { signal } from '@preact/signals-core';
import { Catalogue } from '../model/catalogue';
import { keepApart } from '../sources/event_files';
import { OpenedFiles } from '../sources/opened_files';
import type { Engine, Pick } from './engine';
import { Fault } from './fault';
import { decodeLines, type ChartLines } from './lines';
import type {
  ChartQuery,
  FileProgress,
  FileReport,
  Notice,
  OpenFile,
  PickReply,
  Purge,
  Replies,
  Request,
  RequestBody,
  Response,
  RestartReport,
  WireError,
  XKind,
} from './protocol';
import { assertUnreachable } from './protocol';
import { ReportBook } from './report_book';
import { UrlPump } from './url_pump';

/** As much of a Worker as is used. */
export interface WorkerPort {
  postMessage(message: Request, transfer: Transferable[]): void;
  onmessage: ((event: MessageEvent<Response | Notice>) => void) | null;
  onerror: ((event: ErrorEvent) => void) | null;
}

/** A query that waits for the next frame, or for the answer to the one before it. */
interface Waiting<Q, A> {
  query: Q;
  resolve: (answer: A | undefined) => void;
  reject: (error: unknown) => void;
}

interface PickQuery {
  series: Uint32Array;
  x: XKind;
  at: number;
  smoothing: number;
}

/** The engine on one worker. */
export class EngineClient implements Engine {
  readonly catalogue = new Catalogue();
  readonly progress = signal<readonly FileProgress[]>([]);
  readonly loading = signal(false);
  readonly report = signal<readonly FileReport[]>([]);
  readonly restarts = signal<ReadonlyMap<string, RestartReport>>(new Map());
  readonly rootNames = signal<ReadonlyMap<string, string>>(new Map());
  private readonly reports = new ReportBook();
  readonly fatal = signal<WireError | undefined>(undefined);

  private nextId = 1;
  private readonly unanswered = new Map<number, { resolve: (body: never) => void; reject: (error: unknown) => void }>();
  private readonly pump: UrlPump;
  /** The worker, once it can be asked. */
  private readonly ready: Promise<WorkerPort>;
  private lastOpen: Promise<unknown> = Promise.resolve();
  private openId = 0;
  private readonly runsOpened = new Set<string>();
  private readonly filesOpened = new OpenedFiles();

  private frame = false;
  private linesAsked = false;
  private readonly linesWaiting = new Map<string, Waiting<ChartQuery, ChartLines>>();
  private readonly picksAsked = new Set<string>();
  private readonly picksWaiting = new Map<string, Waiting<PickQuery, (Pick | undefined)[]>>();

  /**
   * @param worker runs `worker_entry.ts`.
   * @param wasm what is posted to it.
   * @param nextFrame calls back when it is time to ask for what the frame will draw.
   */
  constructor(
    worker: Promise<WorkerPort>,
    wasm: Promise<WebAssembly.Module | ArrayBuffer>,
    private readonly nextFrame: (run: () => void) => void = (run) => requestAnimationFrame(run),
  ) {
    this.pump = new UrlPump(async (chunk, transfer) => this.post(await this.ready, chunk, transfer));
    this.ready = this.start(worker, wasm);
    this.ready.catch((error: unknown) =>
      this.die(error instanceof Fault ? error.error : { code: 'bug', detail: String(error) }),
    );
  }

  open(files: OpenFile[], name: string): Promise<boolean> {
    // One after the other: the files of a run must come in order.
    const opened = this.lastOpen.then(() => this.openNow(files, name));
    this.lastOpen = opened.catch(() => undefined);
    return opened;
  }

  cancel(): void {
    if (!this.loading.value) return;
    // Behind `ready`, like the request that it cancels. When the worker has died, there is nothing to cancel.
    this.ready.then((port) => this.post(port, { type: 'cancel', target: this.openId }, [])).catch(() => undefined);
  }

  lines(key: string, query: ChartQuery): Promise<ChartLines | undefined> {
    return this.wait(this.linesWaiting, key, query);
  }

  pick(key: string, series: Uint32Array, x: XKind, at: number, smoothing: number) {
    return this.wait(this.picksWaiting, key, { series, x, at, smoothing });
  }

  setPurge(purge: Purge): void {
    // Without a worker there is nothing to set; that it died is told elsewhere.
    this.ask({ type: 'purge', purge }).catch(() => undefined);
  }

  dump(purge?: Purge): Promise<string> {
    return this.ask(purge ? { type: 'dump', purge } : { type: 'dump' });
  }

  async idle(): Promise<void> {
    // An answer may lead to the next question within the frames that follow it.
    for (let quietFrames = 0; quietFrames < 2;) {
      await new Promise<void>((resolve) => this.nextFrame(resolve));
      quietFrames = this.busy() ? 0 : quietFrames + 1;
    }
  }

  private busy(): boolean {
    const waiting = this.linesWaiting.size + this.picksWaiting.size;
    return this.fatal.value === undefined && (this.loading.value || waiting + this.unanswered.size > 0);
  }

  private async start(
    worker: Promise<WorkerPort>,
    wasm: Promise<WebAssembly.Module | ArrayBuffer>,
  ): Promise<WorkerPort> {
    // Waited for together, so that neither can fail unseen.
    const [port, compiled] = await Promise.all([worker, wasm]);
    port.onmessage = ({ data }) => ('ok' in data ? this.onResponse(data) : this.onNotice(data));
    port.onerror = (event) => this.die({ code: 'bug', detail: event.message });
    await this.post(port, { type: 'init', wasm: compiled }, []);
    return port;
  }

  private async openNow(found: OpenFile[], name: string): Promise<boolean> {
    const fresh = await this.filesOpened.withoutOpened(found);
    if (fresh.length === 0) return false;
    const files = keepApart(fresh, this.runsOpened);
    for (const { run } of files) this.runsOpened.add(run);
    this.nameRoot(files[fresh.findIndex(({ run }) => run === '.')]?.run, name);
    this.progress.value = files.map(({ source, run, name }, file) => ({
      file,
      run,
      name,
      bytes: 0,
      state: 'waiting',
      ...(source.size === undefined ? {} : { size: source.size }),
    }));
    this.loading.value = true;
    try {
      const port = await this.ready;
      this.openId = this.nextId;
      await this.post(port, { type: 'open', files }, []);
      fresh.forEach((file, i) => this.isRead(files[i] as OpenFile, i) && this.filesOpened.add(file));
    } catch (error) {
      // When the worker has died, `fatal` says why; what is wrong with a file is in the report.
      if (!this.fatal.value) throw error;
    } finally {
      this.loading.value = false;
    }
    return true;
  }

  /** Whether a file of the last opening was read to its end, and is one of events. */
  private isRead({ run, name }: OpenFile, index: number): boolean {
    return this.progress.value[index]?.state === 'done' && this.reports.get(run, name)?.error === undefined;
  }

  /** @param run that of the files directly in what was opened, `.` or, kept apart, `. (2)`; undefined = there are none */
  private nameRoot(run: string | undefined, name: string): void {
    if (run === undefined) return;
    const known = this.rootNames.value;
    const taken = [...known.values()].includes(name);
    this.rootNames.value = new Map([...known, [run, taken ? name + run.slice(1) : name]]);
  }

  private async ask<R extends RequestBody>(request: R): Promise<Replies[R['type']]> {
    return this.post(await this.ready, request, []);
  }

  private post<R extends RequestBody>(
    port: WorkerPort,
    request: R,
    transfer: Transferable[],
  ): Promise<Replies[R['type']]> {
    if (this.fatal.value) return Promise.reject(new Fault(this.fatal.value));
    const id = this.nextId++;
    return new Promise((resolve, reject) => {
      port.postMessage({ ...request, id }, transfer);
      this.unanswered.set(id, { resolve, reject });
    });
  }

  private onResponse(response: Response): void {
    const asked = this.unanswered.get(response.id);
    this.unanswered.delete(response.id);
    if (response.ok) asked?.resolve(response.body as never);
    else asked?.reject(new Fault(response.error));
  }

  private onNotice(notice: Notice): void {
    switch (notice.type) {
      case 'catalogue':
        this.catalogue.apply(notice.delta);
        break;
      case 'progress': {
        if (notice.open !== this.openId) break;
        const files = [...this.progress.value];
        for (const file of notice.files) files[file.file] = file;
        this.progress.value = files;
        break;
      }
      case 'report':
        for (const file of notice.files) this.reports.put(file);
        this.report.value = this.reports.all();
        break;
      case 'restarts':
        this.restarts.value = new Map([...this.restarts.value, ...notice.runs.map((run) => [run.run, run] as const)]);
        break;
      case 'read':
        void this.pump.read(notice).catch(() => undefined);
        break;
      case 'readDone':
        this.pump.done(notice.read);
        break;
      case 'fatal':
        this.die(notice.error);
        break;
      default:
        assertUnreachable(notice);
    }
  }

  private die(error: WireError): void {
    this.fatal.value ??= error;
    const fault = new Fault(error);
    const lost = [...this.unanswered.values(), ...this.linesWaiting.values(), ...this.picksWaiting.values()];
    for (const map of [this.unanswered, this.linesWaiting, this.picksWaiting]) map.clear();
    for (const { reject } of lost) reject(fault);
  }

  private wait<Q, A>(waiting: Map<string, Waiting<Q, A>>, key: string, query: Q): Promise<A | undefined> {
    if (this.fatal.value) return Promise.reject(new Fault(this.fatal.value));
    waiting.get(key)?.resolve(undefined);
    return new Promise((resolve, reject) => {
      waiting.set(key, { query, resolve, reject });
      this.askNextFrame();
    });
  }

  private askNextFrame(): void {
    if (this.frame) return;
    this.frame = true;
    this.nextFrame(() => {
      this.frame = false;
      void this.askLines();
      for (const key of this.picksWaiting.keys()) void this.askPick(key);
    });
  }

  /** One request for all charts, and the next one only when it is answered: so the newest queries win. */
  private async askLines(): Promise<void> {
    if (this.linesAsked || this.linesWaiting.size === 0) return;
    const asked = [...this.linesWaiting.values()];
    this.linesWaiting.clear();
    this.linesAsked = true;
    try {
      const charts = asked.map(({ query }) => query);
      const buffer = await this.ask({ type: 'lines', charts });
      const answers = decodeLines(buffer, charts.map(({ series }) => series.length)); // prettier-ignore
      asked.forEach(({ resolve }, i) => resolve(answers[i]));
    } catch (error) {
      for (const { reject } of asked) reject(error);
    } finally {
      this.linesAsked = false;
      if (this.linesWaiting.size > 0) this.askNextFrame();
    }
  }

  private async askPick(key: string): Promise<void> {
    const waiting = this.picksWaiting.get(key);
    if (!waiting || this.picksAsked.has(key)) return;
    this.picksWaiting.delete(key);
    this.picksAsked.add(key);
    try {
      const { query } = waiting;
      waiting.resolve(picksOf(await this.ask({ type: 'pick', ...query }), query.series.length));
    } catch (error) {
      waiting.reject(error);
    } finally {
      this.picksAsked.delete(key);
      if (this.picksWaiting.has(key)) this.askNextFrame();
    }
  }
}

function picksOf({ rows, steps }: PickReply, count: number): (Pick | undefined)[] {
  return Array.from({ length: count }, (_, i) => {
    const number = (column: number): number => rows[6 * i + column] as number;
    if (Number.isNaN(number(0))) return undefined;
    return {
      x: number(0),
      value: number(1),
      smoothed: number(2),
      step: steps[i] as bigint,
      wall: number(4),
      relative: number(5),
    };
  });
}
