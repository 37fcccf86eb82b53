/**
 * Embeddings as the page sees them: which there are in what was opened, their numbers, and what is known of their points.
 * Nothing here knows how they are projected or drawn. The C++ end is `wasm/projector/embedding_session.h`, whose answers
 * are the JSON that is described here; HDF5 is read beside it (`h5_reader.ts`).
 */

import type { SourceRef } from '../../sources/source_ref';

/** A file that may hold embeddings or belong to one: a neighbour of event files, or one that was dropped alone. */
export interface EmbeddingFile {
  /** Names it: unique in what was opened, '/' between names. */
  path: string;
  source: SourceRef;
  /** It was dropped alone: what is no embedding is told. Of other files only known names are looked at. */
  alone: boolean;
  /** It has labels, which came later than what they are of. */
  labelsOf?: EmbeddingName;
}

/** What an embedding is known by: in state, in links. */
export interface EmbeddingName {
  /** Folder of the config or checkpoint, or the run; '.' = the root. */
  run: string;
  /** As the file has it, without the step. */
  name: string;
}

/** The name of an embedding as a key of sets and maps. */
export function keyOf({ run, name }: EmbeddingName): string {
  return JSON.stringify([run, name]);
}

/** A series of tensors of a log, by what the engine calls them; looked at if the last one is of rank 2. */
export interface TensorSeries {
  series: number;
  run: string;
  tag: string;
  /** Step and number of each point, as `points` of the engine has them. */
  steps: readonly number[];
  points: readonly number[];
}

/**
 * How a tensor stands in a file: text of rows (TSV, CSV), words and numbers (word2vec, GloVe), a NumPy array, an archive of
 * them, raw little-endian float32, a TensorFlow checkpoint, HDF5.
 */
export type TensorForm = 'table' | 'words' | 'npy' | 'npz' | 'bytes' | 'checkpoint' | 'h5';

/** A tensor in a file. */
export interface FileTensor {
  path: string;
  form: TensorForm;
  /** Of several in it: the variable of a checkpoint, the array of a .npz, the dataset of HDF5. */
  name?: string;
  /** Rows and columns, of `bytes`, whose file does not say it. */
  shape?: [number, number];
}

/** Where the numbers of an embedding are: in a file, or a point of a series. */
export type TensorPlace = ({ kind: 'file' } & FileTensor) | { kind: 'point'; series: number; point: number };

/** One image of thumbnails, left to right, then down: the nth is that of point n. */
export interface Sprite {
  path: string;
  /** Of one thumbnail, in pixels. */
  width: number;
  height: number;
}

/**
 * Why something cannot be read. The words are in `model/embedding_faults.ts`.
 * - of files: `missing` (a config names it), `no_checkpoint` (it names a variable that no checkpoint has), `outside` (its path leads out of the folder), `no_embedding` (dropped alone and
 *   none), those of `wasm/projector/problem.h`, and `unreadable` with what the browser said as text.
 * - of rows: `missing_cell`, `extra_cell`, `not_a_number`, `not_finite`.
 */
export interface EmbeddingProblem {
  fault: string;
  path: string;
  /** Of text: from 1; 0 or absent in what has no lines. Of a TSV the column is a cell, of a config a character. */
  line?: number;
  column?: number;
  /** The beginning of what stands there, or what is named. */
  text?: string;
}

/** An embedding at one step. */
export interface EmbeddingStep {
  /** NaN = it has none. */
  step: number;
  place: TensorPlace;
  /** Path of the file of metadata. */
  metadata?: string;
  sprite?: Sprite;
  /** Path of bookmarks. */
  bookmarks?: string;
  /** What of it is not there. If it is the tensor, `isReadable` is false. */
  problems: EmbeddingProblem[];
  isReadable: boolean;
}

/** What an embedding was found by. */
export type EmbeddingOrigin = 'config' | 'checkpoint' | 'weights' | 'tensors' | 'file';

export interface Embedding extends EmbeddingName {
  /** Shorter, for a person: "layer_with_weights-0/embeddings". */
  label: string;
  origin: EmbeddingOrigin;
  /** Of the last step, as far as it is known without reading it: rows, columns. */
  shape?: [number, number];
  /** As NumPy names it; '' = text, or not known. */
  dtype: string;
  /** Ascending; at least one. */
  steps: EmbeddingStep[];
}

export interface FoundEmbeddings {
  embeddings: Embedding[];
  /** Of configs that cannot be read, of files that are no embeddings. */
  problems: EmbeddingProblem[];
}

/** Faults of one kind: rows that were left out. */
export interface RowFault {
  fault: string;
  /** Rows. */
  count: number;
  /** The first 20. `row` counts from 0 among all rows of the file. */
  places: { row: number; line: number; column: number; text: string }[];
}

/** What is told of a tensor that was read. */
export interface TensorFacts {
  rows: number;
  columns: number;
  /** Rows of the file, with those that were left out. */
  fileRows: number;
  faults: RowFault[];
  /** Of text: names of the columns of numbers, if it has a header. */
  names: string[];
  /** What stands beside the numbers: words, columns of text. Absent = nothing does. */
  metadata?: MetadataFacts;
  /** Why there is nothing; then rows is 0. */
  problem?: EmbeddingProblem;
}

export interface TensorValues {
  facts: TensorFacts;
  /** rows × columns, row by row; all finite. */
  values: Float32Array<ArrayBuffer>;
  /** Which row of the file each is; absent = all are there. `openMetadata` wants it. */
  rows?: Uint32Array<ArrayBuffer>;
}

/**
 * What a column of metadata is: numbers (all cells that are not empty), at most 50 distinct texts, or texts. A column of
 * whole numbers with at most 50 distinct ones is both: `distinct` says so.
 */
export type ColumnType = 'number' | 'category' | 'text';

export interface MetadataColumn {
  /** Of the header; "" where there is none. */
  name: string;
  type: ColumnType;
  /** Of numbers. */
  min?: number;
  max?: number;
  /** Distinct cells; 1,001 = more than 1,000. */
  distinct: number;
  /** Cells that are empty. */
  empty: number;
}

export interface MetadataFacts {
  /** Names the table to the worker, until `closeMetadata`. */
  table: number;
  rows: number;
  /** Rows of the file; another number than that of the tensor's file: it does not belong to it, or not to all. */
  fileRows: number;
  columns: MetadataColumn[];
  hasHeader: boolean;
  /** Index of `__next__` or `__seq_next__`, whose cells are the row that follows in a sequence; -1 = none. */
  next: number;
  /** Rows with fewer or more cells than columns: they are kept, filled up or cut. */
  faults: RowFault[];
  problem?: EmbeddingProblem;
}

/** The values of a column; of the most frequent ones, at most 1,000. */
export interface Categories {
  values: { text: string; count: number }[];
  /** Of each row the index in `values`; -1 = it is none of them. */
  of: Int32Array<ArrayBuffer>;
}

/** How a cell is held against a text, in the order of `Match` (wasm/projector/metadata.h). */
export const MATCHES = ['has', '<', '<=', '>', '>=', '=', '!='] as const;

/**
 * What is wanted of a cell. `has`: the text is part of it; all others are by number or, where the text is none or NaN, `=`
 * and `!=` by the whole text. Whatever the case, of ASCII.
 */
export interface CellMatch {
  /** By index; -1 = any. */
  column: number;
  match: (typeof MATCHES)[number];
  text: string;
}

/** The embeddings of one opening, in a worker of their own. Every method rejects with a Fault; `cancelled` by the signal. */
export interface Embeddings {
  /** Looks at files and series; none of the tensors is read. */
  find(files: readonly EmbeddingFile[], series: readonly TensorSeries[], signal: AbortSignal): Promise<FoundEmbeddings>;
  /** @param progress share of the bytes that are read, 0 to 1 */
  read(place: TensorPlace, signal: AbortSignal, progress?: (share: number) => void): Promise<TensorValues>;
  /** Rows of its file, with those that are left out. It is read only if it was not before. */
  rowsOf(place: TensorPlace, signal: AbortSignal): Promise<number>;
  /** @param rows of the tensor, so that row n is of point n */
  openMetadata(path: string, rows: Uint32Array | undefined, signal: AbortSignal): Promise<MetadataFacts>;
  closeMetadata(table: number): void;
  /** Cells of rows [from, from + count) of a column. */
  texts(table: number, column: number, from: number, count: number): Promise<string[]>;
  row(table: number, row: number): Promise<string[]>;
  /** One a row; NaN = none. */
  numbers(table: number, column: number): Promise<Float64Array<ArrayBuffer>>;
  categories(table: number, column: number): Promise<Categories>;
  /** Rows, ascending, of which a cell is as is said. Regular expressions go over `texts` (model/pattern.ts). */
  search(table: number, wanted: CellMatch): Promise<Uint32Array<ArrayBuffer>>;
  /** The bytes of a small file: a sprite, bookmarks. */
  bytes(path: string, signal: AbortSignal): Promise<Uint8Array<ArrayBuffer>>;
}

/** What a file is by its bytes (`EmbeddingSession::Look`): what `find` makes embeddings of. */
export type Looked =
  /** projector_config.pbtxt, or the JSON of the public projector. Paths are joined with its folder; URLs stay. */
  | { kind: 'config'; checkpoint: string; embeddings: LookedEmbedding[]; problem?: EmbeddingProblem }
  /** An .index. `variables` are all, in order of name. */
  | { kind: 'checkpoint'; variables: Variable[]; problem?: EmbeddingProblem }
  /** The file `checkpoint`: prefixes of checkpoints, as it has them. */
  | { kind: 'checkpoints'; latest: string; all: string[]; problem?: EmbeddingProblem }
  | { kind: 'npz' | 'npy'; variables: Variable[]; problem?: EmbeddingProblem }
  /** Of the first rows: columns of numbers. `rows` as far as they are told, or all were seen. */
  | { kind: 'table' | 'words'; columns: number; rows?: number }
  /** It is asked of `h5_reader.ts`. */
  | { kind: 'h5' }
  /** `rows`: lines, if it is a short text. */
  | { kind: 'none'; problem: EmbeddingProblem; rows?: number };

export interface LookedEmbedding {
  name: string;
  /** '' = none is named. */
  tensor: string;
  form: TensorForm;
  shape: number[];
  metadata: string;
  sprite: string;
  /** Width and height. */
  spriteSize: number[];
  bookmarks: string;
  /** `outside`. */
  problems: EmbeddingProblem[];
}

export interface Variable {
  name: string;
  /** As NumPy names it. */
  dtype: string;
  shape: number[];
  bytes: number;
}
