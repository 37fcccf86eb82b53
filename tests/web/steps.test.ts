import { describe, expect, test } from 'vitest';
import type { StepUnion } from '../../web/src/engine/values/values';
import {
  indexAtOrBefore,
  indexNear,
  namedStep,
  placeOf,
  pointAt,
  shownIndex,
  stepOfIndex,
  ticksOf,
  writtenStep,
} from '../../web/src/model/steps';
import { Random } from './random';

const list = (...steps: (number | bigint)[]): BigInt64Array => BigInt64Array.from(steps.map(BigInt));
const union = (steps: BigInt64Array, missing: readonly number[] = []): StepUnion => ({
  steps,
  inEveryRun: Uint8Array.from(steps, (_, i) => Number(!missing.includes(i))),
});
const BIG = 2n ** 53n;

describe('the point that stands for a step', () => {
  test('is that of the nearest step at or before it', () => {
    const steps = list(0, 10, 20, BIG + 1n, BIG + 2n);
    expect(pointAt(steps, 10n)).toBe(1);
    expect(pointAt(steps, 19n)).toBe(1);
    expect(pointAt(steps, -1n)).toBeUndefined();
    expect(pointAt(steps, BIG + 1n)).toBe(3);
    expect(pointAt(steps, undefined)).toBe(4);
    expect(pointAt(list(), undefined)).toBeUndefined();
    expect(pointAt(list(), 5n)).toBeUndefined();
  });

  test('is the last one of several', () => {
    expect(pointAt(list(0, 10, 10, 20), 10n)).toBe(2);
  });

  test('is what a search of all points finds', () => {
    const random = new Random(8);
    for (let round = 0; round < 200; round++) {
      const steps = list(...random.list(30, () => random.below(20))).sort();
      const wanted = BigInt(random.below(22) - 1);
      let best: number | undefined;
      steps.forEach((step, i) => {
        if (step <= wanted && (best === undefined || step >= (steps[best] as bigint))) best = i;
      });
      expect(pointAt(steps, wanted)).toBe(best);
    }
  });
});

describe('the step that is shown', () => {
  const four = union(list(0, 10, 20, 30));

  test('is the last one until one is named', () => {
    expect(shownIndex(four, undefined)).toBe(3);
    expect(shownIndex(four, 10n)).toBe(1);
    expect(shownIndex(four, 15n)).toBe(1);
    expect(shownIndex(four, -5n)).toBe(0);
    expect(shownIndex(union(list()), 5n)).toBeUndefined();
    expect(indexAtOrBefore(four.steps, -5n)).toBe(-1);
  });

  test('follows the end only from the end', () => {
    expect(stepOfIndex(four, 3)).toBeUndefined();
    expect(stepOfIndex(four, 99)).toBeUndefined();
    expect(stepOfIndex(four, 2)).toBe(20n);
    expect(stepOfIndex(four, -7)).toBe(0n);
    const grown = union(list(0, 10, 20, 30, 40));
    expect(shownIndex(grown, stepOfIndex(four, 3))).toBe(4);
    expect(shownIndex(grown, stepOfIndex(four, 2))).toBe(2);
  });

  test('is what a person typed, up to the end', () => {
    expect(namedStep(four, 15n)).toBe(15n);
    expect(namedStep(four, 30n)).toBeUndefined();
    expect(namedStep(four, 31n)).toBeUndefined();
    expect(namedStep(union(list()), 31n)).toBe(31n);
  });

  test('before the first one it is the first', () => {
    expect(namedStep(union(list(5, 10)), -5n)).toBe(5n);
  });

  test('is written as people write numbers, and a whole number of 64 bits', () => {
    const read: Record<string, bigint | undefined> = {
      '42400': 42_400n, '42,400': 42_400n, '42.400': 42_400n, '1 234 567': 1_234_567n, '−5': -5n, '-1,000': -1000n,
      '3k': 3000n, '42.4k': 42_400n, '1,5M': 1_500_000n, '1.234k': 1234n, '1e9': 10n ** 9n, '1.5E+3': 1500n, '2e': 2n * 10n ** 18n,
      '9223372036854775807': 2n ** 63n - 1n, '-9223372036854775808': -(2n ** 63n), '7.0': 7n,
      '9223372036854775808': undefined, '7.5': undefined, '1.2345k': undefined, '1e99': undefined, '': undefined, banana: undefined, '1,2,3': undefined,
    }; // prettier-ignore
    for (const [text, step] of Object.entries(read)) expect([text, writtenStep(text)]).toEqual([text, step]);
  });
});

describe('the track', () => {
  test('places steps by their value', () => {
    const steps = union(list(-10, 0, 30));
    expect([-10n, 0n, 30n, 99n, -99n].map((step) => placeOf(steps, step))).toEqual([0, 0.25, 1, 1, 0]);
    expect(placeOf(union(list(7)), 7n)).toBe(1);
    const wide = union(list(-(2n ** 63n), 0, 2n ** 63n - 1n));
    expect(placeOf(wide, 0n)).toBeCloseTo(0.5);
  });

  test('finds the step nearest to a place', () => {
    const steps = union(list(0, 10, 100));
    expect([-1, 0, 0.04, 0.06, 0.5, 0.54, 0.56, 1, 2].map((place) => indexNear(steps, place))).toEqual([
      0, 0, 0, 1, 1, 1, 2, 2, 2,
    ]);
    expect(indexNear(union(list(5)), 0)).toBe(0);
    const random = new Random(9);
    for (let round = 0; round < 200; round++) {
      const sorted = [...new Set(random.list(40, () => random.below(1000)))].sort((a, b) => a - b);
      if (sorted.length < 2) continue;
      const one = union(list(...sorted));
      const place = random.next();
      const distances = [...one.steps].map((step) => Math.abs(placeOf(one, step) - place));
      expect(distances[indexNear(one, place)]).toBeCloseTo(Math.min(...distances), 12);
    }
  });

  test('has a tick for each step, short where a run has none', () => {
    expect(ticksOf(union(list(0, 10, 20, 40), [1]), 80)).toEqual({ tall: [0, 40, 80], short: [20] });
    expect(ticksOf(union(list()), 80)).toEqual({ tall: [], short: [] });
  });

  test('has one tick a pixel, tall if any step there is in every run', () => {
    const many = Array.from({ length: 1_000_000 }, (_, i) => i);
    const missing = new Set([0, 1, 2]);
    const steps: StepUnion = {
      steps: BigInt64Array.from(many, BigInt),
      inEveryRun: Uint8Array.from(many, (i) => Number(i % 2 === 1 && !missing.has(i))),
    };
    const { tall, short } = ticksOf(steps, 700);
    expect(tall).toEqual(Array.from({ length: 701 }, (_, pixel) => pixel));
    expect(short).toEqual([]);
    const none = { ...steps, inEveryRun: new Uint8Array(many.length) };
    expect(ticksOf(none, 700)).toEqual({ tall: [], short: tall });
  });
});
