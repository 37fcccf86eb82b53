/** What can be said about a chart from its lines and from the catalogue. Pure functions. */
import { mainPoints } from '../../charts/plot';
import type { ChartLines } from '../../engine/lines';
import type { Catalogue } from '../../model/catalogue';
import { formatStep, formatValue, plural } from '../../model/format';
import type { YScale } from '../../model/state';

/** Values outside the inner 90 % are outliers only if they make the range of y this many times as wide. */
const OUTLIERS_WIDEN = 2;

/**
 * The range of y over all that is drawn, without outliers where there are any: the worker's extent leaves the outer
 * 5 % out at either end, but a smooth curve has no outliers there and is shown whole.
 */
export function fittedRange(
  { lines, yMin, yMax }: ChartLines,
  scale: YScale,
): { range: [number, number]; clipped: boolean } {
  let [min, max] = [yMin, yMax];
  for (const line of lines) {
    const points = mainPoints(line);
    for (let i = 1; i < points.length; i += 2) {
      const y = points[i] as number;
      if (y < min && (scale !== 'log' || y > 0)) min = y;
      if (y > max) max = y;
    }
  }
  const width = scale === 'log' ? Math.log(yMax / yMin) : yMax - yMin;
  const wide = scale === 'log' ? Math.log(max / min) : max - min;
  const clipped = width > 0 && wide > width * OUTLIERS_WIDEN;
  return { range: clipped ? [yMin, yMax] : [min, max], clipped };
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
export function chartSummary(tag: string, series: readonly number[], catalogue: Catalogue): string {
  let lowest = series[0];
  if (lowest === undefined) return `${tag}, no shown run`;
  let [from, to] = [Infinity, -Infinity];
  for (const one of series) {
    from = Math.min(from, catalogue.number(one, 'minStep'));
    to = Math.max(to, catalogue.number(one, 'maxStep'));
    if (catalogue.number(one, 'lastValue') < catalogue.number(lowest, 'lastValue')) lowest = one;
  }
  const last = `lowest ${catalogue.runName(lowest)} ${formatValue(catalogue.number(lowest, 'lastValue'))}`;
  return `${tag}, ${plural(series.length, 'run')}, step ${formatStep(from)} to ${formatStep(to)}, ${last}`;
}
