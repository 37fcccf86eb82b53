/**
 * The seam between the page and the worker of embeddings, whole. The page reads files for it: a task is answered with what
 * it needs next, until it is done. Payloads of the log the worker asks of the one that reads, through a port of its own. The
 * C++ end of it is `wasm/bindings/embeddings.cc`.
 */
import type { Categories, CellMatch, FileTensor, Looked, MetadataFacts, TensorValues } from './embeddings';

/** Bytes of a file that a task goes on with. */
export interface FileNeed {
  path: string;
  offset: number;
  length: number;
}
export type TaskReply<T> = { need: FileNeed } | { done: T };
export type TaskResult = Looked | TensorValues | MetadataFacts;

export type EmbeddingsRequest = { id: number } & (
  | { type: 'init'; wasm: WebAssembly.Module | ArrayBuffer; reader: MessagePort }
  | { type: 'cancel'; target: number }
  | { type: 'addFiles'; files: { path: string; size: number }[] }
  /** Tasks: one at a time; each ends the one before it. */
  | { type: 'look'; path: string }
  | { type: 'tensor'; place: FileTensor }
  | { type: 'metadata'; path: string; rows: Uint32Array | undefined }
  /** What was needed, and as much more as was read: it is gone on with as far as it reaches. */
  | { type: 'provide'; bytes: Uint8Array<ArrayBuffer> }
  /** Of the last tensor of a series; null = it is none of numbers. */
  | { type: 'shape'; series: number; point: number }
  | { type: 'point'; series: number; point: number }
  | { type: 'texts'; table: number; column: number; from: number; count: number }
  | { type: 'row'; table: number; row: number }
  | { type: 'numbers'; table: number; column: number }
  | { type: 'categories'; table: number; column: number }
  | { type: 'search'; table: number; wanted: CellMatch }
  | { type: 'closeMetadata'; table: number }
);

/** A request that has no id yet. */
export type EmbeddingsRequestBody = EmbeddingsRequest extends infer R
  ? R extends EmbeddingsRequest
    ? Omit<R, 'id'>
    : never
  : never;

/** What each request is answered with. */
export interface EmbeddingsReplies {
  init: null;
  cancel: null;
  addFiles: null;
  look: TaskReply<TaskResult>;
  tensor: TaskReply<TaskResult>;
  metadata: TaskReply<TaskResult>;
  provide: TaskReply<TaskResult>;
  shape: { dtype: string; shape: number[] } | null;
  point: TensorValues;
  texts: string[];
  row: string[];
  numbers: Float64Array<ArrayBuffer>;
  categories: Categories;
  search: Uint32Array<ArrayBuffer>;
  closeMetadata: null;
}
