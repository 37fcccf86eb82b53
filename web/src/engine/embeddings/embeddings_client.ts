import { readBytes, sizeOfSource } from '../../sources/read_text';
import type { SourceRef } from '../../sources/source_ref';
import type { Categories, CellMatch, EmbeddingFile, EmbeddingProblem, Embeddings, FileTensor, FoundEmbeddings, Looked, MetadataFacts, TensorPlace, TensorSeries, TensorValues, Variable } from './embeddings'; // prettier-ignore
import type { EmbeddingsReplies, EmbeddingsRequestBody, TaskResult } from './embeddings_protocol';
import { asReadError, Fault, type WireError } from '../../faults/fault';
import { findEmbeddings, isLookedAt, type Findings } from './find_embeddings';
import { MAX_H5_BYTES, type H5Reader } from './h5_reader';
import { ReadAhead } from './read_ahead';
import { nextSourceId } from '../../sources/event_files';
import { SideWorker, type Connect, type Living, type StartSideWorker } from '../side_worker';

/** Sprites and bookmarks are not larger, bytes. */
const MAX_FILE_BYTES = 256 << 20;

type Life = Living<EmbeddingsRequestBody, EmbeddingsReplies>;
type TaskRequest = Extract<EmbeddingsRequestBody, { type: 'look' | 'tensor' | 'metadata' }>;

/**
 * The page's side of the worker of embeddings, for which it reads files. One task after the other; what only looks something
 * up in metadata is answered in between.
 */
export class EmbeddingsClient implements Embeddings {
  private readonly worker: SideWorker<EmbeddingsRequestBody, EmbeddingsReplies>;
  private readonly sources = new Map<string, SourceRef>();
  private readonly sizes = new Map<string, number>();
  /** Files that a worker knows. */
  private readonly known = new WeakMap<Life, Set<string>>();
  /** The worker that a table is in: with it, it is gone. */
  private readonly lifeOf = new Map<number, { life: Life; table: number }>();
  private lastTable = 0;
  /** Rows of the files of tensors that were read. */
  private readonly rows = new Map<string, number>();
  private lastTask: Promise<unknown> = Promise.resolve();

  constructor(
    startWorker: StartSideWorker,
    connect: Connect,
    private readonly h5: H5Reader,
  ) {
    this.worker = new SideWorker(startWorker, connect);
  }

  /** How many questions are not answered. */
  get unanswered(): number {
    return this.worker.unanswered;
  }

  async find(
    files: readonly EmbeddingFile[],
    series: readonly TensorSeries[],
    signal: AbortSignal,
  ): Promise<FoundEmbeddings> {
    const looked = new Map<string, Looked>();
    const h5 = new Map<string, readonly Variable[]>();
    const problems: EmbeddingProblem[] = [];
    for (const { path, source } of files) {
      this.sources.set(path, source);
      this.sizes.delete(path);
    }
    const attempt = async (path: string, read: () => Promise<void>): Promise<void> => {
      await read().catch((error: unknown) => {
        if (signal.aborted) throw error;
        const { code, detail } = asReadError(error);
        problems.push({ fault: 'unreadable', path, text: detail ?? code });
      });
    };
    for (const { path } of files.filter(isLookedAt)) {
      await attempt(path, async () => {
        looked.set(path, (await this.task({ type: 'look', path }, signal)) as Looked);
      });
    }
    const weights = [...looked].flatMap(([path, { kind }]) => (kind === 'h5' ? [path] : []));
    for (const epochs of epochsOf(weights)) {
      const last = epochs.at(-1) ?? '';
      await attempt(last, async () => {
        const variables = await this.h5.list(await this.wholeOf(last, signal));
        for (const path of epochs) h5.set(path, variables);
      });
    }
    const matrices = await this.matricesAmong(series, signal);
    return findEmbeddings(files, { looked, h5, series: matrices, problems });
  }

  async read(place: TensorPlace, signal: AbortSignal, progress?: (share: number) => void): Promise<TensorValues> {
    const key = this.keyOf(place);
    const values = await (place.kind === 'point'
      ? this.inWorker((life) => life.asker.askUnless(signal, { ...place, type: 'point' }))
      : this.readFile(place, signal, progress));
    const { metadata, fileRows } = values.facts;
    this.rows.set(key, fileRows);
    if (metadata) metadata.table = await this.named(metadata.table);
    return values;
  }

  async rowsOf(place: TensorPlace, signal: AbortSignal): Promise<number> {
    const known = this.rows.get(this.keyOf(place));
    if (known !== undefined) return known;
    const { facts } = await this.read(place, signal);
    if (facts.metadata) this.closeMetadata(facts.metadata.table);
    return facts.fileRows;
  }

  async openMetadata(path: string, rows: Uint32Array | undefined, signal: AbortSignal): Promise<MetadataFacts> {
    this.addUrl(path);
    const facts = (await this.task({ type: 'metadata', path, rows }, signal)) as MetadataFacts;
    return { ...facts, table: await this.named(facts.table) };
  }

  closeMetadata(table: number): void {
    const known = this.lifeOf.get(table);
    this.lifeOf.delete(table);
    known?.life.asker.ask({ type: 'closeMetadata', table: known.table }).catch(() => undefined);
  }

  texts(table: number, column: number, from: number, count: number): Promise<string[]> {
    return this.ask(table, (opened) => ({ type: 'texts', table: opened, column, from, count }));
  }

  row(table: number, row: number): Promise<string[]> {
    return this.ask(table, (opened) => ({ type: 'row', table: opened, row }));
  }

  numbers(table: number, column: number): Promise<Float64Array<ArrayBuffer>> {
    return this.ask(table, (opened) => ({ type: 'numbers', table: opened, column }));
  }

  categories(table: number, column: number): Promise<Categories> {
    return this.ask(table, (opened) => ({ type: 'categories', table: opened, column }));
  }

  search(table: number, wanted: CellMatch): Promise<Uint32Array<ArrayBuffer>> {
    return this.ask(table, (opened) => ({ type: 'search', table: opened, wanted }));
  }

  async bytes(path: string, signal: AbortSignal): Promise<Uint8Array<ArrayBuffer>> {
    this.addUrl(path);
    return readBytes(this.sourceOf(path), MAX_FILE_BYTES, signal).catch(asFault);
  }

  /** The logs are gone: nothing is answered any more. */
  fail(error: WireError): void {
    this.worker.fail(error);
  }

  /** Ends the worker for good: nothing is answered any more. */
  end(): void {
    this.worker.end();
  }

  private async readFile(
    place: FileTensor,
    signal: AbortSignal,
    progress?: (share: number) => void,
  ): Promise<TensorValues> {
    if (place.form !== 'h5') return (await this.task({ type: 'tensor', place }, signal, progress)) as TensorValues;
    // As if the numbers were a file of their own: what is not finite is left out of it as of others.
    const { values, shape } = await this.h5.read(await this.wholeOf(place.path, signal), place.name ?? '');
    const [rows = 0, columns = 1] = shape;
    const path = `${place.path}\0${place.name ?? ''}`;
    const source = { id: nextSourceId(), path, size: values.byteLength, bytes: values.buffer };
    this.sources.set(path, source);
    this.sizes.delete(path);
    try {
      const raw: FileTensor = { path, form: 'bytes', shape: [rows, columns] };
      return (await this.task({ type: 'tensor', place: raw }, signal)) as TensorValues;
    } finally {
      this.sources.delete(path);
    }
  }

  /** Those of the series whose last tensor is a matrix of numbers. */
  private async matricesAmong(series: readonly TensorSeries[], signal: AbortSignal): Promise<Findings['series']> {
    const found: Findings['series'][number][] = [];
    for (const one of series) {
      const point = one.points.at(-1);
      if (point === undefined) continue;
      const facts = await this.inWorker((life) =>
        life.asker.askUnless(signal, { type: 'shape', series: one.series, point }),
      );
      const [rows, columns, ...more] = facts?.shape ?? [];
      if (!facts || rows === undefined || columns === undefined || more.length > 0) continue;
      found.push({ ...one, shape: [rows, columns], dtype: facts.dtype });
    }
    return found;
  }

  /** Runs a task behind those that were begun before, and reads for it. */
  private task(request: TaskRequest, signal: AbortSignal, progress?: (share: number) => void): Promise<TaskResult> {
    const run = this.lastTask.then(() => this.inWorker((life) => this.runTask(life, request, signal, progress)));
    this.lastTask = run.catch(() => undefined);
    return run;
  }

  private async runTask(
    life: Life,
    request: TaskRequest,
    signal: AbortSignal,
    progress?: (share: number) => void,
  ): Promise<TaskResult> {
    await this.tell(life, signal);
    const ahead = new ReadAhead(signal);
    try {
      for (let reply = await life.asker.askUnless(signal, request); ;) {
        if ('done' in reply) return reply.done;
        const { need } = reply;
        const size = this.sizes.get(need.path) ?? Infinity;
        const bytes = await ahead.bytes(this.sourceOf(need.path), need, size).catch(asFault);
        progress?.(Math.min(1, (need.offset + bytes.length) / Math.max(1, size)));
        reply = await life.asker.askUnless(signal, { type: 'provide', bytes }, [bytes.buffer]);
      }
    } finally {
      ahead.stop();
    }
  }

  /** Tells a worker of the files that it does not know. */
  private async tell(life: Life, signal: AbortSignal): Promise<void> {
    const known = this.known.get(life) ?? new Set<string>();
    this.known.set(life, known);
    const files: { path: string; size: number }[] = [];
    for (const [path, source] of this.sources) {
      if (known.has(path) && this.sizes.has(path)) continue;
      // Of a file that cannot be read it is said when its bytes are wanted.
      const size = this.sizes.get(path) ?? (await sizeOfSource(source, signal).catch(() => 0));
      this.sizes.set(path, size);
      known.add(path);
      files.push({ path, size });
    }
    if (files.length > 0) await life.asker.ask({ type: 'addFiles', files });
  }

  private async wholeOf(path: string, signal: AbortSignal): Promise<ArrayBuffer> {
    return (await readBytes(this.sourceOf(path), MAX_H5_BYTES, signal).catch(asFault)).buffer;
  }

  /** Names a tensor as its file is now: a later one of the same path is another. */
  private keyOf(place: TensorPlace): string {
    if (place.kind === 'file') this.addUrl(place.path);
    return JSON.stringify([place, place.kind === 'file' ? this.sources.get(place.path)?.id : undefined]);
  }

  /** Configs of the public projector name addresses. */
  private addUrl(path: string): void {
    if (!this.sources.has(path) && /^https?:\/\//.test(path)) {
      this.sources.set(path, { id: nextSourceId(), path, url: path });
    }
  }

  private sourceOf(path: string): SourceRef {
    const source = this.sources.get(path);
    if (!source) throw new Fault({ code: 'unreadable', file: path });
    return source;
  }

  /** Our own number of a table in the worker that lives. */
  private async named(table: number): Promise<number> {
    this.lifeOf.set(++this.lastTable, { life: await this.worker.living(), table });
    return this.lastTable;
  }

  private ask<R extends EmbeddingsRequestBody>(
    table: number,
    request: (opened: number) => R,
  ): Promise<EmbeddingsReplies[R['type']]> {
    return this.inWorker((life) => {
      const known = this.lifeOf.get(table);
      // It was lost with its worker, whose memory was not enough.
      if (known?.life !== life) throw new Fault({ code: 'wasm_abort' });
      return life.asker.ask(request(known.table));
    });
  }

  private inWorker<T>(run: (life: Life) => Promise<T>): Promise<T> {
    return this.worker.counted(async () => run(await this.worker.living()));
  }
}

/**
 * Files of weights, those of one model together and in order. They are read whole, so that only the last is looked into: the
 * others have the same datasets.
 */
function epochsOf(paths: readonly string[]): string[][] {
  const models = new Map<string, string[]>();
  for (const path of [...paths].sort((a, b) => a.localeCompare(b, 'en', { numeric: true }))) {
    const model = path.replace(/-\d+(?=(?:\.weights)?\.h5$)/, '');
    models.set(model, [...(models.get(model) ?? []), path]);
  }
  return [...models.values()];
}

function asFault(error: unknown): never {
  throw error instanceof Fault ? error : new Fault(asReadError(error));
}
