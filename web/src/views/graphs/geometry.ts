/** Shapes of edges: rounded corners, arrows, and where their labels have room. Pure. */
import type { Box, EdgePiece, Scene } from '../../engine/graphs';

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

/** Width of a letter of a label, px: a usual one, since it must be known without a window. */
const LETTER = 5.9;
const LABEL_HEIGHT = 12;
/** Shorter stretches have no room for a label. */
const MIN_STRETCH = 13;
const MAX_LABELS = 3000;
const CELL = 64;

/**
 * Labels that have room beside their lines or boxes: over no box and no other label.
 *
 * @param valueOf what stands beside a box; '' = nothing
 */
export function placeLabels(scene: Scene, valueOf: (box: Box) => string = () => ''): Label[] {
  const taken = new Map<string, [number, number, number, number][]>();
  const cells = (x: number, y: number, width: number, height: number): string[] => {
    const keys: string[] = [];
    for (let i = Math.floor(x / CELL); i <= Math.floor((x + width) / CELL); i++)
      for (let j = Math.floor(y / CELL); j <= Math.floor((y + height) / CELL); j++) keys.push(`${i} ${j}`);
    return keys;
  };
  const take = (x: number, y: number, width: number, height: number): void => {
    for (const key of cells(x, y, width, height)) {
      const list = taken.get(key);
      if (list) list.push([x, y, width, height]);
      else taken.set(key, [[x, y, width, height]]);
    }
  };
  const isFree = (x: number, y: number, width: number, height: number): boolean =>
    cells(x, y, width, height).every((key) =>
      (taken.get(key) ?? []).every(
        ([ox, oy, w, h]) => x >= ox + w || ox >= x + width || y >= oy + h || oy >= y + height,
      ),
    );
  const labelled = scene.pieces.flatMap((piece, i) => (piece.label === '' ? [] : [i])).slice(0, MAX_LABELS);
  const values = scene.boxes.map((box) => (box.kind === 'op' && !box.open ? valueOf(box) : ''));
  if (labelled.length === 0 && values.every((value) => value === '')) return [];
  for (const box of scene.boxes) {
    if (!box.open) take(box.x, box.y, box.width, box.height);
    // The head of an open box.
    else take(box.x, box.y, box.width, Math.min(24, box.height));
  }
  const labels: Label[] = [];
  const place = (of: Pick<Label, 'piece' | 'box'>, text: string, x: number, y: number): void => {
    const width = text.length * LETTER;
    if (!isFree(x, y, width, LABEL_HEIGHT)) return;
    take(x, y, width, LABEL_HEIGHT);
    labels.push({ ...of, text, x, y: y + LABEL_HEIGHT - 2.5 });
  };
  scene.boxes.forEach(({ x, y, width, height, summaries }, i) => {
    const value = values[i] as string;
    const right = x + width + (summaries > 0 ? 9 : 4);
    if (value !== '' && labels.length < MAX_LABELS)
      place({ piece: -1, box: i }, value, right, y + (height - LABEL_HEIGHT) / 2);
  });
  for (const i of labelled) {
    const piece = scene.pieces[i] as EdgePiece;
    const stretch = longestDown(piece.points);
    if (!stretch) continue;
    const x = stretch.x + piece.width / 2 + 5;
    const y = (stretch.top + stretch.bottom) / 2 - LABEL_HEIGHT / 2;
    place({ piece: i, box: -1 }, piece.label, x, y);
  }
  return labels;
}

/** The longest stretch of a line that goes straight down or up. */
function longestDown(points: Float64Array): { x: number; top: number; bottom: number } | undefined {
  let found: { x: number; top: number; bottom: number } | undefined;
  let most = MIN_STRETCH;
  for (let i = 2; i < points.length; i += 2) {
    const [x0, y0, x1, y1] = [points[i - 2], points[i - 1], points[i], points[i + 1]] as [
      number,
      number,
      number,
      number,
    ];
    const length = Math.abs(y1 - y0);
    if (length < most || Math.abs(x1 - x0) > length / 8) continue;
    most = length;
    found = { x: Math.max(x0, x1), top: Math.min(y0, y1), bottom: Math.max(y0, y1) };
  }
  return found;
}

/** At most so many of a list, from all over it. */
export function spread<T>(all: readonly T[], most: number): T[] {
  const every = Math.max(1, Math.ceil(all.length / most));
  return all.filter((_, i) => i % every === 0);
}
