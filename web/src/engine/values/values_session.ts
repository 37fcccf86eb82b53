/**
 * The Embind class of `wasm/bindings/values.cc`, as TypeScript sees it: what payloads hold. Storage, split and plugin are
 * as `payloads` of the reader tells them. Only a worker uses it, through `wasm_values.ts`.
 */
import type { Exchange } from '../wasm_memory';

/** What `openClip` answers in place of a number. */
export const enum ClipFault {
  /** It cannot be decoded here. */
  Unknown = -1,
  /** Too much is open. */
  TooMuch = -2,
}

export interface ValuesSession extends Exchange {
  /** Decodes the payload, which is the input. Text: JSON of ValueFacts; numbers: PointValue.numbers (values.ts). */
  value(storage: number, split: boolean, length: number): void;
  /** Text: the bytes that are saved of the payload, which is the input. */
  content(storage: number, split: boolean, length: number): void;
  /**
   * Input (f64): points of a series of histograms, which has any number that tells it from others. Numbers: those that are
   * not decoded yet.
   */
  missingHistograms(series: number, pointCount: number): void;
  /** Decodes one, whose payload is the input. Returns false when the series has more than may be kept. */
  addHistogram(series: number, point: number, storage: number, split: boolean, length: number): boolean;
  /** Input (f64): points. Numbers: see HistogramFacts (histograms.ts). */
  histogramFacts(series: number, pointCount: number): void;
  /** Input (f64): points; the row of each; edges. `measure` = its index in MEASURES. Numbers: cells, row by row. */
  histogramGrid(series: number, pointCount: number, edgeCount: number, measure: number): void;
  /** Input (f64): points. Numbers: left, width, and 30 counts a point; or nothing. */
  compatibleBins(series: number, pointCount: number): void;
  /** Wasserstein distance of two that are decoded; NaN = there is none. */
  histogramDistance(seriesA: number, pointA: number, seriesB: number, pointB: number): number;
  /**
   * Finds the encoded images and sounds of the payload, which is the input. Text: JSON of MediaFacts (media.ts); data:
   * what their offsets are in, if it is not the payload itself.
   */
  media(plugin: string, storage: number, split: boolean, length: number): void;
  /**
   * Takes the input, a GIF or a WAV, for the calls below, until `closeClip`. Returns its number, or what of
   * {@link ClipFault} it is. Numbers: width, height, frames; or sample rate, channels, frames.
   */
  openClip(isGif: boolean, length: number): number;
  closeClip(clip: number): void;
  /** One frame more on the way to this one of a GIF: 0 = go on, 1 = data: its pixels, RGBA; 2 = so, and some are missing. */
  stepClip(clip: number, frame: number): number;
  /** Data (f32): least and greatest sample of each column, channel after channel. */
  waveform(clip: number, from: number, to: number, columns: number): void;
  /** Data (f32): dB of each band, column after column; see `wasm/media/spectrogram.h`. `scale`: index in FREQUENCY_SCALES. */
  spectrogram(
    clip: number,
    from: number,
    to: number,
    columns: number,
    bands: number,
    scale: number,
    window: number,
  ): void;
}

export interface ValuesModule {
  HEAPU8: Uint8Array;
  Values: new () => ValuesSession;
}
