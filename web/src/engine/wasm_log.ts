import type { CatalogueDelta, ChartQuery, FileReport, PickReply, Purge, RestartReport, XKind } from './protocol';
import { PURGES } from './protocol';
import { FeedStatus, type WasmModule, type WasmSession } from './wasm_session';

const X_KINDS: Record<XKind, number> = { step: 0, relative: 1, wall: 2 };
const WORD = Float64Array.BYTES_PER_ELEMENT;

/** What the reader wants: what to do, and the bytes it speaks of. */
export interface Wish {
  status: FeedStatus;
  offset: number;
  length: number;
}

/**
 * The log in wasm memory with values in place of pointers: the only file that touches the heap. Everything it returns
 * is a copy; all calls are synchronous. A WebAssembly.RuntimeError that comes out of one is the end: every later call
 * throws it again, because nothing in the memory can be relied on any more.
 */
export class WasmLog {
  private readonly session: WasmSession;
  private death: WebAssembly.RuntimeError | undefined;
  /** Tags are what they are, also those that begin with a byte order mark. */
  private readonly decoder = new TextDecoder('utf-8', { ignoreBOM: true });

  constructor(
    private readonly wasm: WasmModule,
    budgetBytes: number,
  ) {
    this.session = new wasm.Session(budgetBytes);
  }

  get dead(): boolean {
    return this.death !== undefined;
  }

  /** @param size in bytes; undefined = not known. @returns the file's number. */
  openFile(run: string, name: string, size: number | undefined): number {
    return this.call((session) => session.openFile(run, name, size ?? -1));
  }

  /** The next bytes of the file, at most 1 MiB. */
  feed(file: number, bytes: Uint8Array): Wish {
    return this.wish((session) => session.feed(file, this.setInput(bytes)));
  }

  /** The bytes that were needed; fewer = the file ends there. */
  provide(file: number, bytes: Uint8Array): Wish {
    return this.wish((session) => session.provide(file, this.setInput(bytes)));
  }

  finish(file: number): Wish {
    return this.wish((session) => session.finish(file));
  }

  abandon(file: number): void {
    this.call((session) => session.abandon(file));
  }

  /** What is new since the last call; undefined = nothing. */
  takeCatalogue(): CatalogueDelta | undefined {
    this.call((session) => session.catalogue());
    const words = this.numbers();
    let at = 0;
    const take = (): Float64Array => {
      const count = words[at++] as number;
      return words.subarray(at, (at += count));
    };
    const lengths = take();
    const runs = take();
    const seriesCount = words[at++] as number;
    if (lengths.length + runs.length + seriesCount === 0) return undefined;
    const column = (): Float64Array => words.slice(at, (at += seriesCount));
    const ids = (): Uint32Array => Uint32Array.from(column());
    return {
      strings: this.strings(lengths),
      runs: Uint32Array.from(runs),
      series: ids(),
      run: ids(),
      tag: ids(),
      plugin: ids(),
      count: column(),
      minStep: column(),
      maxStep: column(),
      firstWall: column(),
      lastWall: column(),
      lastValue: column(),
      nonFinite: column(),
      restarts: column(),
      superseded: column(),
      restartStep: column(),
    };
  }

  /** The whole report, if it changed since the last call. */
  takeReport(): FileReport[] | undefined {
    return this.call((session) => session.report()) ? (JSON.parse(this.text()) as FileReport[]) : undefined;
  }

  /** Where runs were restarted, of those of which it changed since the last call. */
  takeRestarts(): RestartReport[] | undefined {
    return this.call((session) => session.restarts()) ? (JSON.parse(this.text()) as RestartReport[]) : undefined;
  }

  /** Which points catalogue, lines and picks have from here on. */
  setPurge(purge: Purge): void {
    this.call((session) => session.setPurge(PURGES.indexOf(purge)));
  }

  /** See `lines.ts` for the layout. */
  lines(charts: readonly ChartQuery[]): ArrayBuffer {
    const input: number[] = [];
    for (const chart of charts) {
      input.push(X_KINDS[chart.x], chart.from, chart.to, chart.pixels, chart.smoothing);
      input.push(Number(chart.clipOutliers), Number(chart.logY), chart.series.length);
      for (const series of chart.series) input.push(series);
    }
    this.call((session) => {
      this.setInputNumbers(input);
      session.lines(charts.length);
    });
    return this.numbers().buffer;
  }

  pick(series: Uint32Array, x: XKind, at: number, smoothing: number): PickReply {
    this.call((session) => {
      this.setInputNumbers(series);
      session.pick(series.length, X_KINDS[x], at, smoothing);
    });
    const words = this.numbers();
    const rowWords = 6 * series.length;
    return { rows: words.slice(0, rowWords), steps: new BigInt64Array(words.buffer.slice(rowWords * WORD)) };
  }

  /**
   * The JSON text of `tensorpane dump`. Nothing else may change the log meanwhile.
   *
   * @param read gives `length` bytes at `offset` of a file; fewer = it became shorter.
   */
  async dump(
    purge: Purge,
    read: (file: number, offset: number, length: number) => Promise<Uint8Array>,
  ): Promise<string> {
    let wish = this.wish((session) => session.beginDump(PURGES.indexOf(purge)));
    while (wish.status === FeedStatus.Need) {
      const file = this.call((session) => session.requestFile());
      const bytes = await read(file, wish.offset, wish.length);
      wish = this.wish((session) => session.provideDump(this.setInput(bytes)));
    }
    return this.text();
  }

  private call<T>(ask: (session: WasmSession) => T): T {
    if (this.death) throw this.death;
    try {
      return ask(this.session);
    } catch (error) {
      if (error instanceof WebAssembly.RuntimeError) this.death = error;
      throw error;
    }
  }

  private wish(ask: (session: WasmSession) => FeedStatus): Wish {
    return this.call((session) => {
      const status = ask(session);
      return { status, offset: session.requestOffset(), length: session.requestLength() };
    });
  }

  /** @returns how many bytes were put there. */
  private setInput(bytes: Uint8Array): number {
    const at = this.session.reserveInput(bytes.length) >>> 0;
    this.wasm.HEAPU8.set(bytes, at);
    return bytes.length;
  }

  private setInputNumbers(numbers: ArrayLike<number>): void {
    const at = this.session.reserveInput(numbers.length * WORD) >>> 0;
    new Float64Array(this.wasm.HEAPU8.buffer, at, numbers.length).set(numbers);
  }

  private copy(pointer: number, size: number): Uint8Array<ArrayBuffer> {
    const at = pointer >>> 0;
    return this.wasm.HEAPU8.slice(at, at + (size >>> 0));
  }

  private numbers(): Float64Array<ArrayBuffer> {
    return new Float64Array(this.copy(this.session.numbersPointer(), this.session.numbersSize()).buffer);
  }

  private text(): string {
    return this.decoder.decode(this.copy(this.session.textPointer(), this.session.textSize()));
  }

  private strings(lengths: Float64Array): string[] {
    const bytes = this.copy(this.session.textPointer(), this.session.textSize());
    let at = 0;
    return Array.from(lengths, (length) => this.decoder.decode(bytes.subarray(at, (at += length))));
  }
}
