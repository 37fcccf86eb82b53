/** Samples of a PNG with all their bits, which no browser gives. PNG specification, third edition: https://www.w3.org/TR/png-3/ */
import type { Picture } from './picture';

const SIGNATURE = [137, 80, 78, 71, 13, 10, 26, 10];
/** Channels by colour type (table 9): grey, colour, palette, grey and alpha, colour and alpha. */
const CHANNELS: Partial<Record<number, number>> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };
/** First column and row, and the steps between them, of the seven passes of Adam7 (section 8.1). */
const PASSES = [[0, 0, 8, 8], [4, 0, 8, 8], [0, 4, 4, 8], [2, 0, 4, 4], [0, 2, 2, 4], [1, 0, 2, 2], [0, 1, 1, 2]] as const; // prettier-ignore

interface Header {
  width: number;
  height: number;
  depth: number;
  colour: number;
  interlaced: boolean;
}

/** What the header says; undefined = it is no PNG. */
export function pngHeader(bytes: Uint8Array): Header | undefined {
  if (bytes.length < 33 || SIGNATURE.some((byte, i) => bytes[i] !== byte)) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const [depth, colour] = [view.getUint8(24), view.getUint8(25)];
  if (CHANNELS[colour] === undefined || ![1, 2, 4, 8, 16].includes(depth)) return undefined;
  return { width: view.getUint32(16), height: view.getUint32(20), depth, colour, interlaced: view.getUint8(28) === 1 };
}

/**
 * All samples of a PNG; those of a palette as the colours that they stand for.
 *
 * @throws Error it is none, or damaged
 */
export async function readPng(bytes: Uint8Array<ArrayBuffer>): Promise<Picture> {
  const header = pngHeader(bytes);
  if (!header) throw new Error('no PNG');
  const { palette, transparent, data } = chunksOf(bytes);
  const { width, height, depth, colour } = header;
  const channels = CHANNELS[colour] as number;
  const samples = depth === 16 ? new Uint16Array(width * height * channels) : new Uint8Array(width * height * channels);
  const passes = header.interlaced ? PASSES : [[0, 0, 1, 1] as const];
  const sizes = passes.map(([x, y, dx, dy]) => ({
    columns: Math.max(0, Math.ceil((width - x) / dx)),
    rows: Math.max(0, Math.ceil((height - y) / dy)),
  }));
  const rowBytes = (columns: number): number => Math.ceil((columns * channels * depth) / 8);
  const expected = sizes.reduce(
    (sum, { columns, rows }) => sum + (columns > 0 ? rows * (rowBytes(columns) + 1) : 0),
    0,
  );
  const raw = await inflated(data, expected);
  let at = 0;
  passes.forEach(([x0, y0, dx, dy], i) => {
    const { columns, rows } = sizes[i] as { columns: number; rows: number };
    if (columns === 0) return;
    const length = rowBytes(columns);
    let before = new Uint8Array(length);
    for (let row = 0; row < rows; row++) {
      const line = raw.subarray(at + 1, at + 1 + length);
      unfilter(raw[at] as number, line, before, Math.max(1, (channels * depth) >> 3));
      at += 1 + length;
      before = line;
      for (let column = 0; column < columns; column++) {
        const to = ((y0 + row * dy) * width + x0 + column * dx) * channels;
        for (let c = 0; c < channels; c++) samples[to + c] = sampleAt(line, column * channels + c, depth);
      }
    }
  });
  if (colour === 3) return coloured({ width, height, channels, bits: 8, samples }, palette, transparent);
  return { width, height, channels, bits: depth, samples };
}

function chunksOf(bytes: Uint8Array<ArrayBuffer>) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const data: Uint8Array<ArrayBuffer>[] = [];
  let [palette, transparent] = [new Uint8Array(), new Uint8Array()];
  for (let at = 8; at + 12 <= bytes.length;) {
    const length = view.getUint32(at);
    const content = bytes.subarray(at + 8, at + 8 + length);
    const type = String.fromCharCode(...bytes.subarray(at + 4, at + 8));
    if (type === 'IDAT') data.push(content);
    else if (type === 'PLTE') palette = content;
    else if (type === 'tRNS') transparent = content;
    else if (type === 'IEND') break;
    at += 12 + length;
  }
  return { palette, transparent, data };
}

/** So many bytes of what was deflated, never more. */
async function inflated(parts: Uint8Array<ArrayBuffer>[], expected: number): Promise<Uint8Array<ArrayBuffer>> {
  const whole = new Uint8Array(expected);
  const reader = new Blob(parts).stream().pipeThrough(new DecompressionStream('deflate')).getReader();
  let at = 0;
  while (at < expected) {
    const { value, done } = await reader.read();
    if (done) throw new Error('data are missing');
    const part = value.subarray(0, expected - at);
    whole.set(part, at);
    at += part.length;
  }
  await reader.cancel().catch(() => undefined);
  return whole;
}

/** Section 9.2. */
function unfilter(type: number, line: Uint8Array, before: Uint8Array, back: number): void {
  if (type > 4) throw new Error('no such filter');
  if (type === 0) return;
  for (let i = 0; i < line.length; i++) {
    const left = i >= back ? (line[i - back] as number) : 0;
    const above = before[i] as number;
    const corner = i >= back ? (before[i - back] as number) : 0;
    const by = type === 1 ? left : type === 2 ? above : type === 3 ? (left + above) >> 1 : paeth(left, above, corner);
    line[i] = (line[i] as number) + by;
  }
}

function paeth(left: number, above: number, corner: number): number {
  const guess = left + above - corner;
  const [byLeft, byAbove, byCorner] = [Math.abs(guess - left), Math.abs(guess - above), Math.abs(guess - corner)];
  if (byLeft <= byAbove && byLeft <= byCorner) return left;
  return byAbove <= byCorner ? above : corner;
}

function sampleAt(line: Uint8Array, index: number, depth: number): number {
  if (depth === 8) return line[index] as number;
  if (depth === 16) return ((line[2 * index] as number) << 8) | (line[2 * index + 1] as number);
  const bit = index * depth;
  return ((line[bit >> 3] as number) >> (8 - depth - (bit & 7))) & (2 ** depth - 1);
}

function coloured(indices: Picture, palette: Uint8Array, transparent: Uint8Array): Picture {
  const { width, height, samples: from } = indices;
  const channels = transparent.length > 0 ? 4 : 3;
  const samples = new Uint8Array(width * height * channels);
  for (let i = 0; i < from.length; i++) {
    const index = from[i] as number;
    if (3 * index + 2 >= palette.length) throw new Error('no such colour');
    samples.set(palette.subarray(3 * index, 3 * index + 3), i * channels);
    if (channels === 4) samples[i * 4 + 3] = transparent[index] ?? 255;
  }
  return { width, height, channels, bits: 8, samples };
}
