import { computed, signal } from '@preact/signals-core';
import { Catalogue } from '../model/catalogue';
import type { RunOrigin } from '../model/fold';
import { directoryOf, isRoot, keepApart, type OpenFile } from '../sources/event_files';
import { isArchive } from '../sources/log_names.mjs';
import type { Neighbour } from '../sources/find_neighbours';
import { RunNames } from '../sources/run_names';
import type { SourceRef } from '../sources/source_ref';
import { OpenedFiles } from '../sources/opened_files';
import { Asker, type Answer } from './asker';
import type { Embeddings } from './embeddings/embeddings';
import type { EmbeddingsClient } from './embeddings/embeddings_client';
import type { Engine, Pick } from './engine';
import { Fault, type WireError } from '../faults/fault';
import type { GraphClient } from './graphs/graph_client';
import type { Graphs } from './graphs/graphs';
import type { CompatibleBins, GridQuery, HistogramPoint } from './values/histograms';
import type { ReadHParams } from './hparams_reader';
import { LazySide, type LoadSide } from './lazy_side';
import { decodeLines, type ChartLines } from './lines';
import type { GifClip, MediaPoint, SoundClip } from './values/media';
import { Neighbours } from './neighbours';
import type { ProjectionClient } from './projections/projection_client';
import type { Projections } from './projections/projections';
import type {
  ChartQuery,
  FileProgress,
  FileReport,
  Notice,
  PickReply,
  PlacedNeighbour,
  Purge,
  Replies,
  RequestBody,
  RestartReport,
  XKind,
} from './protocol';
import { assertUnreachable } from './protocol';
import { ReportBook } from './report_book';
import { UrlPump } from './url_pump';
import { ValueCache } from './value_cache';
import type { ValuesClient } from './values/values_client';
import type { Columns, PointValue, SeriesPoints, StepUnion } from './values/values';

/** As much of a Worker as is used. */
export interface WorkerPort {
  postMessage(message: unknown, transfer: Transferable[]): void;
  onmessage: ((event: MessageEvent<Answer | Notice>) => void) | null;
  onerror: ((event: ErrorEvent) => void) | null;
  terminate(): void;
}

/** What answers beside the reading worker, by what it answers about: each is loaded when it is asked for first. */
export interface Sides {
  values: LoadSide<ValuesClient>;
  graphs: LoadSide<GraphClient>;
  embeddings: LoadSide<EmbeddingsClient>;
  projections: LoadSide<ProjectionClient>;
}

/** Queries that come sooner after others wait for the next frame, to be asked together. */
const PAUSE_MS = 50;
/** Columns of points that are kept, bytes. */
const KEPT_POINTS = 16 << 20;

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

/** The engine: one worker that reads and, once there are payloads to look at, one that decodes them. */
export class EngineClient implements Engine {
  readonly catalogue = new Catalogue();
  readonly files = signal<readonly OpenFile[]>([]);
  readonly progress = signal<readonly FileProgress[]>([]);
  readonly loading = signal(false);
  readonly report = signal<readonly FileReport[]>([]);
  readonly restarts = signal<ReadonlyMap<string, RestartReport>>(new Map());
  readonly rootNames = signal<ReadonlyMap<string, string>>(new Map());
  readonly origins = signal<ReadonlyMap<string, RunOrigin>>(new Map());
  private readonly reports = new ReportBook();
  private readonly neighbours: Neighbours;
  readonly beside;
  readonly hparams;
  readonly bookmarkCount;
  readonly fatal = signal<WireError | undefined>(undefined);

  private readonly pump: UrlPump;
  /** What asks the worker, and that once the worker can be asked. */
  private asker: Asker<RequestBody, Replies> | undefined;
  protected readonly ready: Promise<Asker<RequestBody, Replies>>;
  private readonly sides: {
    values: LazySide<ValuesClient>;
    graphs: LazySide<GraphClient>;
    embeddings: LazySide<EmbeddingsClient>;
    projections: LazySide<ProjectionClient>;
  };
  private lastOpen: Promise<unknown> = Promise.resolve();
  private openId = 0;
  /** Tells this opening from others: how many runs were known before. */
  private opening = 0;
  private stopBeside = new AbortController();
  /** What is being read beside the files of this opening. */
  private readBeside: Promise<void>[] = [];
  private readonly runsOpened = new Set<string>();
  private readonly filesOpened = new OpenedFiles();

  private port: WorkerPort | undefined;
  private ended = false;
  private frame = false;
  private lastAsked = -Infinity;
  private linesAsked = false;
  private readonly linesWaiting = new Map<string, Waiting<ChartQuery, ChartLines>>();
  private purge: Purge = 'latest';
  private readonly pointsKept = new ValueCache<SeriesPoints>(KEPT_POINTS);
  private readonly picksAsked = new Set<string>();
  private readonly picksWaiting = new Map<string, Waiting<PickQuery, (Pick | undefined)[]>>();

  /**
   * @param worker runs `reader_worker_entry.ts`.
   * @param wasm what is posted to it.
   * @param archives `archive.wasm`, which it asks for when there is an archive.
   * @param readHParams reads `hparams.yaml`.
   * @param nextFrame calls back when it is time to ask for what the frame will draw.
   */
  constructor(
    worker: Promise<WorkerPort>,
    wasm: Promise<WebAssembly.Module | ArrayBuffer>,
    private readonly archives: SourceRef,
    readHParams: ReadHParams,
    sides: Sides,
    private readonly nextFrame: (run: () => void) => void = (run) => requestAnimationFrame(run),
  ) {
    this.neighbours = new Neighbours((file) => this.putReports([file]), readHParams);
    this.beside = this.neighbours.files;
    this.hparams = this.neighbours.hparams;
    this.bookmarkCount = computed(() => [...this.neighbours.bookmarks.value.values()].reduce((a, b) => a + b, 0));
    const connect = (port: MessagePort): Promise<unknown> => this.ask({ type: 'connect', port }, [port]);
    this.sides = {
      values: new LazySide(sides.values, connect),
      graphs: new LazySide(sides.graphs, connect),
      embeddings: new LazySide(sides.embeddings, connect),
      projections: new LazySide(sides.projections, connect),
    };
    this.pump = new UrlPump((chunk, transfer) => this.ask(chunk, transfer));
    this.ready = this.start(worker, wasm);
    this.ready.catch((error: unknown) =>
      this.die(error instanceof Fault ? error.error : { code: 'bug', detail: String(error) }),
    );
  }

  open(files: OpenFile[], name: string, beside: readonly Neighbour[] = []): Promise<boolean> {
    // One after the other: the files of a run must come in order.
    const opened = this.lastOpen.then(() => this.openNow(files, name, beside));
    this.lastOpen = opened.catch(() => undefined);
    return opened;
  }

  cancel(): void {
    if (!this.loading.value) return;
    this.stopBeside.abort();
    // Behind `ready`, like the request that it cancels. When the worker has died, there is nothing to cancel.
    this.ready.then((asker) => asker.ask({ type: 'cancel', target: this.openId })).catch(() => undefined);
  }

  lines(key: string, query: ChartQuery): Promise<ChartLines | undefined> {
    return this.wait(this.linesWaiting, key, query);
  }

  pick(key: string, series: Uint32Array, x: XKind, at: number, smoothing: number) {
    return this.wait(this.picksWaiting, key, { series, x, at, smoothing });
  }

  steps(series: Uint32Array): Promise<StepUnion> {
    return this.ask({ type: 'steps', series });
  }

  async points(series: number): Promise<SeriesPoints> {
    // What a reading keeps may change while as many points come as go: then the ends of what is kept have changed.
    const ends = (['superseded', 'minStep', 'maxStep', 'firstWall', 'lastWall'] as const).map((column) => this.catalogue.number(series, column)); // prettier-ignore
    const key = [series, this.purge, ...ends].join(' ');
    const kept = this.pointsKept.get(key);
    if (kept?.steps.length === this.catalogue.number(series, 'count')) return kept;
    const points = await this.ask({ type: 'points', series });
    const { steps, wallTimes, points: indices, hasPayload } = points;
    const bytes = steps.byteLength + wallTimes.byteLength + indices.byteLength + hasPayload.byteLength;
    this.pointsKept.put(key, points, bytes);
    return points;
  }

  columns(series: number): Promise<Columns> {
    return this.ask({ type: 'columns', series });
  }

  async value(series: number, point: number, signal: AbortSignal): Promise<PointValue | undefined> {
    return (await this.sides.values.get()).value(series, point, signal);
  }

  async content(series: number, point: number, signal?: AbortSignal): Promise<ArrayBuffer | undefined> {
    return (await this.sides.values.get()).content(series, point, signal);
  }

  async histogramFacts(series: number, points: Uint32Array, signal: AbortSignal): Promise<Float64Array> {
    return (await this.sides.values.get()).ask({ type: 'histogramFacts', series, points }, signal);
  }

  async histogramGrid(grid: GridQuery, signal: AbortSignal): Promise<Float64Array> {
    return (await this.sides.values.get()).ask({ type: 'histogramGrid', grid }, signal);
  }

  async compatibleBins(series: number, points: Uint32Array, signal: AbortSignal): Promise<CompatibleBins | undefined> {
    return (await (await this.sides.values.get()).ask({ type: 'compatibleBins', series, points }, signal)) ?? undefined;
  }

  async histogramDistance(a: HistogramPoint, b: HistogramPoint, signal: AbortSignal): Promise<number> {
    return (await this.sides.values.get()).ask({ type: 'histogramDistance', a, b }, signal);
  }

  async media(series: number, point: number, signal: AbortSignal): Promise<MediaPoint | undefined> {
    return (await this.sides.values.get()).media(series, point, signal);
  }

  async openGif(bytes: Uint8Array, signal: AbortSignal): Promise<GifClip> {
    return (await this.sides.values.get()).openGif(bytes, signal);
  }

  async openSound(bytes: Uint8Array, signal: AbortSignal): Promise<SoundClip> {
    return (await this.sides.values.get()).openSound(bytes, signal);
  }

  graphs(): Promise<Graphs> {
    return this.sides.graphs.get();
  }

  embeddings(): Promise<Embeddings> {
    return this.sides.embeddings.get();
  }

  projections(): Promise<Projections> {
    return this.sides.projections.get();
  }

  setPurge(purge: Purge): void {
    this.purge = purge;
    // Without a worker there is nothing to set; that it died is told elsewhere.
    this.ask({ type: 'purge', purge }).catch(() => undefined);
  }

  async idle(): Promise<void> {
    // An answer may lead to the next question within the frames that follow it.
    for (let quietFrames = 0; quietFrames < 2;) {
      await new Promise<void>((resolve) => this.nextFrame(resolve));
      quietFrames = this.busy() ? 0 : quietFrames + 1;
    }
  }

  end(): void {
    this.ended = true;
    this.stopBeside.abort();
    this.port?.terminate();
    for (const side of Object.values(this.sides)) side.end();
  }

  private busy(): boolean {
    const waiting = this.linesWaiting.size + this.picksWaiting.size;
    const ofSides = Object.values(this.sides).reduce((sum, { unanswered }) => sum + unanswered, 0);
    const asked = (this.asker?.unanswered ?? 0) + ofSides;
    return this.fatal.value === undefined && (this.loading.value || waiting + asked > 0);
  }

  private async start(
    worker: Promise<WorkerPort>,
    wasm: Promise<WebAssembly.Module | ArrayBuffer>,
  ): Promise<Asker<RequestBody, Replies>> {
    // Waited for together, so that neither can fail unseen.
    const [port, compiled] = await Promise.all([worker, wasm]);
    const asker = new Asker<RequestBody, Replies>((message, transfer) => port.postMessage(message, transfer));
    this.asker = asker;
    this.port = port;
    if (this.ended) port.terminate();
    port.onmessage = ({ data }) => ('ok' in data ? asker.take(data) : this.onNotice(data));
    port.onerror = (event) => this.die({ code: 'bug', detail: event.message });
    await asker.ask({ type: 'init', wasm: compiled, archives: this.archives });
    return asker;
  }

  private async openNow(found: OpenFile[], name: string, beside: readonly Neighbour[]): Promise<boolean> {
    const fresh = await this.filesOpened.withoutOpened(found);
    if (fresh.length === 0 && (found.length > 0 || !(await this.neighbours.hasNew(beside)))) return false;
    // Those that are in archives are found while they are read.
    const files = keepApart(fresh, new RunNames([...this.runsOpened, ...this.catalogue.runs]));
    for (const { run } of files) this.runsOpened.add(run);
    this.files.value = [...this.files.value, ...files];
    this.opening = this.origins.value.size;
    // An archive is no run; those in it come later.
    this.addOrigins(files.flatMap(({ run, name }, i) => (isArchive(name) ? [] : [{ run, name, path: fresh[i]?.run ?? run }]))); // prettier-ignore
    for (const run of new Set(files.map(({ run }) => run).filter(isRoot))) this.nameRoot(run, name);
    this.progress.value = files.map(({ source, run, name }, file) => ({
      file,
      run,
      name,
      bytes: 0,
      state: 'waiting',
      ...(source.size === undefined ? {} : { size: source.size }),
    }));
    this.loading.value = true;
    this.stopBeside = new AbortController();
    // The run that was found in a directory last.
    const runAt = new Map([...this.origins.value].map(([run, { path }]) => [path, run]));
    fresh.forEach(({ run }, i) => runAt.set(run, files[i]?.run ?? run));
    const placed = beside.map((file): PlacedNeighbour => {
      const run = runAt.get(directoryOf(file.path));
      return run === undefined ? file : { ...file, run };
    });
    this.readBeside = [this.neighbours.add(placed, fresh.length < found.length, this.stopBeside.signal)];
    try {
      const asker = await this.ready;
      this.openId = asker.nextId;
      await asker.ask({ type: 'open', files });
      fresh.forEach((file, i) => this.isRead(files[i] as OpenFile, i) && this.filesOpened.add(file));
    } catch (error) {
      // When the worker has died, `fatal` says why; what is wrong with a file is in the report.
      if (!this.fatal.value) throw error;
    } finally {
      await Promise.all(this.readBeside);
      this.loading.value = false;
    }
    return true;
  }

  /** @param files of this opening, by the names that their runs got; `path` is the run as it was found */
  private addOrigins(files: readonly { run: string; name: string; path: string }[]): void {
    if (files.length === 0) return;
    const found = new Map<string, { path: string; names: Set<string> }>();
    for (const { run, name, path } of files) {
      const known = found.get(run) ?? { path, names: new Set(this.origins.value.get(run)?.files) };
      found.set(run, known);
      known.names.add(name);
    }
    const { opening } = this;
    const added = [...found].map(([run, { path, names }]) => [run, { opening, path, files: [...names] }] as const);
    this.origins.value = new Map([...this.origins.value, ...added]);
  }

  private putReports(files: readonly FileReport[]): void {
    for (const file of files) this.reports.put(file);
    this.report.value = this.reports.all();
  }

  /** Whether a file of the last opening was read to its end, and is one of events. */
  private isRead({ run, name }: OpenFile, index: number): boolean {
    return this.progress.value[index]?.state === 'done' && this.reports.get(run, name)?.error === undefined;
  }

  /** @param run that of files directly in what was opened, `.` or, kept apart, `. (2)` */
  private nameRoot(run: string, name: string): void {
    const known = this.rootNames.value;
    const taken = [...known.values()].includes(name);
    this.rootNames.value = new Map([...known, [run, taken ? name + run.slice(1) : name]]);
  }

  private async ask<R extends RequestBody>(request: R, transfer: Transferable[] = []): Promise<Replies[R['type']]> {
    return (await this.ready).ask(request, transfer);
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
        this.addOrigins(notice.files.flatMap(({ run, name, foundAt }) => (foundAt === undefined ? [] : [{ run, name, path: foundAt }]))); // prettier-ignore
        break;
      }
      case 'report':
        this.putReports(notice.files);
        break;
      case 'beside':
        if (notice.open !== this.openId) break;
        this.readBeside.push(this.neighbours.addAll(notice.archives, this.stopBeside.signal));
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
    this.asker?.fail(error);
    for (const side of Object.values(this.sides)) side.fail(error);
    const lost = [...this.linesWaiting.values(), ...this.picksWaiting.values()];
    for (const map of [this.linesWaiting, this.picksWaiting]) map.clear();
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
    const ask = (): void => {
      this.frame = false;
      this.lastAsked = performance.now();
      void this.askLines();
      for (const key of this.picksWaiting.keys()) void this.askPick(key);
    };
    // After a pause the answer can be there when the next frame is drawn.
    if (performance.now() - this.lastAsked > PAUSE_MS) queueMicrotask(ask);
    else this.nextFrame(ask);
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
    const number = (column: number): number => rows[8 * i + column] as number;
    if (Number.isNaN(number(0))) return undefined;
    return {
      x: number(0),
      value: number(1),
      smoothed: number(2),
      step: steps[i] as bigint,
      wall: number(4),
      relative: number(5),
      part: number(6),
      parts: number(7),
    };
  });
}
