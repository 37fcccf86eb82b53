import { MATCHES, type Categories, type CellMatch, type FileTensor, type Looked, type MetadataFacts, type TensorFacts, type TensorValues } from './embeddings'; // prettier-ignore
import type { FileNeed, TaskReply, TaskResult } from './embeddings_protocol';
import type { EmbeddingsModule, EmbeddingsSession } from './embeddings_session';
import { WasmMemory } from '../wasm_memory';
import type { Form } from '../values/wasm_values';

/** Files of embeddings, and tables of metadata, in wasm memory. */
export class WasmEmbeddings extends WasmMemory<EmbeddingsSession> {
  static of(wasm: EmbeddingsModule): WasmEmbeddings {
    return new WasmEmbeddings(wasm, new wasm.Embeddings());
  }

  private readonly encoder = new TextEncoder();
  private readonly utf8 = new TextDecoder('utf-8', { ignoreBOM: true });
  private readonly paths: string[] = [];
  private readonly numbersOf = new Map<string, number>();
  /** What the answer of the running task is made of. */
  private finish: () => TaskResult = () => this.json<Looked>();
  private needed: FileNeed = { path: '', offset: 0, length: 0 };

  addFile(path: string, size: number): void {
    const file = this.call((session) => session.addFile(path, size));
    this.paths[file] = path;
    this.numbersOf.set(path, file);
  }

  look(path: string): TaskReply<TaskResult> {
    this.finish = () => this.json<Looked>();
    return this.task((session) => session.look(this.numberOf(path)));
  }

  readTensor(place: FileTensor): TaskReply<TaskResult> {
    this.finish = () => this.tensor();
    return this.task((session) => session.readTensor(this.setText(JSON.stringify(place))));
  }

  readMetadata(path: string, rows: Uint32Array | undefined): TaskReply<TaskResult> {
    this.finish = () => this.json<MetadataFacts>();
    const input = rows ? new Uint8Array(rows.buffer, rows.byteOffset, rows.byteLength) : new Uint8Array();
    return this.task((session) => session.readMetadata(this.numberOf(path), this.setInput(input)));
  }

  /** @param bytes what was needed last, and as much behind it as there is: that is gone on with as far as it reaches */
  provide(bytes: Uint8Array): TaskReply<TaskResult> {
    const { path, offset } = this.needed;
    for (let from = 0, { length } = this.needed; ;) {
      const reply = this.task((session) => session.provide(this.setInput(bytes.subarray(from, from + length))));
      if ('done' in reply || reply.need.path !== path) return reply;
      from = reply.need.offset - offset;
      length = reply.need.length;
      if (from < 0 || from + length > bytes.length) return reply;
    }
  }

  lookAtPayload({ storage, split }: Form, start: Uint8Array): { dtype: string; shape: number[] } | null {
    this.call((session) => session.lookAtPayload(storage, split, this.setInput(start)));
    return this.json();
  }

  readPayload({ storage, split }: Form, bytes: Uint8Array): TensorValues {
    this.call((session) => session.readPayload(storage, split, this.setInput(bytes)));
    const tensor = this.tensor();
    this.release(bytes.length);
    return tensor;
  }

  cells(table: number, column: number, from: number, count: number): string[] {
    this.call((session) => session.texts(table, column, from, count));
    const bytes = this.data();
    const ends = this.numbers();
    return Array.from({ length: ends.length - 1 }, (_, i) => this.utf8.decode(bytes.subarray(ends[i], ends[i + 1])));
  }

  row(table: number, row: number): string[] {
    this.call((session) => session.row(table, row));
    return this.json();
  }

  column(table: number, column: number): Float64Array<ArrayBuffer> {
    this.call((session) => session.numbers(table, column));
    return this.numbers();
  }

  categories(table: number, column: number): Categories {
    this.call((session) => session.distinct(table, column));
    return { ...this.json<Omit<Categories, 'of'>>(), of: Int32Array.from(this.numbers()) };
  }

  search(table: number, { column, match, text }: CellMatch): Uint32Array<ArrayBuffer> {
    this.call((session) => session.search(table, column, MATCHES.indexOf(match), this.setText(text)));
    return Uint32Array.from(this.numbers());
  }

  closeTable(table: number): void {
    this.call((session) => session.closeTable(table));
  }

  private task(ask: (session: EmbeddingsSession) => boolean): TaskReply<TaskResult> {
    if (!this.call(ask)) return { done: this.finish() };
    this.needed = this.call((session) => ({
      path: this.paths[session.requestFile()] ?? '',
      offset: session.requestOffset(),
      length: session.requestLength(),
    }));
    return { need: this.needed };
  }

  private tensor(): TensorValues {
    const facts = this.json<TensorFacts>();
    this.call((session) => session.values());
    const values = new Float32Array(this.data().buffer);
    this.call((session) => session.rows());
    const rows = new Uint32Array(this.data().buffer);
    this.call((session) => session.releaseTensor());
    return { facts, values, ...(rows.length > 0 ? { rows } : {}) };
  }

  private numberOf(path: string): number {
    const file = this.numbersOf.get(path);
    if (file === undefined) throw new Error(`no file ${path}`);
    return file;
  }

  private json<T>(): T {
    return JSON.parse(this.text()) as T;
  }

  private setText(text: string): number {
    return this.setInput(this.encoder.encode(text));
  }
}
