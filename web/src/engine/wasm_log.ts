import type { CatalogueDelta, ChartQuery, FileReport, PickReply, Purge, RestartReport, XKind } from './protocol';
import { formatBytes } from '../model/format';
import { Fault } from './fault';
import {
  FREQUENCY_SCALES,
  type ClipFacts,
  type ClipFrame,
  type MediaFacts,
  type MediaPoint,
  type SpectrogramQuery,
} from './media';
import { PURGES } from './protocol';
import { MEASURES, type CompatibleBins, type GridQuery, type HistogramPoint } from './histograms';
import { inStepOrder } from './step_order';
import type { PointValue, SeriesPoints, StepUnion, ValueFacts } from './values';
import {
  ArchiveStep,
  ClipFault,
  FeedStatus,
  PayloadPlace,
  type ArchiveFacts,
  type ArchiveKind,
  type EntryFacts,
  type WasmModule,
  type WasmSession,
} from './wasm_session';

const X_KINDS: Record<XKind, number> = { step: 0, relative: 1, wall: 2 };
const WORD = Float64Array.BYTES_PER_ELEMENT;

/** What the reader wants: what to do, and the bytes it speaks of. */
export interface Wish {
  status: FeedStatus;
  offset: number;
  length: number;
}

/** Gives `length` bytes at `offset` of a file; fewer = it became shorter. */
export type ReadAt = (file: number, offset: number, length: number) => Promise<Uint8Array>;

/** Where the payload of a point is. */
export interface Payload {
  file: number;
  offset: number;
  length: number;
  /** It is not to be given back for decoding. */
  tooBig: boolean;
}

/** Where the payload of a histogram is that is not decoded yet. */
export interface MissingHistogram {
  point: number;
  file: number;
  offset: number;
  length: number;
}

/** Answers larger than this are not left in wasm memory, bytes. */
const RELEASED_FROM = 1 << 20;

/** What comes next in an archive. */
export type ArchiveEvent =
  | { step: ArchiveStep.Need; offset: number; length: number }
  | { step: ArchiveStep.Entry | ArchiveStep.EntryEnd; facts: EntryFacts }
  | { step: ArchiveStep.Data; bytes: Uint8Array<ArrayBuffer> }
  | { step: ArchiveStep.Pause }
  | { step: ArchiveStep.End; facts: ArchiveFacts };

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

  /** How a file is to be opened that begins so. */
  kindOf(start: Uint8Array): ArchiveKind {
    return this.call((session) => session.kindOf(this.setInput(start)));
  }

  /** @param maxBytes that may be unpacked. @returns the archive's number. */
  openArchive(kind: ArchiveKind, size: number, maxBytes: number): number {
    return this.call((session) => session.openArchive(kind, size, maxBytes));
  }

  stepArchive(archive: number): ArchiveEvent {
    return this.call((session): ArchiveEvent => {
      const step = session.stepArchive(archive);
      switch (step) {
        case ArchiveStep.Need:
          return { step, offset: session.requestOffset(), length: session.requestLength() };
        case ArchiveStep.Data:
          return { step, bytes: this.data() };
        case ArchiveStep.Pause:
          return { step };
        case ArchiveStep.Entry:
        case ArchiveStep.EntryEnd:
          return { step, facts: JSON.parse(this.text()) as EntryFacts };
        case ArchiveStep.End:
          return { step, facts: JSON.parse(this.text()) as ArchiveFacts };
      }
    });
  }

  /** The bytes that were needed; fewer = no more are at hand, none = the archive ends there. */
  provideArchive(archive: number, bytes: Uint8Array): void {
    this.call((session) => session.provideArchive(archive, this.setInput(bytes)));
  }

  openEntry(archive: number, number: number): void {
    this.call((session) => session.openEntry(archive, number));
  }

  closeArchive(archive: number): void {
    this.call((session) => session.closeArchive(archive));
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
      dropped: column(),
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

  /** undefined = the point has no payload. */
  findPayload(series: number, point: number): Payload | undefined {
    return this.call((session) => {
      const place = session.findPayload(series, point);
      if (place === PayloadPlace.None) return undefined;
      return {
        file: session.requestFile(),
        offset: session.requestOffset(),
        length: session.requestLength(),
        tooBig: place === PayloadPlace.TooBig,
      };
    });
  }

  /** Decodes the bytes of a payload that was found. */
  value(series: number, point: number, bytes: Uint8Array): PointValue {
    this.call((session) => session.value(series, point, this.setInput(bytes)));
    const facts = JSON.parse(this.text()) as ValueFacts;
    const words = this.numbers();
    this.release(bytes.length + words.byteLength);
    if (facts.kind !== 'tensor' || !facts.exact) return { facts, numbers: words };
    const count = words.length / 2;
    const Integers = facts.dtype === 'uint64' ? BigUint64Array : BigInt64Array;
    return { facts, numbers: words.subarray(0, count), integers: new Integers(words.buffer, count * WORD, count) };
  }

  /** What is saved of a payload that was found. */
  content(series: number, point: number, bytes: Uint8Array): ArrayBuffer {
    this.call((session) => session.content(series, point, this.setInput(bytes)));
    const content = this.copy(this.session.textPointer(), this.session.textSize());
    this.release(bytes.length + content.length);
    return content.buffer;
  }

  /** Of some points of a series of histograms, those that are not decoded yet. */
  missingHistograms(series: number, points: Uint32Array): MissingHistogram[] {
    this.call((session) => {
      this.setInputNumbers(points);
      session.missingHistograms(series, points.length);
    });
    const words = this.numbers();
    return Array.from({ length: words.length / 4 }, (_, i) => {
      const [point = 0, file = 0, offset = 0, length = 0] = words.subarray(4 * i, 4 * i + 4);
      return { point, file, offset, length };
    });
  }

  /** Decodes the payload of one that was missing. @returns false when the series has more than may be kept. */
  addHistogram(series: number, point: number, payload: Uint8Array): boolean {
    return this.call((session) => session.addHistogram(series, point, this.setInput(payload)));
  }

  /** See `factsAt` for the layout. The points are decoded. */
  histogramFacts(series: number, points: Uint32Array): Float64Array<ArrayBuffer> {
    this.call((session) => {
      this.setInputNumbers(points);
      session.histogramFacts(series, points.length);
    });
    return this.numbers();
  }

  /** Cells, row by row. The points are decoded. */
  histogramGrid({ series, points, rows, edges, measure }: GridQuery): Float64Array<ArrayBuffer> {
    this.call((session) => {
      const input = new Float64Array(points.length + rows.length + edges.length);
      input.set(points);
      input.set(rows, points.length);
      input.set(edges, points.length + rows.length);
      this.setInputNumbers(input);
      session.histogramGrid(series, points.length, edges.length, MEASURES.indexOf(measure));
    });
    return this.numbers();
  }

  /** undefined = there is not one bucket. The points are decoded. */
  compatibleBins(series: number, points: Uint32Array): CompatibleBins | undefined {
    this.call((session) => {
      this.setInputNumbers(points);
      session.compatibleBins(series, points.length);
    });
    const words = this.numbers();
    const [left, width] = words;
    if (left === undefined || width === undefined) return undefined;
    const counts = words.slice(2);
    return { left, width, bins: counts.length / points.length, counts };
  }

  histogramDistance(a: HistogramPoint, b: HistogramPoint): number {
    return this.call((session) => session.histogramDistance(a.series, a.point, b.series, b.point));
  }

  /** What is encoded in the bytes of a payload that was found. */
  media(series: number, point: number, bytes: Uint8Array<ArrayBuffer>): MediaPoint {
    this.call((session) => session.media(series, point, this.setInput(bytes)));
    const facts = JSON.parse(this.text()) as MediaFacts;
    const joined = this.data();
    this.release(bytes.length + joined.length);
    return { ...facts, bytes: joined.length > 0 ? joined : bytes };
  }

  openClip(isGif: boolean, bytes: Uint8Array): ClipFacts {
    const clip = this.call((session) => session.openClip(isGif, this.setInput(bytes)) as ClipFault);
    if (clip === ClipFault.TooMuch) throw new Fault({ code: 'value_too_big', detail: formatBytes(bytes.length) });
    if (clip === ClipFault.Unknown) throw new Fault({ code: 'undecodable' });
    return { clip, facts: [...this.numbers()] as [number, number, number] };
  }

  closeClip(clip: number): void {
    this.call((session) => session.closeClip(clip));
  }

  /** One frame more on the way to this one; undefined = it is not there yet. */
  stepClip(clip: number, frame: number): ClipFrame | undefined {
    const answer = this.call((session) => session.stepClip(clip, frame));
    return answer === 0 ? undefined : { pixels: this.data().buffer, damaged: answer === 2 };
  }

  waveform(clip: number, from: number, to: number, columns: number): Float32Array<ArrayBuffer> {
    this.call((session) => session.waveform(clip, from, to, columns));
    return new Float32Array(this.data().buffer);
  }

  spectrogram(clip: number, query: SpectrogramQuery): Float32Array<ArrayBuffer> {
    const { from, to, columns, bands, scale, window } = query;
    this.call((session) =>
      session.spectrogram(clip, from, to, columns, bands, FREQUENCY_SCALES.indexOf(scale), window),
    );
    return new Float32Array(this.data().buffer);
  }

  private release(size: number): void {
    if (size > RELEASED_FROM) this.call((session) => session.releaseBuffers());
  }

  /**
   * The JSON text of `tensorpane dump`. Nothing else may change the log meanwhile.
   *
   * @param read bytes of a file of the log.
   * @param beside the files that are no event files, by path below the log directory.
   * @param readBeside bytes of one of them, by its place among them.
   */
  async dump(
    purge: Purge,
    read: ReadAt,
    beside: readonly { path: string; size: number }[] = [],
    readBeside: ReadAt = () => Promise.resolve(new Uint8Array()),
  ): Promise<string> {
    this.call((session) => beside.forEach(({ path, size }) => session.addFileBeside(path, size)));
    const answer = async (wish: Wish, from: ReadAt, next: (bytes: Uint8Array) => Wish): Promise<void> => {
      while (wish.status === FeedStatus.Need) {
        const file = this.call((session) => session.requestFile());
        wish = next(await from(file, wish.offset, wish.length));
      }
    };
    const begun = this.wish((session) => session.beginProjector());
    await answer(begun, readBeside, (bytes) => this.wish((session) => session.provideProjector(this.setInput(bytes))));
    const dump = this.wish((session) => session.beginDump(PURGES.indexOf(purge)));
    await answer(dump, read, (bytes) => this.wish((session) => session.provideDump(this.setInput(bytes))));
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

  private data(): Uint8Array<ArrayBuffer> {
    return this.copy(this.session.dataPointer(), this.session.dataSize());
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
