/**
 * The seam between the page and the worker that decodes payloads, whole. Requests are answered as those of `protocol.ts`
 * are; points are as `points` calls them there. Where a payload is, and its bytes, the worker asks of the one that reads,
 * through a port of its own. The C++ end of it is `wasm/bindings/values.cc`.
 */
import type { CompatibleBins, GridQuery, HistogramPoint } from './histograms';
import type { ClipFacts, ClipFrame, MediaPoint, SpectrogramQuery } from './media';
import type { PointValue } from './values';

export type ValuesRequest = { id: number } & (
  | { type: 'init'; wasm: WebAssembly.Module | ArrayBuffer; reader: MessagePort }
  | { type: 'cancel'; target: number }
  | { type: 'value'; series: number; point: number }
  | { type: 'content'; series: number; point: number }
  /** What histograms hold, read and decoded first where they are not yet. Can be cancelled. */
  | { type: 'histogramFacts'; series: number; points: Uint32Array }
  | { type: 'histogramGrid'; grid: GridQuery }
  | { type: 'compatibleBins'; series: number; points: Uint32Array }
  | { type: 'histogramDistance'; a: HistogramPoint; b: HistogramPoint }
  | { type: 'media'; series: number; point: number }
  /** Hands over a GIF or a WAV for the requests below. */
  | { type: 'openClip'; isGif: boolean; bytes: Uint8Array<ArrayBuffer> }
  | { type: 'closeClip'; clip: number }
  /** One at a time of a clip: each goes its own way through the frames. */
  | { type: 'frame'; clip: number; frame: number }
  /** Frames of the sound. */
  | { type: 'waveform'; clip: number; from: number; to: number; columns: number }
  | { type: 'spectrogram'; clip: number; query: SpectrogramQuery }
);

export type ValuesRequestType = ValuesRequest['type'];

/** A request that has no id yet. */
export type ValuesRequestBody = ValuesRequest extends infer R
  ? R extends ValuesRequest
    ? Omit<R, 'id'>
    : never
  : never;

/** What each request is answered with. */
export interface ValuesReplies {
  init: null;
  cancel: null;
  /** null = the point has no payload. Can be cancelled. */
  value: PointValue | null;
  /** What is saved of the payload (`wasm/values/point_value.h`, ContentOf); one that is too big, as it is in the file. */
  content: ArrayBuffer | null;
  /** See `factsAt` (histograms.ts) for the layout. */
  histogramFacts: Float64Array;
  /** Cells, row by row; the row of points that are all damaged is NaN. */
  histogramGrid: Float64Array;
  /** null = there is not one bucket. */
  compatibleBins: CompatibleBins | null;
  /** Wasserstein distance; NaN = one of them has no values. */
  histogramDistance: number;
  /** What is encoded in the point; null = it has no payload. Can be cancelled. */
  media: MediaPoint | null;
  openClip: ClipFacts;
  closeClip: null;
  /** Can be cancelled, as the two below. */
  frame: ClipFrame;
  waveform: Float32Array<ArrayBuffer>;
  spectrogram: Float32Array<ArrayBuffer>;
}
