/**
 * The layout of the answer to a `lines` request, written by `wasm/series/chart_query.cc` (`AppendChart`): 64-bit floats only.
 *
 *   for each chart:  xMin xMax yMin yMax clipped          extent of the data; NaN = none; clipped = values outside y
 *     for each line: smoothedCount rawCount markCount
 *                    smoothedCount × (x, y)                y = NaN breaks the line
 *                    rawCount × (x, y)
 *                    markCount × (x, kind)                 kind: 0 = NaN, 1 = +Infinity, −1 = −Infinity
 *
 * A chart has as many lines as its query has series, in that order.
 */
export interface ChartLines {
  xMin: number;
  xMax: number;
  yMin: number;
  yMax: number;
  /** How many values of the shown range lie outside [yMin, yMax] because outliers are clipped. */
  clipped: number;
  lines: Line[];
}

/** Views into the one buffer that came: x and y alternate. */
export interface Line {
  smoothed: Float64Array;
  raw: Float64Array;
  marks: Float64Array;
}

/** Reads the answer to a query; `lineCounts[i]` = number of series of chart i. */
export function decodeLines(buffer: ArrayBuffer, lineCounts: readonly number[]): ChartLines[] {
  const words = new Float64Array(buffer);
  let at = 0;
  const take = (count: number): Float64Array => words.subarray(at, (at += count));
  return lineCounts.map((lineCount) => {
    const [xMin, xMax, yMin, yMax, clipped] = take(5) as unknown as [number, number, number, number, number];
    const lines = Array.from({ length: lineCount }, (): Line => {
      const [smoothed, raw, marks] = take(3) as unknown as [number, number, number];
      return { smoothed: take(2 * smoothed), raw: take(2 * raw), marks: take(2 * marks) };
    });
    return { xMin, xMax, yMin, yMax, clipped, lines };
  });
}
