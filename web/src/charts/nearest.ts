/** Looking up what is drawn: hovering answers at once, from the points on the screen. */

import type { Line } from '../engine/lines';

/** The curve that a person reads: smoothed where there is smoothing. */
export function mainPoints(line: Line): Float64Array {
  return line.smoothed.length > 0 ? line.smoothed : line.raw;
}

/** Index of the x of the point nearest to `x` among finite ones; −1 = none. x and y alternate in `points`. */
export function nearestPoint(points: Float64Array, x: number): number {
  let best = -1;
  let distance = Infinity;
  const consider = (i: number): void => {
    const away = Math.abs((points[i] as number) - x);
    if (Number.isFinite(points[i + 1]) && away < distance) [best, distance] = [i, away];
  };
  if (isSorted(points)) {
    const at = 2 * lowerBound(points, x);
    for (let i = at; i < points.length && best < 0; i += 2) consider(i);
    // On the left side look on until a finite point was met.
    for (let i = at - 2; i >= 0; i -= 2) {
      consider(i);
      if (Number.isFinite(points[i + 1])) break;
    }
  } else {
    for (let i = 0; i < points.length; i += 2) consider(i);
  }
  return best;
}

/** Number of points left of x. */
function lowerBound(points: Float64Array, x: number): number {
  let [low, high] = [0, points.length / 2];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((points[2 * middle] as number) < x) low = middle + 1;
    else high = middle;
  }
  return low;
}

const sorted = new WeakMap<Float64Array, boolean>();

/** x goes back where a run was restarted. */
function isSorted(points: Float64Array): boolean {
  let answer = sorted.get(points);
  if (answer === undefined) {
    answer = true;
    for (let i = 2; i < points.length && answer; i += 2) answer = (points[i] as number) >= (points[i - 2] as number);
    sorted.set(points, answer);
  }
  return answer;
}
