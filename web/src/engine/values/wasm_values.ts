import { formatBytes } from '../../model/format';
import { Fault } from '../../faults/fault';
import { MEASURES, type CompatibleBins, type GridQuery, type HistogramPoint } from './histograms';
import {
  FREQUENCY_SCALES,
  type ClipFacts,
  type ClipFrame,
  type MediaFacts,
  type MediaPoint,
  type SpectrogramQuery,
} from './media';
import type { PointValue, ValueFacts } from './values';
import { ClipFault, type ValuesModule, type ValuesSession } from './values_session';
import { WasmMemory, WORD } from '../wasm_memory';

/** How a payload is in its file. */
export interface Form {
  /** Storage of `wasm/events/event.h`. */
  storage: number;
  /** It is the whole Summary.Value, with the payload in parts. */
  split: boolean;
}

/** What decodes payloads in wasm memory, and what it has decoded of histograms and clips. */
export class WasmValues extends WasmMemory<ValuesSession> {
  static of(wasm: ValuesModule): WasmValues {
    return new WasmValues(wasm, new wasm.Values());
  }

  value({ storage, split }: Form, bytes: Uint8Array): PointValue {
    this.call((session) => session.value(storage, split, this.setInput(bytes)));
    const facts = JSON.parse(this.text()) as ValueFacts;
    const words = this.numbers();
    this.release(bytes.length + words.byteLength);
    if (facts.kind !== 'tensor' || !facts.exact) return { facts, numbers: words };
    const count = words.length / 2;
    const Integers = facts.dtype === 'uint64' ? BigUint64Array : BigInt64Array;
    return { facts, numbers: words.subarray(0, count), integers: new Integers(words.buffer, count * WORD, count) };
  }

  /** What is saved of a payload. */
  content({ storage, split }: Form, bytes: Uint8Array): ArrayBuffer {
    this.call((session) => session.content(storage, split, this.setInput(bytes)));
    const content = this.textBytes();
    this.release(bytes.length + content.length);
    return content.buffer;
  }

  /** Of some points of a series of histograms, those that are not decoded yet. */
  missingHistograms(series: number, points: Uint32Array): Uint32Array {
    this.call((session) => {
      this.setInputNumbers(points);
      session.missingHistograms(series, points.length);
    });
    return Uint32Array.from(this.numbers());
  }

  /** Decodes one that was missing. @returns false when the series has more than may be kept. */
  addHistogram(series: number, point: number, { storage, split }: Form, bytes: Uint8Array): boolean {
    return this.call((session) => session.addHistogram(series, point, storage, split, this.setInput(bytes)));
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

  /** What is encoded in the bytes of a payload. */
  media(plugin: string, { storage, split }: Form, bytes: Uint8Array<ArrayBuffer>): MediaPoint {
    this.call((session) => session.media(plugin, storage, split, this.setInput(bytes)));
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
}
