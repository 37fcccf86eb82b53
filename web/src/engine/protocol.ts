/**
 * The seam between the page and the worker that reads, whole: every message that crosses it. What payloads hold is asked
 * of another worker (`values_protocol.ts`), which asks this one where they are.
 *
 * The page sends {@link Request}s and gets one {@link Response} for each, by `id`. The worker sends {@link Notice}s
 * unasked. Bytes are transferred, never copied. The C++ end of it is `wasm/bindings/session.h`.
 *
 * The worker never fetches: for a source with a `url` it sends a `read` notice, and the page answers with `chunk`
 * requests (`url_pump.ts`). So the policy that governs the network is the page's alone.
 */

import type { WireError } from '../faults/fault';
import type { OpenFile } from '../sources/event_files';
import type { Neighbour } from '../sources/find_neighbours';
import type { SourceRef } from '../sources/source_ref';
import type { Columns, Payloads, SeriesPoints, StepUnion } from './values/values';

/** What x means. Relative and wall time are in seconds; relative counts from the first point of the series. */
export type XKind = 'step' | 'relative' | 'wall';

/**
 * Which points are kept of those that a run wrote again after a restart: those of the latest (`wasm/log/lives.h` says
 * what a restart supersedes), all (none is purged) as one line, all with a line of its own for each stretch in which
 * steps don't go back, or what TensorBoard's Python reader keeps. In the order of `wasm/log/restarts.h`.
 */
export const PURGES = ['latest', 'none', 'split', 'tensorboard'] as const;
export type Purge = (typeof PURGES)[number];

/** What one chart will draw, exactly. */
export interface ChartQuery {
  /** Series ids of the catalogue, in the order the answer has them. */
  series: Uint32Array;
  x: XKind;
  /** Shown range of x, in units of x; both NaN = everything. */
  from: number;
  to: number;
  /** Width of the plot in device pixels; at most four points come for each (`wasm/series/line.h`), fewer with very many lines. */
  pixels: number;
  /** Weight of TensorBoard's debiased moving average, 0…0.999; 0 = no smoothed line. */
  smoothing: number;
  /** Leave the outer 5 % of values at either end out of the y extent. */
  clipOutliers: boolean;
  /** y is logarithmic: values ≤ 0 do not count for the extent. */
  logY: boolean;
}

export type Request = { id: number } & (
  | {
      type: 'init';
      wasm: WebAssembly.Module | ArrayBuffer;
      /** `archive.wasm`, which is read when there is an archive. */
      archives: SourceRef;
      budgetBytes?: number;
      unpackedBytes?: number;
    }
  | { type: 'open'; files: OpenFile[] }
  | { type: 'cancel'; target: number }
  | { type: 'lines'; charts: ChartQuery[] }
  | { type: 'pick'; series: Uint32Array; x: XKind; at: number; smoothing: number }
  | { type: 'steps'; series: Uint32Array }
  | { type: 'points'; series: number }
  | { type: 'columns'; series: number }
  /** Points as `points` calls them. */
  | { type: 'payloads'; series: number; points: Uint32Array }
  /** Of a file that `payloads` names. Can be cancelled. */
  | { type: 'bytes'; file: number; from: number; to: number }
  /** Another worker asks at the other end. */
  | { type: 'connect'; port: MessagePort }
  /** What the catalogue, lines and picks have from here on; before the first one 'latest'. */
  | { type: 'purge'; purge: Purge }
  | { type: 'chunk'; read: number; bytes: ArrayBuffer; done: boolean }
  | { type: 'chunkFailed'; read: number; error: WireError }
);

export type RequestType = Request['type'];

/** A request that has no id yet. */
export type RequestBody = Request extends infer R ? (R extends Request ? Omit<R, 'id'> : never) : never;

/** What each request is answered with. */
export interface Replies {
  init: null;
  /** Resolves when every file is read, skipped or cancelled; how each ended is in the `report` notices. */
  open: null;
  cancel: null;
  /** See `lines.ts` for the layout of the buffer; transferred. */
  lines: ArrayBuffer;
  pick: PickReply;
  steps: StepUnion;
  points: SeriesPoints;
  columns: Columns;
  payloads: Payloads;
  bytes: ArrayBuffer;
  connect: null;
  /** Answered when the catalogue says so. */
  purge: null;
  /** Answered when the chunk is decoded: the page keeps at most four unanswered. */
  chunk: null;
  chunkFailed: null;
}

export type Response =
  { id: number; ok: true; body: Replies[RequestType] } | { id: number; ok: false; error: WireError };

/** The raw point nearest to `at` in each series. Equal distances: the smaller x; equal x: the last written. */
export interface PickReply {
  /**
   * 8 numbers a series, in the order asked: x, value, smoothed, step, wall time (s), relative time (s), and which of how
   * many lines that restarts part the series into, 0 of 0 where they do not. NaN = none.
   */
  rows: Float64Array;
  /** One exact step a series. */
  steps: BigInt64Array;
}

/**
 * New and changed parts of the catalogue, at most ten times a second. One table of strings serves run names, tags and
 * plugin names; indices into it never change. Row i of every column belongs to series `series[i]`.
 */
export interface CatalogueDelta {
  /** Appended to the string table. */
  strings: string[];
  /** New runs: their name's index in the string table. Run id = order of arrival. */
  runs: Uint32Array;
  series: Uint32Array;
  run: Uint32Array;
  /** Index into the string table. */
  tag: Uint32Array;
  /**
   * Index into the string table of the plugin's name; '' for none. Of images that move it is `video`, which no writer
   * says: they are seen beside sounds.
   */
  plugin: Uint32Array;
  /** Number of points; this and what follows up to `nonFinite` are of those that are kept. */
  count: Float64Array;
  minStep: Float64Array;
  maxStep: Float64Array;
  firstWall: Float64Array;
  lastWall: Float64Array;
  /** Last value written; NaN for a series that is not scalar. */
  lastValue: Float64Array;
  /** How many values are NaN or infinite. */
  nonFinite: Float64Array;
  /** How often it was restarted. */
  restarts: Float64Array;
  /** How many points the latest supersede, whether they are kept or not. */
  superseded: Float64Array;
  /** The step that was gone back to first; NaN = never. */
  restartStep: Float64Array;
  /** How many points are not kept. */
  dropped: Float64Array;
  /** 1 = the first one is a tensor of real numbers with rows and columns; else 0. */
  isMatrix: Float64Array;
}

export interface FileProgress {
  /** Index into the files of the `open` request; files in archives get the numbers behind. */
  file: number;
  run: string;
  name: string;
  bytes: number;
  /** Absent while the size is not known. */
  size?: number;
  state: 'waiting' | 'reading' | 'done' | 'failed' | 'cancelled';
  /** An archive, whose event files have rows of their own; `bytes` are those that were read to unpack them. */
  unpacked?: true;
  /** Of a file in an archive: the run that it would be if there were no others. */
  foundAt?: string;
}

export type Severity = 'note' | 'info' | 'loss' | 'error';

/** What could not be read, or is worth knowing, of one file. */
export interface FileReport {
  run: string;
  name: string;
  /** Of a file in an archive: the path of the archive, and then of the file in it. */
  path?: string;
  size: number;
  records: number;
  /** What the file is instead of an event file (`not_an_event_file`), e.g. "HTML page". */
  looksLike?: string;
  error?: WireError;
  /** Names and severities of `wasm/log/report_kinds.h`. */
  counts: { kind: string; severity: Severity; count: number }[];
  /** The first places, in order of offset; `counts` has all. */
  places: FilePlace[];
}

/** A stretch of a file that the report speaks of. */
export interface FilePlace {
  kind: string;
  offset: number;
  bytes: number;
  /** Of damage: its first bytes, in hexadecimal digits. */
  start?: string;
  /** The checksum that stands in the file, and the right one, where one is wrong; masked, in hexadecimal digits. */
  stored?: string;
  computed?: string;
  /** Of the last summary before lost data, and of the first one behind it, in decimal digits. */
  stepBefore?: string;
  stepAfter?: string;
}

/** A known file beside the event files, and the run that they are. */
export interface PlacedNeighbour extends Neighbour {
  /** Absent if there are none in its directory. */
  run?: string;
  /** Of a file in an archive: the path of the archive, and then of the file in it. */
  packedPath?: string;
}

/** A run that was written by several files or restarted: where its points come from. */
export interface RestartReport {
  run: string;
  fileCount: number;
  /** The first ones, in order of name. */
  files: { name: string; points: number }[];
  placeCount: number;
  /** Where steps go back: from a file to one that was written later, or within one. The first, in order of files. */
  places: RestartPlace[];
}

/** Restarts between the same two files, of all tags of the run together. */
export interface RestartPlace {
  /** Names of the files that the points before and after come from. */
  before: string;
  after: string;
  /** The lowest step that was gone back to, and the highest that was gone back from. */
  step: number;
  lastStep: number;
  /** How many tags were restarted here, and how often in all. */
  tags: number;
  restarts: number;
  /** Points that are superseded when the latest wins. */
  superseded: number;
}

export type Notice =
  | { type: 'catalogue'; delta: CatalogueDelta }
  | { type: 'progress'; open: number; files: FileProgress[] }
  /** Files whose report is new or has changed; it replaces what was told of the same run and name. */
  | { type: 'report'; files: FileReport[] }
  /** Found beside the event files of each of some archives, which were opened by that `open` request. */
  | { type: 'beside'; open: number; archives: PlacedNeighbour[][] }
  /** New, or in place of what was told of the same run. */
  | { type: 'restarts'; runs: RestartReport[] }
  /** Asks the page for bytes [from, to) of a URL source; `to` absent = to its end. Answered by `chunk`s of this `read`. */
  | { type: 'read'; read: number; source: SourceRef; from: number; to?: number }
  /** The page may stop answering this read. */
  | { type: 'readDone'; read: number }
  /** The worker cannot go on: what is drawn stays, nothing more can be asked of it. */
  | { type: 'fatal'; error: WireError };

/** Fails the compilation when a case of a union is forgotten. */
export function assertUnreachable(value: never): never {
  throw new Error(`unreachable: ${JSON.stringify(value)}`);
}
