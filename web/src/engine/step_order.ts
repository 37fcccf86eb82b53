import type { SeriesPoints } from './values/values';

/**
 * Points as they were written in the order of their steps; of equal steps, those written last are last. In the worker,
 * since there may be millions.
 */
export function inStepOrder(points: SeriesPoints): SeriesPoints {
  const order = orderOf(points.steps);
  if (!order) return points;
  return {
    steps: BigInt64Array.from(order, (i) => points.steps[i] as bigint),
    wallTimes: Float64Array.from(order, (i) => points.wallTimes[i] as number),
    points: order.map((i) => points.points[i] as number),
    hasPayload: Uint8Array.from(order, (i) => points.hasPayload[i] as number),
  };
}

/** Merges the stretches in which steps do not go back, two by two: there are only as many as restarts. */
function orderOf(steps: BigInt64Array): Uint32Array<ArrayBuffer> | undefined {
  let starts = [0];
  for (let i = 1; i < steps.length; i++) if ((steps[i] as bigint) < (steps[i - 1] as bigint)) starts.push(i);
  if (starts.length === 1) return undefined;
  let from = Uint32Array.from(steps.keys());
  let to = new Uint32Array(steps.length);
  const stepAt = (i: number): bigint => steps[from[i] as number] as bigint;
  while (starts.length > 1) {
    for (let s = 0; s < starts.length; s += 2) {
      const [begin, middle = steps.length, end = steps.length] = starts.slice(s, s + 3) as [number, number?, number?];
      let [left, right] = [begin, middle];
      for (let at = begin; at < end; at++) {
        const isLeft = right >= end || (left < middle && stepAt(left) <= stepAt(right));
        to[at] = from[isLeft ? left++ : right++] as number;
      }
    }
    [from, to] = [to, from];
    starts = starts.filter((_, s) => s % 2 === 0);
  }
  return from;
}
