/** What a card draws of its series, asked of the engine. No DOM. */
import { xAxis, yAxis, type Axis } from '../../charts/axis';
import type { Engine } from '../../engine/engine';
import type { HistogramMeasure } from '../../engine/values/histograms';
import type { XKind } from '../../engine/protocol';
import type { HistogramBins, HistogramMode, YScale } from '../../model/state';
import type { Range } from './group_ranges';
import { columnsOf, edgesOf, inOrder, thinned, topOf, xOf, type Columns, type SeriesHistograms, type Top } from './layout'; // prettier-ignore
import { isUpright } from './modes';

/** A ridge of its own for at most so many steps: more are too close to be told apart. */
const MAX_RIDGES = 60;
/** Share of the height that the highest ridge may take. */
const RIDGE = 0.34;
/** Between two ticks of the axis of steps, px. */
const TICK_PX = 64;

/** What it depends on, but for the step. */
export interface Wanted {
  mode: HistogramMode;
  bins: HistogramBins;
  measure: HistogramMeasure;
  scale: YScale;
  x: XKind;
  range: Range;
  /** Of the plot, px. */
  width: number;
  height: number;
}

/** Histograms as rows of cells. */
export interface Rows {
  cells: Float64Array;
  /** Where the middle of each cell of a row is along the axis of values, 0 … 1. */
  places: Float64Array;
}

export interface Drawing {
  wanted: Wanted;
  /** Of values: across, or up in a heat map and in bands. */
  value: Axis;
  /** What any histogram of this drawing is asked for in. */
  edges: Float64Array;
  /** Of all cells of its rows; where several series are drawn at one step, those of that step have one. */
  top: Top;
  /** Absent where several series are drawn at one step. */
  steps?: StepsDrawing;
}

export interface StepsDrawing {
  axis: Axis;
  /** Place of every point of the series on it. */
  x: Float64Array;
  /** Points in order of x: those that have a row. */
  order: Uint32Array;
  /** Of ridges and lines: a row each; of a heat map: a row for each column; of bands: none. */
  rows?: Rows;
  columns?: Columns;
  /** The highest ridge, px. */
  ridge: number;
}

/** The axes, and the cells of everything that does not depend on the step. `one`: absent where several series are drawn at one step. */
export async function fetchDrawing(
  engine: Engine,
  wanted: Wanted,
  one: SeriesHistograms | undefined,
  signal: AbortSignal,
): Promise<Drawing> {
  const { mode, measure, width, height } = wanted;
  const value = yAxis(wanted.scale, ...wanted.range, false);
  const edges = edgesOf(value, Math.max(1, Math.round(isUpright(mode) ? height : width)));
  const drawing = { wanted, value, edges, top: { height: 1, largest: 1 } };
  if (!one) return drawing;
  const x = xOf(one.points, wanted.x);
  const order = inOrder(x);
  const [first, last] = [x[order[0] ?? 0] ?? 0, x[order.at(-1) ?? 0] ?? 0];
  const most = Math.max(2, Math.floor((isUpright(mode) ? width : height) / TICK_PX));
  const steps = { axis: xAxis(wanted.x, first, last, false, most), x, order, ridge: height };
  if (mode === 'bands') return { ...drawing, steps };
  const pointsOf = (indices: Uint32Array): Uint32Array =>
    Uint32Array.from(indices, (i) => one.points.points[i] as number);
  const { series } = one;
  if (mode === 'heat') {
    const columns = columnsOf(x, steps.axis, width);
    const query = { series, points: pointsOf(order), rows: columns.columnOf, edges, measure };
    const cells = await engine.histogramGrid(query, signal);
    const rows = { cells, places: middlesOf(edges, value) };
    return { ...drawing, top: topOf(cells, measure), steps: { ...steps, rows, columns } };
  }
  const drawn = thinned(order, MAX_RIDGES);
  const rows =
    (wanted.bins === 'compatible' && (await compatibleRows(engine, one, drawn, measure, value, signal))) ||
    (await loggedRows(engine, { series, points: pointsOf(drawn), rows: Uint32Array.from(drawn.keys()), edges, measure }, value, signal)); // prettier-ignore
  const ridge = mode === 'offset' ? height * RIDGE : height;
  return { ...drawing, top: topOf(rows.cells, measure), steps: { ...steps, order: drawn, rows, ridge } };
}

async function loggedRows(
  engine: Engine,
  query: Parameters<Engine['histogramGrid']>[0],
  value: Axis,
  signal: AbortSignal,
): Promise<Rows> {
  return { cells: await engine.histogramGrid(query, signal), places: middlesOf(query.edges, value) };
}

/** TensorBoard's bins over the range of all points, for some of them; undefined = there is not one bucket. */
export async function compatibleRows(
  engine: Engine,
  { series, points }: SeriesHistograms,
  drawn: Uint32Array,
  measure: HistogramMeasure,
  value: Axis,
  signal: AbortSignal,
): Promise<Rows | undefined> {
  const found = await engine.compatibleBins(series, points.points, signal);
  if (!found) return undefined;
  const { left, width, bins, counts } = found;
  const cells = new Float64Array(drawn.length * bins);
  drawn.forEach((point, row) => {
    const own = counts.subarray(point * bins, (point + 1) * bins);
    const total = own.reduce((sum, count) => sum + count, 0) || 1;
    let sum = 0;
    own.forEach((count, i) => {
      sum += count;
      cells[row * bins + i] = { density: count / total / width, count, cumulative: sum / total }[measure];
    });
  });
  return { cells, places: Float64Array.from({ length: bins }, (_, i) => value.fraction(left + (i + 0.5) * width)) };
}

export function middlesOf(edges: Float64Array, value: Axis): Float64Array {
  const places = Float64Array.from(edges, (edge) => value.fraction(edge));
  return places.slice(1).map((place, i) => (place + (places[i] as number)) / 2);
}
