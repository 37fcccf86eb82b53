import { describe, expect, it } from 'vitest';
import { symlog, xAxis, yAxis, type Axis } from '../../web/src/charts/axis';
import { Random } from './random';

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
    for (let last = 1; last < 60; last++) {
      for (const most of [3, 6, 10]) {
        const { ticks } = xAxis('step', 0, last, false, most);
        expect(ticks.map(({ value }) => value).filter((value) => !Number.isInteger(value))).toEqual([]);
      }
    }
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

describe('whatever range is asked for', () => {
  /** 1…12 ticks, ascending, inside a finite range, each with a place and a label. */
  function check(axis: Axis, what: string): void {
    const values = axis.ticks.map(({ value }) => value);
    const problems = [
      !(Number.isFinite(axis.min) && Number.isFinite(axis.max) && axis.min < axis.max) && 'range',
      (values.length < 1 || values.length > 12) && 'count',
      values.some((value, i) => i > 0 && !(value > (values[i - 1] as number))) && 'order',
      values.some((value) => !(value >= axis.min && value <= axis.max)) && 'outside',
      values.some((value) => !Number.isFinite(axis.fraction(value))) && 'place',
      labels(axis).some((label) => label === '' || /NaN|Infinity|Invalid/.test(label)) && 'label',
    ].filter(Boolean);
    if (problems.length > 0) {
      throw new Error(
        `${what}: ${problems.join()} of ${axis.min}…${axis.max} at ${values.join()}: ${labels(axis).join()}`,
      );
    }
  }
  const X = ['step', 'relative', 'wall'] as const;
  const Y = ['linear', 'log', 'symlog'] as const;
  function checkAll(min: number, max: number): void {
    for (const exact of [false, true]) {
      for (const kind of X) {
        for (const most of [2, 4, 6])
          check(xAxis(kind, min, max, exact, most), `${kind} ${min} ${max} ${exact} ${most}`);
      }
      for (const scale of Y) check(yAxis(scale, min, max, exact), `${scale} ${min} ${max} ${exact}`);
    }
  }

  it.each([
    [1, 1e300],
    [5e-324, Number.MAX_VALUE],
    [5e-324, 5e-324],
    [5e-324, 1e-322],
    [0, 1e-323],
    [-1e308, 1e308],
    [-Number.MAX_VALUE, Number.MAX_VALUE],
    [Number.MAX_VALUE, Number.MAX_VALUE],
    [1, 1 + 2 ** -52],
    [1e300, 1.0000000000001e300],
    [0, Infinity],
    [-Infinity, Infinity],
    [Infinity, -Infinity],
    [NaN, 1],
    [5, 1],
    [0, 1e13],
    [0, 1e15],
    [0, 1.7e12],
    [-8.64e12, 8.64e12],
    [8.64e12, 8.64e12],
    [1.7e9 + 0.2, 1.7e9 + 0.7],
    [9e15, 9e15],
    [0.2, 0.7],
    [-62_167_219_200, -59_011_459_200],
  ])('%d to %d', (min, max) => checkAll(min, max));

  it('has 1 to 12 ticks inside', () => {
    const random = new Random(17);
    const number = (): number => {
      const size = random.pick([
        (): number => random.next(),
        (): number => random.below(100_000),
        (): number => 10 ** (random.next() * 632 - 324),
        (): number => 1.7e9 + random.next() * 10 ** random.below(13),
        (): number => 10 ** random.below(16) * random.next(),
      ])();
      return random.next() < 0.3 ? -size : size;
    };
    for (let round = 0; round < 4000; round++) {
      const from = number();
      const to = random.pick([number, (): number => from * (1 + 10 ** -random.below(17)), (): number => from + 10 ** random.below(12)])(); // prettier-ignore
      checkAll(Math.min(from, to), Math.max(from, to));
    }
  }, 30_000);

  it('wall time goes by months and years', () => {
    const at = (year: number, month: number): number => new Date(year, month, 1).getTime() / 1e3;
    const ticks = xAxis('wall', at(2020, 1), at(2024, 5), false, 6).ticks;
    expect(ticks.map(({ value }) => value)).toEqual([2021, 2022, 2023, 2024].map((year) => at(year, 0)));
    const months = xAxis('wall', at(2024, 0), at(2024, 4), false, 6).ticks;
    expect(months.map(({ value }) => value)).toEqual([0, 1, 2, 3, 4].map((month) => at(2024, month)));
  });
});

it('symlog is odd and linear near zero', () => {
  const mapping = symlog(0.1);
  expect(mapping.to(-3)).toBeCloseTo(-mapping.to(3), 12);
  expect(mapping.to(0)).toBe(0);
  expect(mapping.from(mapping.to(-123.4))).toBeCloseTo(-123.4, 9);
});
