/** How histograms are drawn on a canvas. No state. */
import type { Axis } from '../../charts/axis';
import type { ChartTheme } from '../../charts/chart_theme';
import { colourOf } from '../../charts/colour_ramp';
import { factsAt } from '../../engine/values/histograms';
import type { Rows } from './drawing';
import type { Columns, Top } from './layout';

/** Lengths in px. */
export interface Area {
  context: CanvasRenderingContext2D;
  width: number;
  height: number;
}

/** How high a row is drawn: cells of `top` are `height` px. */
export interface Scale {
  top: Top;
  height: number;
  /** Rows rise from nothing to all, and do not come back. */
  cumulative: boolean;
}

/** Pairs of percentiles from the outermost inwards, and how strong the band between them is. */
const BANDS = [[0, 8, 0.13], [1, 7, 0.2], [2, 6, 0.28], [3, 5, 0.4]] as const; // prettier-ignore
const MEDIAN = 4;
/** A single step has no width: half of what it is drawn with, px. */
const HALF_BAR_PX = 6;

/** A colour between two that are `#rrggbb`. */
export function mixed(from: string, to: string, share: number): string {
  const channel = (at: number): string => {
    const [a, b] = [from, to].map((colour) => Number.parseInt(colour.slice(at, at + 2), 16)) as [number, number];
    return Math.round(a + (b - a) * share)
      .toString(16)
      .padStart(2, '0');
  };
  return `#${channel(1)}${channel(3)}${channel(5)}`;
}

/** Row `i` of rows of cells. */
export function rowOf({ cells, places }: Rows, i: number): Float64Array {
  return cells.subarray(i * places.length, (i + 1) * places.length);
}

/** Of the mark where a peak is cut, px. */
const CUT_MARK = { width: 2, least: 6 } as const;

/** The line over the cells of a row; from its foot and back to it, unless it is cumulative. */
function lineOf({ width }: Area, row: Float64Array, places: Float64Array, base: number, scale: Scale): Path2D {
  const { top, height, cumulative } = scale;
  const line = new Path2D();
  if (!cumulative) line.moveTo((places[0] ?? 0) * width, base);
  row.forEach((cell, i) => {
    line.lineTo((places[i] as number) * width, base - (Math.min(cell, top.height) / top.height) * height);
  });
  if (!cumulative) line.lineTo((places.at(-1) ?? 1) * width, base);
  return line;
}

/** What is between a line and its foot. */
function belowOf(line: Path2D, { width }: Area, places: Float64Array, base: number): Path2D {
  const below = new Path2D(line);
  below.lineTo((places.at(-1) ?? 1) * width, base);
  below.lineTo((places[0] ?? 0) * width, base);
  return below;
}

/** A bar on top of every peak that is cut. */
function markCuts(
  { context, width }: Area,
  row: Float64Array,
  places: Float64Array,
  base: number,
  { top, height }: Scale,
  colour: string,
): void {
  if (top.largest <= top.height) return;
  context.fillStyle = colour;
  for (let from = 0; from < row.length; from++) {
    if (!((row[from] as number) > top.height)) continue;
    let to = from;
    while ((row[to + 1] as number) > top.height) to++;
    const [left, right] = [(places[from] as number) * width, (places[to] as number) * width];
    const wide = Math.max(CUT_MARK.least, right - left);
    context.fillRect((left + right - wide) / 2, base - height - CUT_MARK.width, wide, CUT_MARK.width);
    from = to;
  }
}

/** Ridges behind each other, the first one farthest back. `bases`: the foot of each, px. */
export function paintRidges(
  area: Area,
  rows: Rows,
  bases: readonly number[],
  scale: Scale,
  colour: string,
  theme: ChartTheme,
): void {
  const { context } = area;
  bases.forEach((base, i) => {
    const row = rowOf(rows, i);
    if (Number.isNaN(row[0])) return;
    const age = (i + 1) / bases.length;
    const line = lineOf(area, row, rows.places, base, scale);
    // What rises to all and stays there would hide what is behind it: lines, on little colour.
    context.fillStyle = mixed(theme.background, colour, scale.cumulative ? 0.03 + 0.12 * age : 0.16 + 0.6 * age);
    context.fill(belowOf(line, area, rows.places, base));
    context.strokeStyle = scale.cumulative ? mixed(theme.background, colour, 0.35 + 0.65 * age) : theme.background;
    context.lineWidth = scale.cumulative ? 1 : 0.75;
    context.stroke(line);
    markCuts(area, row, rows.places, base, scale, theme.warn);
  });
}

/** All rows over each other: the later, the more colour. */
export function paintOverlay(
  area: Area,
  rows: Rows,
  count: number,
  scale: Scale,
  colour: string,
  theme: ChartTheme,
): void {
  const { context, height } = area;
  context.lineWidth = 1;
  for (let i = 0; i < count; i++) {
    const row = rowOf(rows, i);
    if (Number.isNaN(row[0])) continue;
    context.strokeStyle = mixed(theme.background, colour, 0.25 + (0.75 * (i + 1)) / count);
    context.stroke(lineOf(area, row, rows.places, height, scale));
    markCuts(area, row, rows.places, height, scale, theme.warn);
  }
}

/** One histogram as a line, perhaps filled. */
export function paintCurve(
  area: Area,
  rows: Rows,
  base: number,
  scale: Scale,
  style: { stroke: string; cut: string; fill?: string; dash?: readonly number[] },
): void {
  const { context } = area;
  const { cells, places } = rows;
  if (Number.isNaN(cells[0])) return;
  const line = lineOf(area, cells, places, base, scale);
  if (style.fill !== undefined) {
    context.fillStyle = style.fill;
    context.fill(belowOf(line, area, places, base));
  }
  context.setLineDash([...(style.dash ?? [])]);
  context.strokeStyle = style.stroke;
  context.lineWidth = 1.5;
  context.stroke(line);
  context.setLineDash([]);
  markCuts(area, cells, places, base, scale, style.cut);
}

/** Shares of all values whose lines are drawn in a heat map of cumulative shares, and how wide, px. */
const CONTOURS = [[0.25, 1], [0.5, 2], [0.75, 1]] as const; // prettier-ignore

/** A heat map: a row of cells for each column, from the foot up. Of cumulative shares, with lines at their quarters. */
export function paintHeat(
  area: Area,
  rows: Rows,
  columns: Columns,
  { top, cumulative }: Scale,
  colour: string,
  theme: ChartTheme,
): void {
  const { context, width, height } = area;
  const { borders } = columns;
  const [wide, high] = [Math.max(1, Math.round(width)), rows.places.length];
  const image = context.createImageData(wide, high);
  const pixels = new Uint32Array(image.data.buffer);
  const shades = Uint32Array.from({ length: 256 }, (_, i) =>
    colourOf(mixed(theme.background, colour, cumulative ? (0.6 * i) / 255 : (i / 255) ** 0.6)),
  );
  const damaged = colourOf(theme.warn);
  const strength = 255 / top.height;
  for (let column = 0; column + 1 < borders.length; column++) {
    const from = Math.round(borders[column] as number);
    const to = Math.min(wide, Math.max(from + 1, Math.round(borders[column + 1] as number)));
    for (let cell = 0; cell < high; cell++) {
      const value = rows.cells[column * high + cell] as number;
      const shade = Number.isNaN(value) ? damaged : (shades[Math.min(255, Math.round(value * strength))] as number);
      const line = (high - 1 - cell) * wide;
      // Columns are a pixel wide where there are many: a call for each would take longer than all else.
      for (let x = from; x < to; x++) pixels[line + x] = shade;
    }
  }
  const canvas = new OffscreenCanvas(wide, high);
  canvas.getContext('2d')?.putImageData(image, 0, 0);
  context.imageSmoothingEnabled = false;
  context.drawImage(canvas, 0, 0, width, height);
  if (!cumulative) return;
  context.strokeStyle = theme.ink;
  for (const [share, lineWidth] of CONTOURS) {
    context.lineWidth = lineWidth;
    context.stroke(contourOf(area, rows, borders, share));
  }
}

/** Where a share of all values is reached in each column. */
function contourOf({ height }: Area, rows: Rows, borders: Float64Array, share: number): Path2D {
  const line = new Path2D();
  const high = rows.places.length;
  for (let column = 0; column + 1 < borders.length; column++) {
    const row = rowOf(rows, column);
    if (Number.isNaN(row[0])) continue;
    const cell = row.findIndex((value) => value >= share);
    const y = (1 - (cell < 0 ? high : cell + 0.5) / high) * height;
    line.lineTo(borders[column] as number, y);
    line.lineTo(borders[column + 1] as number, y);
  }
  return line;
}

/** Where a value is on an axis that may not have it, as a logarithmic one has nothing below zero: then at its end. */
function onAxis(axis: Axis, value: number): number {
  return value <= axis.min ? 0 : value >= axis.max ? 1 : axis.fraction(value);
}

/** Percentiles over steps as bands, and the median as a line. `order`: the points in order of `x`. */
export function paintBands(
  { context, width, height }: Area,
  facts: Float64Array,
  x: Float64Array,
  order: Uint32Array,
  axes: { x: Axis; value: Axis },
  colour: string,
  theme: ChartTheme,
): void {
  const good = order.filter((point) => factsAt(facts, point).count > 0);
  const border = (percentile: number): [x: number, y: number][] => {
    const line = Array.from(good, (point): [number, number] => [
      axes.x.fraction(x[point] as number) * width,
      (1 - onAxis(axes.value, factsAt(facts, point).percentiles[percentile] as number)) * height,
    ]);
    const [only] = line;
    return only && line.length === 1
      ? [[only[0] - HALF_BAR_PX, only[1]], [only[0] + HALF_BAR_PX, only[1]]] // prettier-ignore
      : line;
  };
  for (const [lower, upper, strength] of BANDS) {
    context.beginPath();
    for (const at of [...border(upper), ...border(lower).reverse()]) context.lineTo(...at);
    context.closePath();
    context.fillStyle = mixed(theme.background, colour, strength);
    context.fill();
  }
  context.beginPath();
  for (const at of border(MEDIAN)) context.lineTo(...at);
  context.strokeStyle = colour;
  context.lineWidth = 1.5;
  context.stroke();
}
