import { signal, type ReadonlySignal } from '@preact/signals-core';
import { bytesOf, type ImageItem, type MediaPoint } from '../../engine/values/media';
import { errorText } from '../../model/errors';
import { formatBytes } from '../../model/format';
import type { Drawing, Drawn, Pixel, Source } from './pixels/jobs';
import { ask } from './pixels/image_worker';

/** Pixels of an image that is decoded: 256 MiB of them. */
const MAX_PIXELS = 1 << 26;
/** What is shown as it is, has its bytes in its address. */
const MAX_INERT_BYTES = 4 << 20;

export type Pictured =
  /** On the canvas; pixels of the image itself. */
  | { kind: 'drawn'; width: number; height: number }
  /** Left to the browser, in an `<img>`. */
  | { kind: 'inert'; url: string }
  | { kind: 'lost'; why: string };

/** Whether all pixels of an image may be had: nothing that is not surely pixels is decoded by hand. */
export function isDecodable({ length, width, height, mime }: ImageItem): boolean {
  return length > 0 && width * height <= MAX_PIXELS && mime !== '' && mime !== 'image/svg+xml';
}

/** An image on a canvas, decoded and drawn by the worker. What was there stays until the next one is. */
export class ImagePicture {
  private readonly found = signal<Pictured | undefined>(undefined);
  /** undefined = nothing is known yet. */
  readonly shown: ReadonlySignal<Pictured | undefined> = this.found;

  constructor() {
    // What holds it says what is seen.
    this.element.setAttribute('aria-hidden', 'true');
  }

  private readonly element = document.createElement('canvas');
  private abort: AbortController | undefined;
  private source: Source | undefined;
  /** What is on the canvas, or on its way. */
  private asked: ({ key: string } & Drawing) | undefined;

  async show(point: MediaPoint, item: ImageItem, source: Source, drawing: Drawing): Promise<void> {
    const { channel, ramp, maxSide } = drawing;
    const { key } = source;
    const before = this.asked;
    if (before?.key === key && before.channel === channel && before.ramp === ramp && before.maxSide === maxSide) return;
    this.abort?.abort();
    const { signal: aborted } = (this.abort = new AbortController());
    this.asked = { key, ...drawing };
    this.source = source;
    if (item.length === 0) return this.lose('');
    if (item.width * item.height > MAX_PIXELS) {
      return this.lose(
        `Decoded, it takes ${formatBytes(item.width * item.height * 4)}: save it and look at it elsewhere`,
      );
    }
    if (!isDecodable(item)) return this.leaveToBrowser(point, item);
    const drawn = await ask('draw', { source, ...drawing }, aborted).catch(() => undefined);
    if (aborted.aborted) drawn?.bitmap.close();
    else if (drawn) this.take(drawn);
    else this.lose(errorText({ code: 'undecodable' }));
  }

  /** Shows what is drawn already. */
  take({ bitmap, width, height }: Drawn): void {
    const { element } = this;
    // The context would keep the size of the canvas.
    element.width = bitmap.width;
    element.height = bitmap.height;
    element.getContext('bitmaprenderer')?.transferFromImageBitmap(bitmap);
    this.found.value = { kind: 'drawn', width, height };
  }

  lose(why: string): void {
    this.found.value = { kind: 'lost', why };
  }

  /**
   * A `data:` address, not one of a Blob: opened in a tab of its own, a script in it would belong to the page.
   */
  private leaveToBrowser(point: MediaPoint, item: ImageItem): void {
    if (item.length > MAX_INERT_BYTES) return this.lose(errorText({ code: 'undecodable' }));
    const bytes = bytesOf(point, item);
    let text = '';
    for (let at = 0; at < bytes.length; at += 4096) text += String.fromCharCode(...bytes.subarray(at, at + 4096));
    this.found.value = { kind: 'inert', url: `data:${item.mime || 'image/x-unknown'};base64,${btoa(text)}` };
  }

  /** Takes no memory any more. */
  clear(): void {
    this.abort?.abort();
    this.asked = undefined;
    this.element.width = this.element.height = 0;
    this.found.value = undefined;
  }

  /** The canvas itself, which is at one place at a time; it keeps what is drawn wherever it is moved. */
  canvas(style: string): HTMLCanvasElement {
    this.element.style.cssText = style;
    return this.element;
  }

  /** The values of a pixel; undefined = it cannot be read. */
  async pixel(x: number, y: number, signal: AbortSignal): Promise<Pixel | undefined> {
    return this.source && ask('pixel', { source: this.source, x, y }, signal);
  }
}
