/** Shapes of edges: rounded corners, arrows, labels. Pure. */
import type { Box, Scene } from '../../engine/graphs/graphs';

/** Whatever draws lines: a canvas path, or the text of an SVG path. */
export interface Pen {
  moveTo(x: number, y: number): void;
  lineTo(x: number, y: number): void;
  quadraticCurveTo(cx: number, cy: number, x: number, y: number): void;
}

/** A pen that writes what `d` of an SVG path is. */
export class PathText implements Pen {
  text = '';
  moveTo(x: number, y: number): void {
    this.text += `M${short(x)} ${short(y)}`;
  }
  lineTo(x: number, y: number): void {
    this.text += `L${short(x)} ${short(y)}`;
  }
  quadraticCurveTo(cx: number, cy: number, x: number, y: number): void {
    this.text += `Q${short(cx)} ${short(cy)} ${short(x)} ${short(y)}`;
  }
}

const short = (value: number): string => String(Math.round(value * 10) / 10);

/** px */
export const ARROW = 7;
/** The line ends so far before the tip, that it does not stick out. */
const ARROW_GAP = 5;
/** Corners are rounded by as much as there is room, up to this, px. */
const RADIUS = 14;

/** Draws the line of a piece, with rounded corners; one with an arrow ends before the tip of it. */
export function traceLine(pen: Pen, points: Float64Array, arrow: boolean): void {
  const count = points.length >> 1;
  if (count < 2) return;
  const x = (i: number): number => points[2 * i] as number;
  const y = (i: number): number => points[2 * i + 1] as number;
  let [endX, endY] = [x(count - 1), y(count - 1)];
  if (arrow) {
    const [dx, dy] = direction(x(count - 2), y(count - 2), endX, endY);
    [endX, endY] = [endX - dx * ARROW_GAP, endY - dy * ARROW_GAP];
  }
  pen.moveTo(x(0), y(0));
  for (let i = 1; i < count - 1; i++) {
    const [px, py, cx, cy, nx, ny] = [x(i - 1), y(i - 1), x(i), y(i), x(i + 1), y(i + 1)];
    const before = Math.hypot(cx - px, cy - py);
    const after = Math.hypot(nx - cx, ny - cy);
    const radius = Math.min(RADIUS, before / 2, after / 2);
    if (radius < 0.5) {
      pen.lineTo(cx, cy);
      continue;
    }
    pen.lineTo(cx - ((cx - px) / before) * radius, cy - ((cy - py) / before) * radius);
    pen.quadraticCurveTo(cx, cy, cx + ((nx - cx) / after) * radius, cy + ((ny - cy) / after) * radius);
  }
  pen.lineTo(endX, endY);
}

/** The corners of the arrow at the end of a line: tip, left, right. */
export function arrowOf(points: Float64Array): [number, number, number, number, number, number] {
  const n = points.length;
  const [px, py, x, y] = [points[n - 4], points[n - 3], points[n - 2], points[n - 1]] as [
    number,
    number,
    number,
    number,
  ];
  const [dx, dy] = direction(px, py, x, y);
  const [bx, by] = [x - dx * ARROW, y - dy * ARROW];
  const half = ARROW / 2;
  return [x, y, bx - dy * half, by + dx * half, bx + dy * half, by - dx * half];
}

function direction(x0: number, y0: number, x1: number, y1: number): [number, number] {
  const length = Math.hypot(x1 - x0, y1 - y0);
  return length === 0 ? [0, 1] : [(x1 - x0) / length, (y1 - y0) / length];
}

/** A text beside a line, or beside a box that has no room for it. */
export interface Label {
  /** Index of the line, or of the box; -1 = it is not of one. */
  piece: number;
  box: number;
  text: string;
  /** Where it begins, and its base line. */
  x: number;
  y: number;
}

/** From the top of a label to its base line, px. */
const BASE = 9.5;
/** From a box to the number beside it, and where its summaries are marked, px: as `wasm/graph/labels.cc`, which makes room. */
const VALUE_GAP = 4;
const SUMMARY_GAP = 9;

/**
 * What stands beside lines and boxes, where `wasm/graph/labels.h` found room for it.
 *
 * @param valueOf what stands beside a box; '' = nothing
 */
export function labelsOf({ boxes, pieces }: Scene, valueOf: (box: Box) => string = () => ''): Label[] {
  const labels: Label[] = [];
  boxes.forEach((box, i) => {
    const text = box.valueRoom ? valueOf(box) : '';
    const x = box.x + box.width + (box.summaries > 0 ? SUMMARY_GAP : VALUE_GAP);
    if (text !== '') labels.push({ piece: -1, box: i, text, x, y: box.y + box.height / 2 + BASE - 6 });
  });
  pieces.forEach(({ label: text, labelX: x, labelY: y }, i) => {
    if (!Number.isNaN(x)) labels.push({ piece: i, box: -1, text, x, y: y + BASE });
  });
  return labels;
}

/** At most so many of a list, from all over it. */
export function spread<T>(all: readonly T[], most: number): T[] {
  const every = Math.max(1, Math.ceil(all.length / most));
  return all.filter((_, i) => i % every === 0);
}
