/**
 * The Embind class of `wasm/bindings/session.cc`, as TypeScript sees it. Only the worker uses it.
 *
 * Bulk data crosses by pointer and length. A view of wasm memory must not outlive the function that made it: memory
 * grows and detaches it silently. Copy with `slice()` at once.
 */

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

/** What `findPayload` answers. */
export const enum PayloadPlace {
  None = 0,
  Found = 1,
  TooBig = 2,
}

export interface WasmSession {
  /** A buffer of at least `bytes` in wasm memory to write input to; valid until the next call. */
  reserveInput(bytes: number): number;
  /** Where the last answer is, and how long it is in bytes; valid until the next call. */
  numbersPointer(): number;
  numbersSize(): number;
  textPointer(): number;
  textSize(): number;

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

  /**
   * What is new since the last call. Numbers (f64): stringCount, byte length of each; runCount, string index of each;
   * seriesCount, then the columns of CatalogueDelta in the order of their declaration, each seriesCount long.
   * Text: the strings, one after another.
   */
  catalogue(): void;
  /** Text: JSON of FileReport[] (protocol.ts) of files whose report changed since the last call. Returns whether there is one. */
  report(): boolean;
  /**
   * Input (f64), for each chart: x kind (0 step, 1 relative, 2 wall), from, to, pixels, smoothing, clipOutliers, logY,
   * seriesCount, ids. Numbers: see lines.ts.
   */
  lines(chartCount: number): void;
  /** Input (f64): ids. Numbers: PickReply.rows, then as many 64-bit integers as there are series. */
  pick(seriesCount: number, xKind: number, at: number, smoothing: number): void;
  /** Names a file beside the event files, for `beginProjector`: its path below the log directory. */
  addFileBeside(path: string, size: number): void;
  /**
   * Describes the projector configs among the files named and what they name, for the next `beginDump`. Need = put
   * bytes of the file named as number `requestFile()` into the input buffer and call `provideProjector`.
   */
  beginProjector(): FeedStatus;
  provideProjector(length: number): FeedStatus;
  /** Input (f64): ids. Numbers: n steps as 64-bit integers, then n times whether every run has it. */
  steps(seriesCount: number): void;
  /** Numbers: of each point, the step as a 64-bit integer; then each wall time; then whether each has a payload. */
  points(series: number): void;
  /** Looks for the payload of a point: 0 = it has none, 1 = it is at `requestFile()`, …, 2 = there, and too big for the two calls below. */
  findPayload(series: number, point: number): PayloadPlace;
  /** Decodes the payload, which is the input. Text: JSON of ValueFacts; numbers: PointValue.numbers (values.ts). */
  value(series: number, point: number, length: number): void;
  /** Text: the bytes that are saved of the payload, which is the input. */
  content(series: number, point: number, length: number): void;
  /** Gives back the memory of input and answers. */
  releaseBuffers(): void;
  /**
   * Text, once it answers More: the JSON of `tensorpane dump`. Need = put the bytes of `requestFile()` at
   * `requestOffset()`, `requestLength()` of them, into the input buffer and call `provideDump`. The log must not change
   * meanwhile.
   */
  beginDump(): FeedStatus;
  provideDump(length: number): FeedStatus;
  requestFile(): number;
}

export interface WasmModule {
  HEAPU8: Uint8Array;
  Session: new (budgetBytes: number) => WasmSession;
}

/** The factory that Emscripten writes (build/wasm/tensorpane.js, MODULARIZE, EXPORT_ES6, no import.meta). */
export type WasmFactory = (options: {
  instantiateWasm(
    imports: WebAssembly.Imports,
    done: (instance: WebAssembly.Instance, module?: WebAssembly.Module) => void,
  ): object;
  onAbort?(what: unknown): void;
  print?(line: string): void;
  printErr?(line: string): void;
}) => Promise<WasmModule>;
