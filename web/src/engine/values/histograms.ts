/**
 * What views of histograms ask for, and the layout of the answers: the TypeScript end of
 * `wasm/histograms/histogram_query.h`. Points are as `points` calls them.
 */

/** What is drawn between two edges, in the order of Measure in `wasm/histograms/grid.h`. */
export const MEASURES = ['density', 'count', 'cumulative'] as const;
export type HistogramMeasure = (typeof MEASURES)[number];

/** Percent of all values that lie below each percentile: TensorBoard's (`wasm/histograms/compressor.h`). */
export const PERCENTILES = [0, 6.68, 15.87, 30.85, 50, 69.15, 84.13, 93.32, 100] as const;
const COLUMNS = PERCENTILES.length + 7;

/** Numbers that stand for one histogram; NaN = there is none. */
export interface HistogramFacts {
  /** One for each of PERCENTILES. */
  percentiles: Float64Array;
  /** How many values. NaN = the histogram is damaged. */
  count: number;
  mean: number;
  /** Standard deviation. */
  deviation: number;
  /** Share of the values that are zero; NaN = the buckets do not tell. */
  zeros: number;
  min: number;
  max: number;
  /** Its edges are infinite, no numbers, in no order or overlap, or its counts are none: those were mended or left out. */
  mended: boolean;
}

/** Facts of the point at `index` of those that were asked for. */
export function factsAt(facts: Float64Array, index: number): HistogramFacts {
  const row = facts.subarray(index * COLUMNS, (index + 1) * COLUMNS);
  const [count = NaN, mean = NaN, deviation = NaN, zeros = NaN, min = NaN, max = NaN, mended] = row.subarray(
    PERCENTILES.length,
  );
  return { percentiles: row.subarray(0, PERCENTILES.length), count, mean, deviation, zeros, min, max, mended: mended === 1 }; // prettier-ignore
}

/** Histograms of one series as rows of cells. */
export interface GridQuery {
  series: number;
  points: Uint32Array;
  /** Which row each point counts for, ascending from 0; a row is the mean of its points. */
  rows: Uint32Array;
  /** Borders of the cells, strictly ascending; one more than there are cells. */
  edges: Float64Array;
  measure: HistogramMeasure;
}

/** TensorBoard's bins over the range of all points that were asked for: bin i begins at `left + i * width`. */
export interface CompatibleBins {
  left: number;
  width: number;
  /** So many a row; a row for each point. */
  bins: number;
  counts: Float64Array;
}

/** One histogram: where it is. */
export interface HistogramPoint {
  series: number;
  point: number;
}
