/** What is encoded in a point, and what is asked of it: the TypeScript end of `wasm/values/media_value.h` and `wasm/media`. */

interface Encoded {
  /** Where it is in the bytes of its point. */
  offset: number;
  length: number;
  /** By its first bytes; '' = unknown. */
  mime: string;
  /** Damaged or cut, or of a kind whose header is not read; what is told nevertheless is what the header says. */
  error: boolean;
  /** What the writer says of it, in Markdown; '' = nothing. */
  label: string;
}

export interface ImageItem extends Encoded {
  /** A video is one by its bytes; its header is not read. */
  kind: 'image' | 'video';
  /** Pixels; 0 = unknown. */
  width: number;
  height: number;
  frames: number;
  /** How long each frame of a GIF, APNG or animated WebP is shown, in seconds. */
  times: number[];
}

export interface SoundItem extends Encoded {
  kind: 'sound';
  /** Hz; 0 = unknown, as for the two below. */
  sampleRate: number;
  channels: number;
  /** Samples of each channel. */
  frames: number;
}

export type MediaItem = ImageItem | SoundItem;

export interface MediaFacts {
  /** As `wasm/events/event.cc` names it. */
  storage: string;
  /** Why there are no items: words in `model/errors.ts`; '' = all is well. */
  error: string;
  /** Of all items; only the first 1000 are told. */
  count: number;
  items: MediaItem[];
}

export interface MediaPoint extends MediaFacts {
  /** What the items are in. */
  bytes: Uint8Array<ArrayBuffer>;
}

/** The bytes of an item; a view, no copy. */
export function bytesOf(point: MediaPoint, { offset, length }: MediaItem): Uint8Array<ArrayBuffer> {
  return point.bytes.subarray(offset, offset + length);
}

/** In the order of `wasm/media/spectrogram.h`. */
export const FREQUENCY_SCALES = ['linear', 'mel', 'log'] as const;
export type FrequencyScale = (typeof FREQUENCY_SCALES)[number];

/** Silence, and whatever is less, in a spectrogram, dB: `kSilence` of `wasm/media/spectrogram.h`. */
export const SILENCE = -200;

export interface SpectrogramQuery {
  /** Frames of the sound. */
  from: number;
  to: number;
  columns: number;
  bands: number;
  scale: FrequencyScale;
  /** Samples of a spectrum: a power of two. */
  window: number;
}

/** A picture of a GIF as it is seen. */
export interface ClipFrame {
  /** R, G, B, A, row by row; not premultiplied. */
  pixels: ArrayBuffer;
  /** Some of its data are missing or damaged. */
  damaged: boolean;
}

export interface ClipFacts {
  clip: number;
  /** Of a GIF width, height and frames; of a WAV sample rate, channels and frames. */
  facts: readonly [number, number, number];
}

/** A GIF that the core decodes. It takes memory until it is closed. */
export interface GifClip {
  readonly width: number;
  readonly height: number;
  readonly frames: number;
  /** One after the other: a frame that is asked for while another is made waits for it. */
  frame(frame: number, signal: AbortSignal): Promise<ClipFrame>;
  close(): void;
}

/** A WAV that the core looks at. It takes memory until it is closed. */
export interface SoundClip {
  /** Hz */
  readonly sampleRate: number;
  readonly channels: number;
  /** Samples of each channel. */
  readonly frames: number;
  /** Least and greatest sample of each column, channel after channel. */
  waveform(from: number, to: number, columns: number, signal: AbortSignal): Promise<Float32Array>;
  /** dB of each band from the lowest on, column after column. */
  spectrogram(query: SpectrogramQuery, signal: AbortSignal): Promise<Float32Array>;
  close(): void;
}
