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
  /**
   * Text, once it answers More: the JSON of `tensorpane dump` with the purge of that index in PURGES. Need = put the bytes of `requestFile()` at
   * `requestOffset()`, `requestLength()` of them, into the input buffer and call `provideDump`. The log must not change
   * meanwhile.
   */
  beginDump(purge: number): FeedStatus;
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
