/** An image as numbers, and what is computed of it. Pure. */

import type { ImageChannel } from '../../../model/state';

/** Samples as they were written, row by row, channels of a pixel beside each other. */
export interface Picture {
  width: number;
  height: number;
  /** 1 grey, 2 grey and alpha, 3 colour, 4 colour and alpha. */
  channels: number;
  /** Of a sample: the greatest is 2^bits − 1. */
  bits: number;
  samples: Uint8Array | Uint16Array;
}

/** The values of a pixel. */
export function pixelOf({ width, channels, samples }: Picture, x: number, y: number): number[] {
  const at = (y * width + x) * channels;
  return [...samples.subarray(at, at + channels)];
}

/** Whether all its pixels are grey, however many channels they were written with. */
export function isGrey({ channels, samples }: Picture): boolean {
  if (channels < 3) return true;
  for (let at = 0; at < samples.length; at += channels) {
    if (samples[at] !== samples[at + 1] || samples[at] !== samples[at + 2]) return false;
  }
  return true;
}

/** What a browser decoded, R G B A; an alpha that hides nothing is none. */
export function pictureOf(width: number, height: number, rgba: Uint8ClampedArray): Picture {
  let isOpaque = true;
  for (let at = 3; at < rgba.length && isOpaque; at += 4) isOpaque = rgba[at] === 255;
  if (!isOpaque) return { width, height, channels: 4, bits: 8, samples: new Uint8Array(rgba.buffer) };
  const samples = new Uint8Array(width * height * 3);
  for (let from = 0, to = 0; from < rgba.length; from += 4) {
    samples[to++] = rgba[from] as number;
    samples[to++] = rgba[from + 1] as number;
    samples[to++] = rgba[from + 2] as number;
  }
  return { width, height, channels: 3, bits: 8, samples };
}

/** Where the samples of a channel of what is seen are among those of a pixel; −1 = it is all opaque. */
function placeOf(channels: number, channel: Exclude<ImageChannel, 'all'>): number {
  if (channel === 'alpha') return channels % 2 === 0 ? channels - 1 : -1;
  return channels < 3 ? 0 : ['red', 'green', 'blue'].indexOf(channel);
}

/**
 * What is seen of a picture: all of it or one channel as grey, the grey in the colours of a ramp.
 *
 * @param ramp 256 colours, A B G R from the top; undefined = grey stays grey.
 * @returns R G B A
 */
export function seen(
  picture: Picture,
  channel: ImageChannel,
  ramp: Uint32Array | undefined,
): Uint8ClampedArray<ArrayBuffer> {
  const { width, height, channels, bits, samples } = picture;
  const pixels = new Uint32Array(width * height);
  const scale = 255 / (2 ** bits - 1);
  const value = (at: number): number => Math.round((samples[at] as number) * scale);
  const isColour = channel === 'all' && channels >= 3 && !(ramp && isGrey(picture));
  const place = channel === 'all' ? 0 : placeOf(channels, channel);
  const hasAlpha = channel === 'all' && channels % 2 === 0;
  for (let i = 0, at = 0; i < pixels.length; i++, at += channels) {
    const alpha = hasAlpha ? value(at + channels - 1) : 255;
    let colour: number;
    if (isColour) colour = value(at) | (value(at + 1) << 8) | (value(at + 2) << 16);
    else {
      const grey = place < 0 ? 255 : value(at + place);
      colour = ramp ? (ramp[grey] as number) & 0xffffff : grey * 0x010101;
    }
    pixels[i] = ((alpha << 24) | colour) >>> 0;
  }
  return new Uint8ClampedArray(pixels.buffer);
}

export interface Difference {
  /** Of two pictures that are not as large, nothing else is known. */
  sameSize: boolean;
  /** Peak signal to noise ratio, dB: 10 log10(1 / mean squared difference), samples from 0 to 1. Infinity = they are the same. */
  psnr: number;
  /** The greatest difference of two samples, and the mean; in samples of `bits`. */
  max: number;
  mean: number;
  bits: number;
}

/** How much two pictures differ. Grey is the same as equal red, green and blue; without alpha is opaque. */
export function differenceOf(a: Picture, b: Picture): Difference {
  const bits = Math.max(a.bits, b.bits);
  if (a.width !== b.width || a.height !== b.height) return { sameSize: false, psnr: NaN, max: NaN, mean: NaN, bits };
  let [max, sum, squares, count] = [0, 0, 0, 0];
  eachDifference(a, b, (_, difference) => {
    max = Math.max(max, difference);
    sum += difference;
    squares += difference * difference;
    count++;
  });
  const peak = 2 ** bits - 1;
  return { sameSize: true, psnr: -10 * Math.log10(squares / count), max: max * peak, mean: (sum / count) * peak, bits };
}

/** The mean of the channels' differences times `gain`, in the colours of a ramp; R G B A. Both have one size. */
export function differencePicture(
  a: Picture,
  b: Picture,
  gain: number,
  ramp: Uint32Array,
): Uint8ClampedArray<ArrayBuffer> {
  const pixels = new Uint32Array(a.width * a.height);
  const sums = new Float32Array(pixels.length);
  const { all } = commonChannels(a, b);
  eachDifference(a, b, (pixel, difference) => (sums[pixel] = (sums[pixel] as number) + difference));
  for (let i = 0; i < pixels.length; i++) {
    pixels[i] = ramp[Math.min(255, Math.round(((sums[i] as number) / all) * gain * 255))] as number;
  }
  return new Uint8ClampedArray(pixels.buffer);
}

/** The channels that two pictures are compared by: grey or colours, and after them alpha if either has one. */
export interface CommonChannels {
  colours: number;
  all: number;
}

export function commonChannels(a: Picture, b: Picture): CommonChannels {
  const colours = a.channels > 2 || b.channels > 2 ? 3 : 1;
  return { colours, all: colours + (a.channels % 2 === 0 || b.channels % 2 === 0 ? 1 : 0) };
}

/** The value of a pixel in one of these channels, 0 to 1. */
export function valueOf(picture: Picture, pixel: number, channel: number, { colours }: CommonChannels): number {
  const { samples, channels, bits } = picture;
  if (channel < colours) return (samples[pixel * channels + (channels > 2 ? channel : 0)] as number) / (2 ** bits - 1);
  return channels % 2 === 0 ? (samples[(pixel + 1) * channels - 1] as number) / (2 ** bits - 1) : 1;
}

/** Calls back with the difference of each two samples, 0 to 1. */
function eachDifference(a: Picture, b: Picture, tell: (pixel: number, difference: number) => void): void {
  const channels = commonChannels(a, b);
  for (let pixel = 0; pixel < a.width * a.height; pixel++) {
    for (let channel = 0; channel < channels.all; channel++) {
      tell(pixel, Math.abs(valueOf(a, pixel, channel, channels) - valueOf(b, pixel, channel, channels)));
    }
  }
}
