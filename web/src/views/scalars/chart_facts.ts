/** What can be said about a chart from its lines and from the catalogue. Pure functions. */
import { xAxis, yAxis } from '../../charts/axis';
import { mainPoints } from '../../charts/nearest';
import type { ChartLines } from '../../engine/lines';
import type { ChartQuery, XKind } from '../../engine/protocol';
import { formatStep, formatValue, plural } from '../../model/format';
import { isRange } from '../../model/range';
import type { State, YScale, Zoom } from '../../model/state';
import type { ViewContext } from '../view_def';

/** Values outside the inner 90 % are outliers only if they make the range of y this many times as wide. */
const OUTLIERS_WIDEN = 2;

/** Of fewer values than this none is an outlier. */
const MIN_VALUES = 20;

/**
 * The range of y over all that is drawn, without outliers where there are any: the worker's extent leaves the outer
 * 5 % out at either end, but a smooth curve has no outliers there and is shown whole, as are a few values.
 */
export function fittedRange({ lines, yMin, yMax }: ChartLines, scale: YScale): [min: number, max: number] {
  let [min, max, count] = [yMin, yMax, 0];
  for (const line of lines) {
    const points = mainPoints(line);
    for (let i = 1; i < points.length; i += 2) {
      const y = points[i] as number;
      if (!isDrawn(y, scale)) continue;
      count++;
      if (y < min) min = y;
      if (y > max) max = y;
    }
  }
  const width = scale === 'log' ? Math.log(yMax / yMin) : yMax - yMin;
  const wide = scale === 'log' ? Math.log(max / min) : max - min;
  const clipped = count >= MIN_VALUES && width > 0 && wide > width * OUTLIERS_WIDEN;
  return clipped ? [yMin, yMax] : [min, max];
}

/** What a chart asks for. @param pixels width of the plot, in those of the device */
export function chartQuery(
  state: State,
  series: readonly number[],
  scale: YScale,
  zoom: Zoom | undefined,
  pixels: number,
): ChartQuery {
  return {
    series: Uint32Array.from(series),
    x: state.x.value,
    from: zoom?.x[0] ?? NaN,
    to: zoom?.x[1] ?? NaN,
    pixels,
    smoothing: state.smoothing.value,
    clipOutliers: state.clipOutliers.value,
    logY: scale === 'log',
  };
}

/** The axes that lines are drawn on: those of a zoom, else fitted to the data. @param most ticks of x, at least 2 */
export function axesOf(lines: ChartLines, kind: XKind, zoom: Zoom | undefined, scale: YScale, most: number) {
  const exactX = zoom !== undefined && isRange(...zoom.x);
  const [xMin, xMax] = exactX ? zoom.x : [lines.xMin, lines.xMax];
  const exactY = zoom !== undefined && isRange(...zoom.y);
  const [yMin, yMax] = exactY ? zoom.y : fittedRange(lines, scale);
  return { x: xAxis(kind, xMin, xMax, exactX, most), y: yAxis(scale, yMin, yMax, exactY), exactY };
}

/** Whether some of what is drawn between the ends of x, raw lines too, lies above or below the ends of y. */
export function isClipped({ lines }: ChartLines, x: Range, y: Range, scale: YScale): boolean {
  return lines.some(({ smoothed, raw }) =>
    [smoothed, raw].some((points) => {
      for (let i = 0; i < points.length; i += 2) {
        const [at, value] = [points[i] as number, points[i + 1] as number];
        const inView = at >= x.min && at <= x.max && isDrawn(value, scale);
        if (inView && (value < y.min || value > y.max)) return true;
      }
      return false;
    }),
  );
}

/** Whether some line has a point between the ends of x and y, runs through there, or has a mark of what is not finite. */
export function isInView({ lines }: ChartLines, x: Range, y: Range, scale: YScale): boolean {
  return lines.some(({ smoothed, raw, marks }) => {
    for (let i = 0; i < marks.length; i += 2) if (meets(marks[i] as number, marks[i] as number, x)) return true;
    return [smoothed, raw].some((points) => {
      let before = -1;
      for (let i = 0; i < points.length; i += 2) {
        const from = before < 0 ? i : before;
        before = isDrawn(points[i + 1] as number, scale) ? i : -1;
        if (before < 0) continue;
        const [x0, y0, x1, y1] = [points[from], points[from + 1], points[i], points[i + 1]] as [number, number, number, number]; // prettier-ignore
        if (meets(x0, x1, x) && meets(y0, y1, y)) return true;
      }
      return false;
    });
  });
}

function meets(a: number, b: number, { min, max }: Range): boolean {
  return Math.max(a, b) >= min && Math.min(a, b) <= max;
}

interface Range {
  min: number;
  max: number;
}

function isDrawn(y: number, scale: YScale): boolean {
  return Number.isFinite(y) && (scale !== 'log' || y > 0);
}

/**
 * Which end of the values comes first in the read-out: 1 = the lowest, where the curves have fallen (a loss); −1 = the
 * highest, where they have risen (an accuracy).
 */
export function progress(lines: ChartLines): 1 | -1 {
  let fallen = 0;
  for (const line of lines.lines) {
    const points = mainPoints(line);
    let [first, last] = [NaN, NaN];
    for (let i = 1; i < points.length && !Number.isFinite(first); i += 2) first = points[i] as number;
    for (let i = points.length - 1; i > 0 && !Number.isFinite(last); i -= 2) last = points[i] as number;
    if (last !== first) fallen += last < first ? 1 : -1;
  }
  return fallen > 0 ? 1 : -1;
}

/** The chart in one sentence, for those who do not see it. */
export function chartSummary(
  name: string,
  series: readonly number[],
  { engine: { catalogue }, shown }: ViewContext,
): string {
  let lowest = series[0];
  if (lowest === undefined) return `${name}, no shown run`;
  let [from, to] = [Infinity, -Infinity];
  for (const one of series) {
    from = Math.min(from, catalogue.number(one, 'minStep'));
    to = Math.max(to, catalogue.number(one, 'maxStep'));
    if (catalogue.number(one, 'lastValue') < catalogue.number(lowest, 'lastValue')) lowest = one;
  }
  const last = `lowest ${shown.line(lowest).label} ${formatValue(catalogue.number(lowest, 'lastValue'))}`;
  return `${name}, ${plural(series.length, 'run')}, step ${formatStep(from)} to ${formatStep(to)}, ${last}`;
}
