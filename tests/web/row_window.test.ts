import { describe, expect, test } from 'vitest';
import { rowRange, scrollTo } from '../../web/src/ui/row_window';
import { Random } from './random';

const ROW = 24;

test('few rows are where they are', () => {
  expect(rowRange(3, ROW, 0, 500)).toEqual({ first: 0, end: 3, before: 0, after: 0 });
  expect(rowRange(1000, ROW, 4800, 240)).toEqual({ first: 188, end: 222, before: 4512, after: 18_672 });
  expect(rowRange(0, ROW, 0, 240)).toEqual({ first: 0, end: 0, before: 0, after: 0 });
});

describe.each([1000, 400_000, 1_000_000, 30_000_000])('%i rows', (count) => {
  const random = new Random(count);
  const height = 700;
  const { before: above, after: below, first, end } = rowRange(count, ROW, 0, height);
  const total = above + (end - first) * ROW + below;
  const farthest = total - height;

  test('are no longer than browsers can scroll', () => expect(total).toBeLessThanOrEqual(12_000_000));

  test('fill the window wherever it is', () => {
    const tops = [0, 1, 100, 300, farthest - 300, farthest - 1, farthest, ...random.list(50, () => random.next() * farthest)]; // prettier-ignore
    for (const top of tops) {
      const range = rowRange(count, ROW, top, height);
      expect(range.before).toBeGreaterThanOrEqual(0);
      expect(range.before).toBeLessThanOrEqual(top + 1e-6);
      expect(range.before + (range.end - range.first) * ROW).toBeGreaterThanOrEqual(Math.min(total, top + height) - 1);
      expect(range.before + (range.end - range.first) * ROW + range.after).toBeCloseTo(total, 3);
      expect(range.end - range.first).toBeLessThan(60);
    }
    expect(rowRange(count, ROW, 0, height).first).toBe(0);
    expect(rowRange(count, ROW, farthest, height).end).toBe(count);
  });

  test('pass in order', () => {
    const tops = random.list(50, () => random.next() * farthest).sort((a, b) => a - b);
    const firsts = tops.map((top) => rowRange(count, ROW, top, height).first);
    expect(firsts).toEqual([...firsts].sort((a, b) => a - b));
  });

  test('can be shown', () => {
    const rows = [0, 1, 29, 30, count - 30, count - 1, ...random.list(50, () => random.below(count))];
    let top = 0;
    for (const row of rows) {
      top = Math.round(scrollTo(row, count, ROW, top, height));
      const range = rowRange(count, ROW, top, height);
      const place = range.before + (row - range.first) * ROW - top;
      // A pixel is more than one where it scrolls fast.
      expect(place).toBeGreaterThanOrEqual(-0.6 * Math.max(1, (count * ROW) / total));
      expect(place + ROW).toBeLessThanOrEqual(height + 0.6 * Math.max(1, (count * ROW) / total));
      expect(scrollTo(row, count, ROW, top, height)).toBeCloseTo(top, -1);
    }
  });
});
