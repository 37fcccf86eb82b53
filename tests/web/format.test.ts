import { describe, expect, test } from 'vitest';
import {
  formatBytes,
  formatCount,
  formatExact,
  formatRelative,
  formatStep,
  formatValue,
  formatWall,
  formatX,
  plural,
} from '../../web/src/model/format';
import { Random } from './random';

test.each([
  [0, '0'],
  [-0, '0'],
  [1, '1'],
  [1.3456789, '1.346'],
  [31.2, '31.20'],
  [0.001, '0.001000'],
  [0.000231, '2.31e−4'],
  [-0.5, '−0.5000'],
  [-2.31e-7, '−2.31e−7'],
  [12345.6, '12,346'],
  [999_499, '999,499'],
  [999_999, '1e6'],
  [999_999.9, '1e6'],
  [1e6, '1e6'],
  [-1.5e300, '−1.5e300'],
  [NaN, 'NaN'],
  [Infinity, '∞'],
  [-Infinity, '−∞'],
])('value %d is %s', (value, text) => expect(formatValue(value)).toBe(text));

test('values are short, and right to 4 digits', () => {
  const random = new Random(7);
  for (let round = 0; round < 5000; round++) {
    const value = (random.next() - 0.5) * 10 ** (random.below(40) - 20);
    const text = formatValue(value);
    expect(text.length).toBeLessThanOrEqual(10);
    const read = Number(text.replaceAll('−', '-').replaceAll(',', ''));
    expect(Math.abs(read - value)).toBeLessThanOrEqual(Math.abs(value) * 5.1e-4);
  }
});

test.each([
  [0, '0'],
  [999, '999'],
  [42_400, '42.4k'],
  [1_234_567, '1.23M'],
  [999_999, '1M'],
  [-42_400, '−42.4k'],
  [12.3456, '12.3'],
  [2n ** 60n, '1.15E'],
])('step %s is %s', (step, text) => expect(formatStep(step)).toBe(text));

test.each([
  [42_400, '42,400'],
  [-1_234_567, '−1,234,567'],
  [2n ** 53n + 1n, '9,007,199,254,740,993'],
  [0.1, '0.1'],
  [-1e-7, '−1e−7'],
  [1e21, '1e21'],
  [NaN, 'NaN'],
])('exactly %s is %s', (number, text) => expect(formatExact(number)).toBe(text));

test.each([
  [0, '0 s'],
  [0.0123, '0.012 s'],
  [8.2, '8.2 s'],
  [59.94, '59.9 s'],
  [59.96, '1m 00s'],
  [750, '12m 30s'],
  [3599.6, '1h 00m'],
  [4 * 3600 + 300, '4h 05m'],
  [-750, '−12m 30s'],
  [86_400 * 3 + 3600 * 4, '3d 04h'],
])('%d s is %s', (seconds, text) => expect(formatRelative(seconds)).toBe(text));

test.each([
  [0, '0 B'],
  [999, '999 B'],
  [412_300, '412 kB'],
  [3_100_000, '3.1 MB'],
  [2_840_000_000, '2.84 GB'],
  [1234.567, '1.23 kB'],
])('%d bytes is %s', (bytes, text) => expect(formatBytes(bytes)).toBe(text));

describe('times and counts', () => {
  test('wall time is local', () => {
    const date = new Date(2026, 0, 31, 14, 5, 9);
    expect(formatWall(date.getTime() / 1000)).toBe('2026-01-31 14:05:09');
    expect(formatWall(NaN)).toBe('NaN s');
    expect(formatX('wall', date.getTime() / 1000)).toBe('2026-01-31 14:05:09');
  });

  test('one of a thing is singular', () => {
    expect([0, 1, 2, 12_345].map((count) => plural(count, 'file'))).toEqual([
      '0 files',
      '1 file',
      '2 files',
      '12,345 files',
    ]);
    expect(plural(2, 'entry', 'entries')).toBe('2 entries');
    expect(formatCount(1_200_000)).toBe('1.2M');
  });
});
