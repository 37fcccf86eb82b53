/** How histograms are drawn on a canvas. No state. */
import type { Axis } from '../../charts/axis';
import type { ChartTheme } from '../../charts/chart_theme';
import { colourOf } from '../../charts/colour_ramp';
import { factsAt } from '../../engine/histograms';
import type { Rows } from './drawing';
import type { Columns } from './layout';

/** Lengths in px. */
export interface Area {
  context: CanvasRenderingContext2D;
  width: number;
  height: number;
}

/** How high a row is drawn: cells of `top`, and what is beyond, are `height` px. */
export interface Scale {
  top: number;
  height: number;
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

function trace({ context, width }: Area, row: Float64Array, places: Float64Array, base: number, scale: Scale): void {
  const { top, height } = scale;
  context.beginPath();
  context.moveTo((places[0] ?? 0) * width, base);
  row.forEach((cell, i) => context.lineTo((places[i] as number) * width, base - (Math.min(cell, top) / top) * height));
  context.lineTo((places.at(-1) ?? 1) * width, base);
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
    trace(area, row, rows.places, base, scale);
    context.fillStyle = mixed(theme.background, colour, 0.16 + (0.6 * (i + 1)) / bases.length);
    context.fill();
    context.strokeStyle = theme.background;
    context.lineWidth = 0.75;
    context.stroke();
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
  for (let i = 0; i < count; i++) {
    const row = rowOf(rows, i);
    if (Number.isNaN(row[0])) continue;
    trace(area, row, rows.places, height, scale);
    context.strokeStyle = mixed(theme.background, colour, 0.25 + (0.75 * (i + 1)) / count);
    context.lineWidth = 1;
    context.stroke();
  }
}

/** One histogram as a line, perhaps filled. */
export function paintCurve(
  area: Area,
  rows: Rows,
  base: number,
  scale: Scale,
  style: { stroke: string; fill?: string; dash?: readonly number[] },
): void {
  const { context } = area;
  if (Number.isNaN(rows.cells[0])) return;
  trace(area, rows.cells, rows.places, base, scale);
  if (style.fill !== undefined) {
    context.fillStyle = style.fill;
    context.fill();
  }
  context.setLineDash([...(style.dash ?? [])]);
  context.strokeStyle = style.stroke;
  context.lineWidth = 1.5;
  context.stroke();
  context.setLineDash([]);
}

/** A heat map: a row of cells for each column, from the foot up. */
export function paintHeat(
  { context, width, height }: Area,
  rows: Rows,
  { borders }: Columns,
  top: number,
  colour: string,
  theme: ChartTheme,
): void {
  const [wide, high] = [Math.max(1, Math.round(width)), rows.places.length];
  const image = context.createImageData(wide, high);
  const pixels = new Uint32Array(image.data.buffer);
  const shades = Uint32Array.from({ length: 256 }, (_, i) =>
    colourOf(mixed(theme.background, colour, (i / 255) ** 0.6)),
  );
  const damaged = colourOf(theme.warn);
  for (let column = 0; column + 1 < borders.length; column++) {
    const from = Math.round(borders[column] as number);
    const to = Math.min(wide, Math.max(from + 1, Math.round(borders[column + 1] as number)));
    const row = rowOf(rows, column);
    for (let cell = 0; cell < high; cell++) {
      const value = row[cell] as number;
      const shade = Number.isNaN(value) ? damaged : shades[Math.min(255, Math.round((value / top) * 255))];
      pixels.fill(shade as number, (high - 1 - cell) * wide + from, (high - 1 - cell) * wide + to);
    }
  }
  const canvas = new OffscreenCanvas(wide, high);
  canvas.getContext('2d')?.putImageData(image, 0, 0);
  context.imageSmoothingEnabled = false;
  context.drawImage(canvas, 0, 0, width, height);
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
      (1 - axes.value.fraction(factsAt(facts, point).percentiles[percentile] as number)) * height,
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
