import { expect, test } from 'vitest';
import type { ChartLines } from '../../web/src/engine/lines';
import { fittedRange, isClipped, isInView } from '../../web/src/views/scalars/chart_facts';

const NONE = new Float64Array(0);
/** A chart of one line, 1 to 2, with one value of 100, whose extent leaves that out. */
function chart(count: number): ChartLines {
  const raw = Float64Array.from({ length: 2 * count }, (_, i) =>
    i % 2 === 0 ? i / 2 : i === 3 ? 100 : 1 + i / (2 * count),
  );
  return { xMin: 0, xMax: count - 1, yMin: 1, yMax: 2, clipped: 1, lines: [{ smoothed: NONE, raw, marks: NONE }] };
}

test('outliers are left out of the range of many values, never of a few', () => {
  expect(fittedRange(chart(20), 'linear')).toEqual([1, 2]);
  expect(fittedRange(chart(19), 'linear')).toEqual([1, 100]);
});

test('the raw line counts for what is clipped, as far as it is in view', () => {
  const lines = chart(20);
  const smoothed = Float64Array.of(0, 1, 19, 2);
  const both = { ...lines, lines: lines.lines.map((line) => ({ ...line, smoothed })) };
  expect(isClipped(both, { min: 0, max: 19 }, { min: 1, max: 2 }, 'linear')).toBe(true);
  expect(isClipped(both, { min: 0, max: 19 }, { min: 1, max: 100 }, 'linear')).toBe(false);
  expect(isClipped(both, { min: 2, max: 19 }, { min: 1, max: 2 }, 'linear')).toBe(false);
});

test('what a logarithmic scale cannot show is not clipped', () => {
  const raw = Float64Array.of(0, -1, 1, 1, 2, NaN);
  const lines = { ...chart(1), lines: [{ smoothed: NONE, raw, marks: NONE }] };
  expect(isClipped(lines, { min: 0, max: 2 }, { min: 0.5, max: 2 }, 'log')).toBe(false);
  expect(isClipped(lines, { min: 0, max: 2 }, { min: 0.5, max: 2 }, 'linear')).toBe(true);
});

test('a zoom shows something where a line has a point, runs through or has a mark', () => {
  const of = (raw: number[], marks: number[] = []): ChartLines => {
    const line = { smoothed: NONE, raw: Float64Array.from(raw), marks: Float64Array.from(marks) };
    return { ...chart(1), lines: [line] };
  };
  const [x, y] = [
    { min: 10, max: 20 },
    { min: 0, max: 1 },
  ];
  const seen = (...line: Parameters<typeof of>): boolean => isInView(of(...line), x, y, 'linear');
  expect(seen([15, 0.5])).toBe(true);
  expect(seen([0, 0.5, 30, 0.5])).toBe(true);
  expect(seen([0, 0.5, 15, NaN, 30, 0.5])).toBe(false);
  expect(seen([0, 0.5, 9, 0.5])).toBe(false);
  expect(seen([0, 5, 30, 4])).toBe(false);
  expect(seen([0, 0.5], [15, 0])).toBe(true);
  expect(seen([0, 0.5], [25, 0])).toBe(false);
  expect(seen([])).toBe(false);
});
