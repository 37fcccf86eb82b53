import type { ClipFrame, GifClip, SoundClip, SpectrogramQuery } from './media';
import type { ValuesReplies, ValuesRequestBody } from './values_protocol';

/** Asks the worker; when the signal aborts, the request is cancelled. */
export type AskUnless = <R extends ValuesRequestBody>(
  signal: AbortSignal,
  request: R,
) => Promise<ValuesReplies[R['type']]>;

/** Where closing goes to, which waits for nobody. */
export type Close = (clip: number) => void;

/** A GIF in the worker. */
export class WorkerGif implements GifClip {
  private last: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly ask: AskUnless,
    private readonly closeClip: Close,
    private readonly clip: number,
    readonly width: number,
    readonly height: number,
    readonly frames: number,
  ) {}

  frame(frame: number, signal: AbortSignal): Promise<ClipFrame> {
    const made = this.last.then(() => this.ask(signal, { type: 'frame', clip: this.clip, frame }));
    this.last = made.catch(() => undefined);
    return made;
  }

  close(): void {
    // Behind the frame that is being made.
    void this.last.then(() => this.closeClip(this.clip));
  }
}

/** A WAV in the worker. */
export class WorkerSound implements SoundClip {
  /** How many answers are on their way. */
  private asked = 0;
  private closed = false;

  constructor(
    private readonly ask: AskUnless,
    private readonly closeClip: Close,
    private readonly clip: number,
    readonly sampleRate: number,
    readonly channels: number,
    readonly frames: number,
  ) {}

  waveform(from: number, to: number, columns: number, signal: AbortSignal): Promise<Float32Array> {
    return this.counted(this.ask(signal, { type: 'waveform', clip: this.clip, from, to, columns }));
  }

  spectrogram(query: SpectrogramQuery, signal: AbortSignal): Promise<Float32Array> {
    return this.counted(this.ask(signal, { type: 'spectrogram', clip: this.clip, query }));
  }

  close(): void {
    this.closed = true;
    if (this.asked === 0) this.closeClip(this.clip);
  }

  private async counted<T>(answer: Promise<T>): Promise<T> {
    this.asked++;
    try {
      return await answer;
    } finally {
      if (--this.asked === 0 && this.closed) this.closeClip(this.clip);
    }
  }
}
