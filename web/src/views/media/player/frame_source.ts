import type { Engine } from '../../../engine/engine';
import { Fault } from '../../../faults/fault';
import type { GifClip, ImageItem } from '../../../engine/values/media';

/** What can be drawn on a canvas, until it is closed. */
export interface Frame {
  image: CanvasImageSource;
  width: number;
  height: number;
  /** Some of its data are missing or damaged. */
  damaged: boolean;
  close(): void;
}

/** Decodes the frames of one animation. It takes memory until it is closed. */
export interface FrameSource {
  /** Rejects with a Fault. One after the other. */
  frame(frame: number, signal: AbortSignal): Promise<Frame>;
  close(): void;
}

/** Only what is used of it: not every browser has it, nor does the library of types know all of it. */
interface Decoder {
  readonly tracks: { readonly ready: Promise<void> };
  decode(options: { frameIndex: number }): Promise<{ image: VideoFrame }>;
  close(): void;
}
interface DecoderClass {
  new (options: { data: ReadableStream; type: string; preferAnimation: boolean }): Decoder;
  isTypeSupported(type: string): Promise<boolean>;
}

/**
 * The browser's own decoder (WebCodecs, `ImageDecoder`), or ours for a GIF where it has none.
 *
 * @returns undefined = nothing here takes it apart.
 */
export async function openFrames(
  item: ImageItem,
  bytes: Uint8Array<ArrayBuffer>,
  engine: Engine,
  signal: AbortSignal,
): Promise<FrameSource | undefined> {
  const { ImageDecoder: Class } = globalThis as { ImageDecoder?: DecoderClass };
  if (Class && (await Class.isTypeSupported(item.mime).catch(() => false))) {
    if (signal.aborted) throw new Fault({ code: 'cancelled' });
    return new BrowserFrames(
      new Class({ data: streamOf(bytes), type: item.mime, preferAnimation: item.times.length > 0 }),
    );
  }
  return item.mime === 'image/gif' ? new GifFrames(await engine.openGif(bytes, signal)) : undefined;
}

/** The decoder copies what it is given: of a large file, some at a time. */
const PIECE = 4 << 20;

function streamOf(bytes: Uint8Array): ReadableStream<Uint8Array> {
  let at = 0;
  return new ReadableStream({
    async pull(controller) {
      // Or one piece after the other would be read without any other task between.
      if (at > 0) await new Promise((resolve) => setTimeout(resolve));
      if (at >= bytes.length) return controller.close();
      controller.enqueue(bytes.slice(at, at + PIECE));
      at += PIECE;
    },
  });
}

class BrowserFrames implements FrameSource {
  private last: Promise<unknown>;

  constructor(private readonly decoder: Decoder) {
    this.last = decoder.tracks.ready.catch(() => undefined);
  }

  frame(frame: number, signal: AbortSignal): Promise<Frame> {
    const made = this.last.then(async (): Promise<Frame> => {
      if (signal.aborted) throw new Fault({ code: 'cancelled' });
      try {
        const { image } = await this.decoder.decode({ frameIndex: frame });
        const { displayWidth: width, displayHeight: height } = image;
        return { image, width, height, damaged: false, close: () => image.close() };
      } catch {
        // Cut files fail here; closing it is the end of whatever was asked.
        throw new Fault({ code: signal.aborted ? 'cancelled' : 'undecodable' });
      }
    });
    this.last = made.catch(() => undefined);
    return made;
  }

  close(): void {
    this.decoder.close();
  }
}

class GifFrames implements FrameSource {
  constructor(private readonly gif: GifClip) {}

  async frame(frame: number, signal: AbortSignal): Promise<Frame> {
    const { pixels, damaged } = await this.gif.frame(frame, signal);
    const { width, height } = this.gif;
    const canvas = new OffscreenCanvas(width, height);
    canvas.getContext('2d')?.putImageData(new ImageData(new Uint8ClampedArray(pixels), width, height), 0, 0);
    return { image: canvas, width, height, damaged, close: () => undefined };
  }

  close(): void {
    this.gif.close();
  }
}
