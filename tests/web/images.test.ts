import { describe, expect, test } from 'vitest';
import { deflateSync } from 'node:zlib';
import ssimCases from '../data/media/ssim.json';
import { differenceOf, isGrey, pictureOf, seen, type Picture } from '../../web/src/views/images/pixels/picture';
import { ssimOf } from '../../web/src/views/images/pixels/ssim';
import { readPng } from '../../web/src/views/images/pixels/png';
import {
  axesOf,
  flowsOf,
  placeIn,
  rowKey,
  sectionOfRow,
  sectionsOf,
  type MatrixQuery,
} from '../../web/src/views/images/matrix';
import { IMAGE_AXES } from '../../web/src/model/state';
import { Random } from './random';

const CHANNELS = new Map([[0, 1], [2, 3], [4, 2], [6, 4]]); // prettier-ignore
const PASSES = [[0, 0, 8, 8], [4, 0, 8, 8], [0, 4, 4, 8], [2, 0, 4, 4], [0, 2, 2, 4], [1, 0, 2, 2], [0, 1, 1, 2]] as const; // prettier-ignore

function chunk(type: string, data: Uint8Array): Buffer {
  const head = Buffer.alloc(8);
  head.writeUInt32BE(data.length);
  head.write(type, 4);
  return Buffer.concat([head, data, Buffer.alloc(4)]);
}

/** A PNG of these samples, each row with another filter. */
function encode({ width, height, channels, samples }: Picture, colour: number, depth: number, interlaced: boolean) {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width);
  header.writeUInt32BE(height, 4);
  header.set([depth, colour, 0, 0, interlaced ? 1 : 0], 8);
  const rows: Buffer[] = [];
  for (const [x0, y0, dx, dy] of interlaced ? PASSES : [[0, 0, 1, 1] as const]) {
    let before: number[] = [];
    for (let y = y0, filter = 0; y < height && x0 < width; y += dy, filter = (filter + 1) % 5) {
      const bits: number[] = [];
      for (let x = x0; x < width; x += dx) {
        for (let c = 0; c < channels; c++) {
          const sample = samples[(y * width + x) * channels + c] as number;
          for (let bit = depth - 1; bit >= 0; bit--) bits.push((sample >> bit) & 1);
        }
      }
      const line = Array.from({ length: Math.ceil(bits.length / 8) }, (_, i) =>
        [0, 1, 2, 3, 4, 5, 6, 7].reduce((byte, bit) => byte * 2 + (bits[8 * i + bit] ?? 0), 0),
      );
      const back = Math.max(1, (channels * depth) / 8);
      const predicted = line.map((_, i) => {
        const [left, above, corner] = [line[i - back] ?? 0, before[i] ?? 0, before[i - back] ?? 0];
        if (i < back) return [0, 0, above, above >> 1, above][filter] as number;
        const guess = left + above - corner;
        const nearest = [left, above, corner].reduce((best, one) =>
          Math.abs(guess - one) < Math.abs(guess - best) ? one : best,
        );
        return [0, left, above, (left + above) >> 1, nearest][filter] as number;
      });
      rows.push(Buffer.from([filter, ...line.map((byte, i) => (byte - (predicted[i] as number)) & 255)]));
      before = line;
    }
  }
  const data = deflateSync(Buffer.concat(rows));
  const parts = [data.subarray(0, 5), data.subarray(5)].map((part) => chunk('IDAT', part));
  const signature = Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]);
  const bytes = Buffer.concat([signature, chunk('IHDR', header), ...parts, chunk('IEND', Buffer.alloc(0))]);
  return new Uint8Array(bytes);
}

function randomPicture(random: Random, channels: number, bits: number, width: number, height: number): Picture {
  const count = width * height * channels;
  const samples = bits > 8 ? new Uint16Array(count) : new Uint8Array(count);
  return { width, height, channels, bits, samples: samples.map(() => Math.floor(random.next() * 2 ** bits)) };
}

describe('a PNG', () => {
  test('gives back all bits of its samples, with any filter, interlaced or not', async () => {
    const random = new Random(5);
    for (const [colour, channels] of CHANNELS) {
      for (const depth of colour === 0 ? [1, 2, 4, 8, 16] : [8, 16]) {
        for (const interlaced of [false, true]) {
          for (const [width, height] of [
            [1, 1],
            [3, 7],
            [17, 9],
          ] as const) {
            const picture = randomPicture(random, channels, depth, width, height);
            expect(await readPng(encode(picture, colour, depth, interlaced))).toEqual(picture);
          }
        }
      }
    }
  });

  test('that is cut or damaged is refused, never read beyond', async () => {
    const random = new Random(6);
    const bytes = encode(randomPicture(random, 3, 8, 20, 20), 2, 8, false);
    for (let length = 0; length < bytes.length - 20; length += 11) {
      await expect(readPng(bytes.slice(0, length))).rejects.toThrow();
    }
  });
});

describe('what is seen of a picture', () => {
  const picture: Picture = {
    width: 1,
    height: 1,
    channels: 4,
    bits: 16,
    samples: Uint16Array.of(65535, 0, 32768, 65535),
  };

  test('is all of it, or a channel as grey', () => {
    expect([...seen(picture, 'all', undefined)]).toEqual([255, 0, 128, 255]);
    expect([...seen(picture, 'blue', undefined)]).toEqual([128, 128, 128, 255]);
    expect([...seen(picture, 'alpha', undefined)]).toEqual([255, 255, 255, 255]);
  });

  test('grey is in the colours of a ramp, colour is not', () => {
    const ramp = Uint32Array.from({ length: 256 }, (_, i) => (0xff000000 | (i << 16) | 7) >>> 0);
    expect([...seen(picture, 'red', ramp)]).toEqual([7, 0, 255, 255]);
    expect([...seen(picture, 'all', ramp)]).toEqual([255, 0, 128, 255]);
    const grey: Picture = { width: 1, height: 1, channels: 3, bits: 8, samples: Uint8Array.of(9, 9, 9) };
    expect(isGrey(grey)).toBe(true);
    expect([...seen(grey, 'all', ramp)]).toEqual([7, 0, 9, 255]);
  });

  test('an alpha that hides nothing is none', () => {
    expect(pictureOf(1, 1, Uint8ClampedArray.of(1, 2, 3, 255)).samples).toEqual(Uint8Array.of(1, 2, 3));
    expect(pictureOf(1, 1, Uint8ClampedArray.of(1, 2, 3, 4)).channels).toBe(4);
  });
});

describe('the difference of two pictures', () => {
  test('is none of the same one, in any form', () => {
    const grey: Picture = { width: 2, height: 1, channels: 1, bits: 8, samples: Uint8Array.of(3, 200) };
    const colour: Picture = { width: 2, height: 1, channels: 4, bits: 16, samples: Uint16Array.of(771, 771, 771, 65535, 51400, 51400, 51400, 65535) }; // prettier-ignore
    expect(differenceOf(grey, colour)).toEqual({ sameSize: true, psnr: Infinity, max: 0, mean: 0, bits: 16 });
  });

  test('is by its definition', () => {
    const random = new Random(7);
    const [a, b] = [randomPicture(random, 3, 8, 5, 4), randomPicture(random, 3, 8, 5, 4)];
    const differences = [...a.samples].map((sample, i) => Math.abs(sample - (b.samples[i] as number)));
    const squares = differences.reduce((sum, one) => sum + one * one, 0) / differences.length;
    const { psnr, max, mean } = differenceOf(a, b);
    expect(psnr).toBeCloseTo(10 * Math.log10((255 * 255) / squares));
    expect(max).toBeCloseTo(Math.max(...differences));
    expect(mean).toBeCloseTo(differences.reduce((sum, one) => sum + one, 0) / differences.length);
  });

  test('of other sizes is not known', () => {
    const random = new Random(8);
    expect(differenceOf(randomPicture(random, 1, 8, 2, 3), randomPicture(random, 1, 8, 3, 2)).sameSize).toBe(false);
  });
});

describe('structural similarity', () => {
  test('is what scikit-image computes, of any channels and bits', () => {
    for (const { a, b, ssim, psnr, ...size } of ssimCases) {
      const of = (samples: number[]): Picture => ({
        ...size,
        samples: size.bits > 8 ? Uint16Array.from(samples) : Uint8Array.from(samples),
      });
      expect(ssimOf(of(a), of(b))).toBeCloseTo(ssim, 9);
      expect(differenceOf(of(a), of(b)).psnr).toBeCloseTo(psnr, 9);
      expect(ssimOf(of(a), of(a))).toBeCloseTo(1, 12);
    }
  });

  test('of what is smaller than its window is not known', () => {
    const random = new Random(9);
    expect(ssimOf(randomPicture(random, 1, 8, 10, 30), randomPicture(random, 1, 8, 10, 30))).toBeNaN();
  });
});

describe('the matrix', () => {
  const all = [
    ['a/x', 'one', 0], ['a/x', 'two', 1], ['a/y', 'one', 2], ['b', '1', 3],
  ] as const; // prettier-ignore
  const query = (rows: MatrixQuery['rows'], columns: MatrixQuery['columns']): MatrixQuery => ({
    rows,
    columns,
    tags: ['a/x', 'a/y', 'b'],
    seriesOf: (tag) => all.filter(([one]) => one === tag).map(([, run, series]) => ({ run, series })),
    sample: 0,
    known: () => ({ samples: 3, steps: [0n, 1n] }),
  });

  test('of one column flows with those of its group, unless a section is called so', () => {
    // Two runs have a/x: two columns.
    expect([...flowsOf(sectionsOf(query('sample', 'run')))]).toEqual([
      ['a/y', 'a'],
      ['b', '/'],
    ]);
    const named = sectionsOf({ ...query('sample', 'run'), tags: ['a', 'a/y'], seriesOf: (tag) => [...(tag === 'a' ? [{ run: 'two', series: 1 }] : []), { run: 'one', series: 2 }] }); // prettier-ignore
    expect([...flowsOf(named)]).toEqual([]);
  });

  test('has every image once, whatever rows and columns are', () => {
    for (const rows of IMAGE_AXES) {
      for (const columns of IMAGE_AXES) {
        const axes = axesOf(rows, columns);
        expect(axes.rows).not.toBe(axes.columns);
        const sections = sectionsOf(query(axes.rows, axes.columns));
        const places = sections.flatMap((section) =>
          section.rows.flatMap((row) => section.columns.map((column) => placeIn(section, row, column))),
        );
        const has = (axis: string): boolean => axes.rows === axis || axes.columns === axis;
        for (const [tag, run] of all) {
          const there = places.filter((place) => place?.tag === tag && place.run === run);
          expect(there).toHaveLength((has('sample') ? 3 : 1) * (has('step') ? 2 : 1));
        }
        const keys = sections.flatMap((section) => section.rows.map((row) => rowKey(section, row)));
        expect(new Set(keys).size).toBe(keys.length);
        for (const section of sections) {
          for (const row of section.rows) expect(sectionOfRow(rowKey(section, row))).toBe(section.name);
        }
      }
    }
  });
});
