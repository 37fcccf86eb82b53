/** What the worker of images does: whatever touches every pixel. Both ends of its messages. */
import type { ImageChannel } from '../../../model/state';
import { ValueCache } from '../../../engine/value_cache';
import { differenceOf, differencePicture, isGrey, pictureOf, pixelOf, seen, type Difference, type Picture } from './picture'; // prettier-ignore
import { readPng } from './png';
import { ssimOf } from './ssim';

/** An encoded image. */
export interface Source {
  /** The same for the same bytes: what was decoded lately is kept by it. */
  key: string;
  blob: Blob;
}

/** How an image is drawn. */
export interface Drawing {
  channel: ImageChannel;
  /** Colours of grey; undefined = as it is. */
  ramp: Uint32Array | undefined;
  /** It is made smaller when its longer side has more pixels. */
  maxSide: number;
}

export interface Drawn {
  bitmap: ImageBitmap;
  /** Pixels of the image itself, as it is seen: a JPEG may say that it is to be turned. */
  width: number;
  height: number;
}

export interface Pixel {
  /** Of each channel. */
  values: number[];
  bits: number;
  grey: boolean;
}

export interface Comparison extends Difference {
  /** Structural similarity; NaN = they have no one size, or are smaller than its window. */
  ssim: number;
}

export interface Jobs {
  draw: { ask: Drawing & { source: Source }; answer: Drawn };
  pixel: { ask: { source: Source; x: number; y: number }; answer: Pixel };
  compare: { ask: { a: Source; b: Source }; answer: Comparison };
  difference: { ask: { a: Source; b: Source; gain: number; ramp: Uint32Array; maxSide: number }; answer: Drawn };
}
export type JobKind = keyof Jobs;
export interface JobRequest<K extends JobKind = JobKind> {
  id: number;
  kind: K;
  ask: Jobs[K]['ask'];
}
/** Without an answer, it could not be done. */
export interface JobResponse<K extends JobKind = JobKind> {
  id: number;
  answer?: Jobs[K]['answer'];
}

/** Bytes of the pictures that are kept. */
const KEPT_BYTES = 96 << 20;
const kept = new ValueCache<Picture>(KEPT_BYTES);
/** So many comparisons are kept. */
const KEPT_COMPARISONS = 10_000;
const compared = new ValueCache<Comparison>(KEPT_COMPARISONS);

/** All bits of a PNG; of other formats, and of a damaged one, what the browser decodes. */
async function decode({ key, blob }: Source): Promise<Picture> {
  const known = kept.get(key);
  if (known) return known;
  const picture = (await decodePng(blob).catch(() => undefined)) ?? (await decodeAny(blob));
  kept.put(key, picture, picture.samples.byteLength);
  return picture;
}

async function decodePng(blob: Blob): Promise<Picture | undefined> {
  return blob.type === 'image/png' ? readPng(new Uint8Array(await blob.arrayBuffer())) : undefined;
}

async function decodeAny(blob: Blob): Promise<Picture> {
  const bitmap = await createImageBitmap(blob, { colorSpaceConversion: 'none', premultiplyAlpha: 'none' });
  const { width, height } = bitmap;
  const context = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true });
  if (!context) throw new Error('no canvas');
  context.drawImage(bitmap, 0, 0);
  bitmap.close();
  return pictureOf(width, height, context.getImageData(0, 0, width, height).data);
}

/** Takes the bitmap. */
async function fitted(bitmap: ImageBitmap, maxSide: number): Promise<Drawn> {
  const { width, height } = bitmap;
  const scale = maxSide / Math.max(width, height);
  if (scale >= 1) return { bitmap, width, height };
  const side = (length: number): number => Math.max(1, Math.round(length * scale));
  const small = await createImageBitmap(bitmap, {
    resizeWidth: side(width),
    resizeHeight: side(height),
    resizeQuality: 'medium',
  });
  bitmap.close();
  return { bitmap: small, width, height };
}

async function drawn(
  pixels: Uint8ClampedArray<ArrayBuffer>,
  { width, height }: Picture,
  maxSide: number,
): Promise<Drawn> {
  return fitted(await createImageBitmap(new ImageData(pixels, width, height)), maxSide);
}

const WORK: { [K in JobKind]: (ask: Jobs[K]['ask']) => Promise<Jobs[K]['answer']> } = {
  async draw({ source, channel, ramp, maxSide }) {
    // The browser may decode on yet another thread.
    if (channel === 'all' && !ramp) return fitted(await createImageBitmap(source.blob), maxSide);
    const picture = await decode(source);
    return drawn(seen(picture, channel, ramp), picture, maxSide);
  },
  async pixel({ source, x, y }) {
    const picture = await decode(source);
    return { values: pixelOf(picture, x, y), bits: picture.bits, grey: isGrey(picture) };
  },
  async compare({ a, b }) {
    const key = `${a.key}|${b.key}`;
    const known = compared.get(key);
    if (known) return known;
    const [one, other] = [await decode(a), await decode(b)];
    const difference = differenceOf(one, other);
    const comparison = { ...difference, ssim: difference.sameSize ? ssimOf(one, other) : NaN };
    compared.put(key, comparison, 1);
    return comparison;
  },
  async difference({ a, b, gain, ramp, maxSide }) {
    const [one, other] = [await decode(a), await decode(b)];
    return drawn(differencePicture(one, other, gain, ramp), one, maxSide);
  },
};

export async function work<K extends JobKind>({ id, kind, ask }: JobRequest<K>): Promise<JobResponse<K>> {
  try {
    return { id, answer: await WORK[kind](ask) };
  } catch {
    return { id };
  }
}
