import { expect, it } from 'vitest';
import { nearestPoint } from '../../web/src/charts/nearest';

const points = (...xy: number[]): Float64Array => Float64Array.from(xy);

it('finds the nearest point', () => {
  const line = points(0, 1, 10, 2, 20, 3);
  expect([-5, 4, 6, 14, 99].map((x) => nearestPoint(line, x))).toEqual([0, 0, 2, 2, 4]);
});
it('passes over values that are not finite', () => {
  const line = points(0, 1, 10, NaN, 20, NaN, 30, 4);
  expect([9, 14, 16, 21].map((x) => nearestPoint(line, x))).toEqual([0, 0, 6, 6]);
});
it('answers where x goes back', () => {
  expect(nearestPoint(points(0, 1, 50, 2, 20, 3, 60, 4), 22)).toBe(4);
});
it('knows that there is none', () => {
  expect(nearestPoint(points(), 3)).toBe(-1);
  expect(nearestPoint(points(0, NaN), 3)).toBe(-1);
});
