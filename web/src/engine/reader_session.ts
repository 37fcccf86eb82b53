/**
 * The Embind classes of `wasm/bindings/session.h` and `dump.cc`, as TypeScript sees them. Only workers use them, through
 * `wasm_log.ts`.
 */
import type { Exchange } from './wasm_memory';

/** What `feed`, `provide` and `finish` answer. */
export const enum FeedStatus {
  /** Give the next bytes in order (after `finish`: the file is done). */
  More = 0,
  /** Give bytes from `requestOffset()` on instead: damage made an earlier place interesting again. */
  Rewind = 1,
  /** Read `requestLength()` bytes at `requestOffset()`, put them into the input buffer, call `provide`. */
  Need = 2,
  /** Nothing more is wanted of this file; why is in the report (memory budget). */
  Stop = 3,
}

/** `ArchiveKind` of `wasm/archive/looks_like.h`. */
export const enum ArchiveKind {
  None = 0,
  Gzip = 1,
  Zlib = 2,
  Zip = 3,
  Tar = 4,
}

/** `kKindBytes` of `wasm/archive/looks_like.h`: what `kindOf` looks at. */
export const KIND_BYTES = 512;

export interface ReaderSession extends Exchange {
  /** Starts a file of a run; `size` −1 = unknown. Files of one run come in order of name. Returns its number. */
  openFile(run: string, name: string, size: number): number;
  /** Decodes `length` bytes of the input buffer, at most 1 MiB: the next ones of the file. */
  feed(file: number, length: number): FeedStatus;
  /** Hands over what `Need` asked for; fewer bytes than asked = the file is shorter. */
  provide(file: number, length: number): FeedStatus;
  /** There are no more bytes. May still answer Rewind or Need. */
  finish(file: number): FeedStatus;
  /** Gives the file up where it stands; what was decoded stays. */
  abandon(file: number): void;
  requestOffset(): number;
  requestLength(): number;

  /** How a file is to be opened whose first bytes, KIND_BYTES or all, are in the input buffer. */
  kindOf(length: number): ArchiveKind;

  /**
   * What is new since the last call. Numbers (f64): stringCount, byte length of each; runCount, string index of each;
   * seriesCount, then the columns of CatalogueDelta in the order of their declaration, each seriesCount long.
   * Text: the strings, one after another.
   */
  catalogue(): void;
  /** Text: JSON of FileReport[] (protocol.ts) of files whose report changed since the last call. Returns whether there is one. */
  report(): boolean;
  /** Text: JSON of RestartReport[] of runs of which it changed since the last call. Returns whether there is one. */
  restarts(): boolean;
  /** Which points the next answers have; the index of it in PURGES. The catalogue tells what changes by it. */
  setPurge(purge: number): void;
  /**
   * Input (f64), for each chart: x kind (0 step, 1 relative, 2 wall), from, to, pixels, smoothing, clipOutliers, logY,
   * seriesCount, ids. Numbers: see lines.ts.
   */
  lines(chartCount: number): void;
  /** Input (f64): ids. Numbers: PickReply.rows, then as many 64-bit integers as there are series. */
  pick(seriesCount: number, xKind: number, at: number, smoothing: number): void;
  /** Input (f64): ids. Numbers: n steps as 64-bit integers, then n times whether every run has it. */
  steps(seriesCount: number): void;
  /** Numbers: of each kept point, the step as a 64-bit integer; then each wall time; each index; whether each has a payload. */
  points(series: number): void;
  /** Numbers: of each kept point, the step as a 64-bit integer; then each wall time; each value, NaN where it is no number. */
  columns(series: number): void;
  /**
   * Input (f64): points of a series. Numbers: of each that has a payload, point, file, offset and length of it, its storage
   * (Storage of `wasm/events/event.h`), and whether it is in parts. Text: name of the plugin.
   */
  payloads(series: number, pointCount: number): void;
}

export interface DumpSession extends ReaderSession {
  /** Names a file beside the event files, for `beginProjector`: its path below the log directory. */
  addFileBeside(path: string, size: number): void;
  /**
   * Describes the projector configs among the files named and what they name, for the next `beginDump`. Need = put
   * bytes of the file named as number `requestFile()` into the input buffer and call `provideProjector`.
   */
  beginProjector(): FeedStatus;
  provideProjector(length: number): FeedStatus;
  /**
   * Text, once it answers More: the JSON of `tensorpane dump` with the purge of that index in PURGES. Need = put the bytes of `requestFile()` at
   * `requestOffset()`, `requestLength()` of them, into the input buffer and call `provideDump`. The log must not change
   * meanwhile.
   */
  beginDump(purge: number): FeedStatus;
  provideDump(length: number): FeedStatus;
  requestFile(): number;
}

export interface ReaderModule {
  HEAPU8: Uint8Array;
  Session: new (budgetBytes: number) => ReaderSession;
}

export interface DumpModule extends ReaderModule {
  DumpSession: new (budgetBytes: number) => DumpSession;
}
