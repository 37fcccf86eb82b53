/**
 * The Embind class of `wasm/bindings/embeddings.cc`, as TypeScript sees it: `EmbeddingSession` of
 * `wasm/projector/embedding_session.h`, over files that have numbers. Only a worker uses it, through `wasm_embeddings.ts`.
 */
import type { Exchange } from '../wasm_memory';

export interface EmbeddingsSession extends Exchange {
  /** @returns its number; that of a file of this path that is there already */
  addFile(path: string, size: number): number;
  /**
   * These begin a task, or go on with it. True: `provide` the bytes of the request. False: it is done, and text has its
   * answer: JSON of Looked, TensorFacts or MetadataFacts (embeddings.ts).
   */
  look(file: number): boolean;
  /** Input: JSON of FileTensor. */
  readTensor(length: number): boolean;
  /** Input: numbers of rows, 32 bits each; none = all. */
  readMetadata(file: number, length: number): boolean;
  /** Input: the bytes of the request; fewer = the file ends there. */
  provide(length: number): boolean;
  requestFile(): number;
  requestOffset(): number;
  requestLength(): number;
  /** Input: the first 4 KiB of a payload, all of it if it is split. Text: JSON of {dtype, shape} or null. */
  lookAtPayload(storage: number, split: boolean, length: number): void;
  /** Input: a payload. Text: JSON of TensorFacts. */
  readPayload(storage: number, split: boolean, length: number): void;
  /** Data: the numbers of the last tensor, float32; then its rows, 32 bits each: the numbers are gone. */
  values(): void;
  rows(): void;
  releaseTensor(): void;
  /** Data: the cells, one behind the other. Numbers: where each begins, and the last ends. */
  texts(table: number, column: number, from: number, count: number): void;
  /** Text: JSON of the cells. */
  row(table: number, row: number): void;
  /** Numbers: one a row. */
  numbers(table: number, column: number): void;
  /** Text: JSON of {values: {text, count}[]}. Numbers: the index in it of each row. */
  distinct(table: number, column: number): void;
  /** Input: the text of a CellMatch (embeddings.ts), whose match is by its place in MATCHES. Numbers: rows. */
  search(table: number, column: number, match: number, length: number): void;
  closeTable(table: number): void;
}

export interface EmbeddingsModule {
  HEAPU8: Uint8Array;
  Embeddings: new () => EmbeddingsSession;
}
