import { expect, test } from 'vitest';
import { inStepOrder } from '../../web/src/engine/step_order';
import { Random } from './random';

/** Points with these steps; all else tells which of them it is. */
const pointsOf = (steps: readonly number[]) => ({
  steps: BigInt64Array.from(steps, BigInt),
  wallTimes: Float64Array.from(steps.keys()),
  points: Uint32Array.from(steps.keys()),
  hasPayload: Uint8Array.from(steps, (_, i) => i % 2),
});

test('points are in the order of their steps, and those of one step as they were written', () => {
  const random = new Random(8);
  for (let round = 0; round < 200; round++) {
    const steps = random.list(40, () => random.below(random.below(2) ? 8 : 1000) - 4);
    const wanted = [...steps.keys()].sort((a, b) => (steps[a] as number) - (steps[b] as number) || a - b);
    const { points, steps: sorted, wallTimes, hasPayload } = inStepOrder(pointsOf(steps));
    expect([...points]).toEqual(wanted);
    expect([...wallTimes]).toEqual(wanted);
    expect([...sorted].map(Number)).toEqual(wanted.map((i) => steps[i]));
    expect([...hasPayload]).toEqual(wanted.map((i) => i % 2));
  }
});

test('points that are in order are left alone', () => {
  for (const steps of [[], [3], [0, 1, 1, 2]]) {
    const points = pointsOf(steps);
    expect(inStepOrder(points)).toBe(points);
  }
});
