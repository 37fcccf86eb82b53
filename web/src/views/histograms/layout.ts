/** Which histograms of a series are drawn where. Pure: no DOM. */
import type { Axis } from '../../charts/axis';
import { factsAt, type HistogramMeasure } from '../../engine/values/histograms';
import type { XKind } from '../../engine/protocol';
import type { SeriesPoints } from '../../engine/values/values';
import { pointAt } from '../../model/steps';

/** The points of one series and what stands for each. */
export interface SeriesHistograms {
  series: number;
  points: SeriesPoints;
  /** Facts of every point; see `factsAt`. */
  facts: Float64Array;
}

/** Place of each point on an axis of that kind: steps, or seconds. */
export function xOf({ steps, wallTimes }: SeriesPoints, kind: XKind): Float64Array {
  if (kind === 'step') return Float64Array.from(steps, Number);
  const start = kind === 'relative' ? (wallTimes.find(Number.isFinite) ?? 0) : 0;
  return wallTimes.map((time) => time - start);
}

/** Indices of the points whose x is a number, in order of it; of equal ones, as they were written. */
export function inOrder(x: Float64Array): Uint32Array {
  const order = Uint32Array.from(x.keys()).filter((i) => Number.isFinite(x[i]));
  const isSorted = order.every((i, at) => at === 0 || (x[order[at - 1] as number] as number) <= (x[i] as number));
  return isSorted ? order : order.sort((a, b) => (x[a] as number) - (x[b] as number) || a - b);
}

/** At most `most` of `order`, evenly apart, with the first and the last. */
export function thinned(order: Uint32Array, most: number): Uint32Array {
  if (order.length <= most) return order;
  return Uint32Array.from(
    { length: most },
    (_, i) => order[Math.round((i * (order.length - 1)) / (most - 1))] as number,
  );
}

/** The range of all values, of those histograms that have any; if there are steps, of those that are shown at any of them. */
export function rangeOf(
  { points, facts }: SeriesHistograms,
  steps?: readonly (bigint | undefined)[],
): [min: number, max: number] | undefined {
  const shown = steps?.map((step) => pointAt(points.steps, step)) ?? points.steps.keys();
  let [low, high] = [Infinity, -Infinity];
  for (const point of shown) {
    if (point === undefined) continue;
    const { min, max } = factsAt(facts, point);
    if (min < low) low = min;
    if (max > high) high = max;
  }
  return low <= high ? [low, high] : undefined;
}

/** Borders of `cells` cells of equal width on the screen, from one end of the axis to the other; strictly ascending. */
export function edgesOf(axis: Axis, cells: number): Float64Array {
  const edges: number[] = [];
  for (let i = 0; i <= cells; i++) {
    const edge = i === 0 ? axis.min : i === cells ? axis.max : axis.valueAt(i / cells);
    if (i === 0 || edge > (edges.at(-1) as number)) edges.push(edge);
  }
  return Float64Array.from(edges);
}

/** Columns of a heat map: which points share one, and where it begins and ends, px. */
export interface Columns {
  /** Indices of points in order of x, and the column of each. */
  order: Uint32Array;
  columnOf: Uint32Array;
  /** Borders between columns; one more than there are columns. */
  borders: Float64Array;
}

/** A column for each point, or for each pixel that has any; each reaches half-way to the next. */
export function columnsOf(x: Float64Array, axis: Axis, width: number): Columns {
  const order = inOrder(x);
  const columnOf = new Uint32Array(order.length);
  const places: number[] = [];
  let pixel = -Infinity;
  order.forEach((point, i) => {
    const place = axis.fraction(x[point] as number) * width;
    if (Math.floor(place) > pixel) {
      pixel = Math.floor(place);
      places.push(place);
    }
    columnOf[i] = places.length - 1;
  });
  const borders = new Float64Array(places.length + 1);
  places.forEach((place, i) => (borders[i] = i === 0 ? 0 : ((places[i - 1] as number) + place) / 2));
  borders[places.length] = width;
  return { order, columnOf, borders };
}

/** Of `points`, the one nearest to a value of x; undefined = there is none. */
export function nearestPoint(x: Float64Array, wanted: number, points: Uint32Array): number | undefined {
  let [best, distance]: [number | undefined, number] = [undefined, Infinity];
  for (const point of points) {
    const away = Math.abs((x[point] as number) - wanted);
    if (away <= distance) [best, distance] = [point, away];
  }
  return best;
}

/** What is as high, or as strong, as can be: what is larger is cut there. */
export interface Top {
  height: number;
  largest: number;
}

/** Peaks so many times as high as all but a few cells are cut, at this many times the height of those. */
const CUT_ABOVE = 3;
const CUT_AT = 1.5;
/** Share of the cells that are not "a few". */
const USUAL = 0.985;
/** So many cells tell as well what is usual as all. */
const MAX_SAMPLED = 20_000;

/**
 * The largest cell, unless a few narrow peaks, as all the zeros in a bucket of no width, are far above all else: those
 * are cut, or nothing else would be seen. Of cumulative shares it is all, so that a height means the same everywhere.
 */
export function topOf(cells: Float64Array, measure: HistogramMeasure): Top {
  if (measure === 'cumulative') return { height: 1, largest: 1 };
  let largest = 0;
  for (const cell of cells) if (cell > largest) largest = cell;
  const every = Math.max(1, Math.ceil(cells.length / MAX_SAMPLED));
  const sampled = Float64Array.from({ length: Math.ceil(cells.length / every) }, (_, i) => cells[i * every] as number);
  const filled = sampled.filter((cell) => cell > 0).sort();
  const usual = filled[Math.floor(filled.length * USUAL)] ?? 0;
  return { height: largest > CUT_ABOVE * usual && usual > 0 ? CUT_AT * usual : largest || 1, largest };
}
