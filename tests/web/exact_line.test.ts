import { expect, test } from 'vitest';
import type { AxisScale } from '../../web/src/charts/axis_scale';
import { ExactLine } from '../../web/src/charts/exact_line';

/** The dashes that the strokes of a line are painted with, each with the points of the stroke. */
function painted(
  points: readonly (readonly [number, number])[],
  dash: readonly number[] = [],
): [number[], number[][]][] {
  const strokes: [number[], number[][]][] = [];
  let [path, now]: [number[][], number[]] = [[], []];
  const nothing = (): undefined => undefined;
  const context = {
    ...Object.fromEntries(['save', 'restore', 'rect', 'clip', 'fill', 'arc'].map((name) => [name, nothing])),
    beginPath: () => (path = []),
    setLineDash: (pattern: number[]) => (now = pattern),
    moveTo: (...at: number[]) => path.push(at),
    lineTo: (...at: number[]) => path.push(at),
    stroke: () => path.length > 0 && strokes.push([now, path]),
  };
  const scale = {
    left: 0,
    right: 100,
    top: 0,
    bottom: 100,
    width: 100,
    height: 100,
    getPixelForValue: (x: number) => x,
  };
  const line = new ExactLine();
  line.stroke = { points: Float64Array.from(points.flat()), marks: new Float64Array(), colour: '#000', width: 1, alpha: 1, dash }; // prettier-ignore
  line.xScale = line.yScale = scale as unknown as AxisScale;
  line.draw(context as unknown as CanvasRenderingContext2D);
  return strokes;
}

const gap = [0, NaN] as const;

test('parts of a line that lie over each other have dashes of their own', () => {
  const strokes = painted([[0, 1], [5, 1], gap, [3, 2], [8, 2], gap, [3, 3], [4, 3]], [9, 9]); // prettier-ignore
  expect(strokes.map(([, path]) => path.length)).toEqual([2, 2, 2]);
  const dashes = strokes.map(([dash]) => String(dash));
  expect(dashes[0]).toBe('9,9');
  expect(new Set(dashes).size).toBe(3);
});

test('a line that only has gaps is one stroke', () => {
  expect(painted([[0, 1], [1, 1], gap, [2, 1], [3, 1]]).map(([dash, path]) => [dash, path.length])).toEqual([[[], 4]]); // prettier-ignore
});
