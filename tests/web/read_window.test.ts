import { describe, expect, test } from 'vitest';
import { ReadWindow } from '../../web/src/engine/read_window';
import { Random } from './random';

const FILE = Uint8Array.from({ length: 5_000_000 }, (_, i) => (i * 7919) >> 3);

function opened() {
  const reads: [offset: number, length: number][] = [];
  const window = new ReadWindow((offset, length) => {
    reads.push([offset, length]);
    return Promise.resolve(FILE.slice(offset, offset + length));
  });
  return { window, reads };
}

describe('a window on a file', () => {
  test('gives the bytes that are asked for, and at its end what there is', async () => {
    const random = new Random(1);
    const { window } = opened();
    for (let at = 0, i = 0; i < 500; i++) {
      at = i % 3 === 0 ? random.below(FILE.length) : at + random.below(100_000);
      const length = random.below(i % 7 === 0 ? 2_000_000 : 1000);
      expect(Buffer.compare(await window.read(at, length), FILE.slice(at, at + length))).toBe(0);
    }
    expect((await window.read(FILE.length - 10, 100)).length).toBe(10);
    expect((await window.read(FILE.length + 10, 100)).length).toBe(0);
  });
  test('reads what follows with few reads', async () => {
    const { window, reads } = opened();
    for (let at = 0; at + 100_000 < FILE.length; at += 100_000) {
      await window.read(at, 30);
      await window.read(at + 50, 99_950);
    }
    expect(reads.length).toBeLessThan(12);
    expect(reads.reduce((sum, [, length]) => sum + length, 0)).toBeLessThan(1.5 * FILE.length);
  });
  test('reads little beyond what is asked for here and there', async () => {
    const { window, reads } = opened();
    for (const at of [4_000_000, 0, 2_000_000, 1_000_000, 3_000_000]) await window.read(at, 30);
    expect(reads.reduce((sum, [, length]) => sum + length, 0)).toBeLessThan(200_000);
  });
});
