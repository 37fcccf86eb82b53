import { describe, expect, it } from 'vitest';
import { symlog, xAxis, yAxis, type Axis } from '../../web/src/charts/axis';

const labels = (axis: Axis): string[] => axis.ticks.map(({ label }) => label);

describe('y axis', () => {
  it('grows to round numbers', () => {
    const axis = yAxis('linear', 1.3, 4.5, false);
    expect([axis.min, axis.max]).toEqual([1, 5]);
    expect(labels(axis)).toEqual(['1', '2', '3', '4', '5']);
  });
  it('does not grow by a whole step for a value hardly beyond a round number', () => {
    const axis = yAxis('linear', -0.05, 78, false);
    expect(axis.min).toBeGreaterThan(-5);
    expect(labels(axis)[0]).toBe('0');
  });
  it('keeps a range chosen by hand', () => {
    const axis = yAxis('linear', 1.31, 1.37, true);
    expect([axis.min, axis.max]).toEqual([1.31, 1.37]);
  });
  it.each([
    ['linear', 2, 2],
    ['linear', 0, 0],
    ['log', 3, 3],
    ['symlog', -1, -1],
    ['log', -5, -1],
    ['log', NaN, NaN],
    ['linear', 1e-9, 2e-9],
    ['linear', -3e15, 8e15],
    ['linear', 1e9, 1e9 + 3],
    ['log', 1e-12, 1e12],
    ['symlog', -1e6, 1e6],
  ] as const)('%s from %d to %d has 2 to 6 different ticks inside', (scale, min, max) => {
    for (const exact of [false, true]) {
      const axis = yAxis(scale, min, max, exact);
      expect(axis.max).toBeGreaterThan(axis.min);
      expect(axis.ticks.length).toBeGreaterThanOrEqual(2);
      expect(axis.ticks.length).toBeLessThanOrEqual(6);
      expect(new Set(labels(axis)).size).toBe(axis.ticks.length);
      for (const { value } of axis.ticks) {
        expect(axis.fraction(value)).toBeGreaterThan(-1e-6);
        expect(axis.fraction(value)).toBeLessThan(1 + 1e-6);
      }
    }
  });
  it('maps there and back on every scale', () => {
    for (const scale of ['linear', 'log', 'symlog'] as const) {
      const axis = yAxis(scale, 0.01, 250, false);
      for (const at of [0, 0.1, 0.5, 1]) expect(axis.fraction(axis.valueAt(at))).toBeCloseTo(at, 9);
    }
  });
});

describe('x axis', () => {
  it('snaps an end that is nearly round, unless chosen by hand', () => {
    expect(labels(xAxis('step', 0, 59_800, false, 4))).toEqual(['0', '20k', '40k', '60k']);
    expect(xAxis('step', 0, 59_800, true, 4).max).toBe(59_800);
    expect(xAxis('step', 0, 439, false, 4).max).toBe(439);
  });
  it('has ticks at whole steps only', () => {
    expect(labels(xAxis('step', 7, 7, false, 4))).toEqual(['7']);
  });
  it('says times in the unit that fits', () => {
    expect(labels(xAxis('relative', 0, 4 * 3600, false, 5))).toEqual(['0', '1h', '2h', '3h', '4h']);
    expect(labels(xAxis('relative', 0, 40, false, 5))).toEqual(['0', '10 s', '20 s', '30 s', '40 s']);
  });
  it('puts wall time at round moments', () => {
    for (const { label } of xAxis('wall', 1_731_000_000, 1_731_010_000, false, 4).ticks) {
      expect(label).toMatch(/^\d\d:(00|30)$|\d/);
    }
  });
});

it('symlog is odd and linear near zero', () => {
  const mapping = symlog(0.1);
  expect(mapping.to(-3)).toBeCloseTo(-mapping.to(3), 12);
  expect(mapping.to(0)).toBe(0);
  expect(mapping.from(mapping.to(-123.4))).toBeCloseTo(-123.4, 9);
});
