/** What is written of images. Pure. */
import type { ImageItem } from '../../engine/values/media';
import { formatBytes, formatExact } from '../../model/format';
import type { ImagePlace } from '../../model/state';
import { fileNamePart } from '../../ui/save';
import type { Pixel } from './pixels/jobs';
import { pngHeader } from './pixels/png';

/** "56×56" */
export function sizeText(width: number, height: number): string {
  return width > 0 ? `${formatExact(width)} × ${formatExact(height)}` : '';
}

/** "PNG", "unknown format" */
export function formatName(mime: string): string {
  const name = mime.slice(mime.indexOf('/') + 1).replace(/^x-|\+xml$/g, '');
  return name === '' ? 'unknown format' : name.toUpperCase();
}

/** "PNG · 56 × 56 · 16 bit" */
export function factsText(item: ImageItem, bytes: Uint8Array): string {
  const depth = pngHeader(bytes)?.depth;
  const parts = [formatName(item.mime), sizeText(item.width, item.height)];
  if (depth !== undefined && depth !== 8) parts.push(`${depth} bit`);
  return [...parts, formatBytes(item.length)].filter((part) => part !== '').join(' · ');
}

/** What it is that cannot be shown. */
export function unknownText(item: ImageItem): string {
  if (item.length === 0) return 'Nothing is in it: 0 bytes';
  const size = sizeText(item.width, item.height);
  return `An image of ${formatBytes(item.length)}, ${formatName(item.mime)}${size === '' ? '' : `, ${size}`}`;
}

const NAMES: readonly (readonly string[])[] = [[], ['Y'], ['Y', 'A'], ['R', 'G', 'B'], ['R', 'G', 'B', 'A']];

/** Of so many channels: Y = grey. */
export function channelNames(channels: number): readonly string[] {
  return NAMES[channels] ?? [];
}

/** "31, 14  R 212 G 198 B 164" */
export function pixelText(x: number, y: number, { values, bits }: Pick<Pixel, 'values' | 'bits'>): string {
  const names = channelNames(values.length);
  const depth = bits === 8 ? '' : ` (${bits} bit)`;
  return `${x}, ${y}  ${values.map((value, i) => `${names[i]} ${value}`).join(' ')}${depth}`;
}

const ENDINGS: Partial<Record<string, string>> = { 'image/jpeg': 'jpg', 'image/svg+xml': 'svg', '': 'bin' };

/** Name of a file that holds an image. */
export function imageFileName({ tag, run, sample }: ImagePlace, step: bigint, mime: string): string {
  const ending = ENDINGS[mime] ?? mime.slice(mime.indexOf('/') + 1);
  return `${fileNamePart(run)}.${fileNamePart(tag)}.step${step}.${sample}.${ending}`.replace(/^\.+/, '');
}
