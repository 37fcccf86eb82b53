import type { CatalogueDelta, ChartQuery, FileReport, PickReply, Purge, RestartReport, XKind } from './protocol';
import { PURGES } from './protocol';
import type { ArchiveKind, FeedStatus, ReaderModule, ReaderSession } from './reader_session';
import { inStepOrder } from './step_order';
import type { Columns, Payloads, SeriesPoints, StepUnion } from './values/values';
import { WasmMemory, WORD } from './wasm_memory';

const X_KINDS: Record<XKind, number> = { step: 0, relative: 1, wall: 2 };

/** What the reader wants: what to do, and the bytes it speaks of. */
export interface Wish {
  status: FeedStatus;
  offset: number;
  length: number;
}

/** The log in wasm memory. */
export class WasmLog<S extends ReaderSession = ReaderSession> extends WasmMemory<S> {
  static of(wasm: ReaderModule, budgetBytes: number): WasmLog {
    return new WasmLog(wasm, new wasm.Session(budgetBytes));
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

  /** How a file is to be opened that begins so. */
  kindOf(start: Uint8Array): ArchiveKind {
    return this.call((session) => session.kindOf(this.setInput(start)));
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
      strings: this.texts(lengths),
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
      dropped: column(),
      isMatrix: column(),
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
    const rowWords = 8 * series.length;
    return { rows: words.slice(0, rowWords), steps: new BigInt64Array(words.buffer.slice(rowWords * WORD)) };
  }

  /** The steps that any of the series have. */
  steps(series: Uint32Array): StepUnion {
    this.call((session) => {
      this.setInputNumbers(series);
      session.steps(series.length);
    });
    const words = this.numbers();
    const count = words.length / 2;
    return {
      steps: new BigInt64Array(words.buffer.slice(0, count * WORD)),
      inEveryRun: Uint8Array.from(words.subarray(count)),
    };
  }

  columns(series: number): Columns {
    this.call((session) => session.columns(series));
    const words = this.numbers();
    const count = words.length / 3;
    return {
      steps: new BigInt64Array(words.buffer.slice(0, count * WORD)),
      wallTimes: words.slice(count, 2 * count),
      values: words.slice(2 * count),
    };
  }

  points(series: number): SeriesPoints {
    this.call((session) => session.points(series));
    const words = this.numbers();
    const count = words.length / 4;
    return inStepOrder({
      steps: new BigInt64Array(words.buffer.slice(0, count * WORD)),
      wallTimes: words.slice(count, 2 * count),
      points: Uint32Array.from(words.subarray(2 * count, 3 * count)),
      hasPayload: Uint8Array.from(words.subarray(3 * count)),
    });
  }

  /** Where the payloads of some points of a series are: of those that have one. */
  payloads(series: number, points: Uint32Array): Payloads {
    this.call((session) => {
      this.setInputNumbers(points);
      session.payloads(series, points.length);
    });
    return { plugin: this.text(), rows: this.numbers() };
  }

  protected wish(ask: (session: S) => FeedStatus): Wish {
    return this.call((session) => {
      const status = ask(session);
      return { status, offset: session.requestOffset(), length: session.requestLength() };
    });
  }
}
