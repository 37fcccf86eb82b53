/** What `tensorpane/reader` gives. These types are published as they stand, which is why they name nothing of ours. */

/**
 * What can be opened.
 *
 * - In Node: the path of a log directory, an event file or an archive.
 * - Elsewhere and in Node: a URL of one, of a `manifest.json`, of a listing of a folder, or `hf://user/repo[@rev][/path]`;
 *   in a page a text may be a relative URL. In Node a text that has no `http:`, `https:` or `hf:` is a path.
 * - `File`s, whose `webkitRelativePath` tells their runs, and other bytes with the path that they are to have.
 */
export type Input = string | URL | File | { path: string; data: Blob | ArrayBuffer | Uint8Array };

/**
 * Which points are kept of those that a run wrote again after a restart: the latest, all, or what TensorBoard keeps
 * (`tensorboard --purge_orphaned_data`).
 */
export type Purge = 'latest' | 'none' | 'tensorboard';

export interface OpenOptions {
  /** `latest` unless it is said otherwise. */
  purge?: Purge;
  /** Ends the reading: `open` rejects with its reason. */
  signal?: AbortSignal;
}

export interface Tag {
  name: string;
  /** Name of the plugin that shows it, as the writer said it: `scalars`, `images`, `histograms`, …; '' = none. */
  plugin: string;
  /** How many points are kept. */
  points: number;
}

export interface Run {
  /** Directory of its event files below what was opened, '/' between names; '.' for files directly in it. */
  name: string;
  tags: readonly Tag[];
}

/** A series as it was written: one entry a point that is kept, in the order of the files. */
export interface Columns {
  steps: BigInt64Array;
  /** Seconds since 1970. */
  wallTimes: Float64Array;
  /** As the writer's float or double; NaN where the point is no number. */
  values: Float64Array;
}

/** Something that could not be read of a file, or is worth knowing. */
export interface Finding {
  /** A word for programs, e.g. `data_crc`, `truncated`, `not_an_event_file`. */
  kind: string;
  /** `loss` and `error`: something is missing. */
  severity: 'note' | 'info' | 'loss' | 'error';
  /** How often. */
  count: number;
  /** A sentence for people. */
  text: string;
}

export interface FileReport {
  run: string;
  file: string;
  /** Of a file in an archive: the path of the archive, and then of the file in it. */
  path?: string;
  /** Its size in bytes, and how many records were read. */
  size: number;
  records: number;
  findings: readonly Finding[];
}

/** Logs that were read whole, and are in memory. */
export interface Logs {
  /** In natural order of their names, as are the tags of each. */
  readonly runs: readonly Run[];
  /** Files of which there is something to be told. */
  readonly report: readonly FileReport[];
  /** Every point of a series. Rejects with a RangeError when there is no such run or tag. */
  columns(run: string, tag: string): Promise<Columns>;
  /** Gives the memory back. Nothing can be asked any more. */
  close(): void;
}

/**
 * Reads logs. Rejects with an Error whose message is a sentence when nothing of what was named can be opened; what is
 * wrong with single files is in the report.
 */
export type Open = (inputs: Input | readonly Input[], options?: OpenOptions) => Promise<Logs>;
