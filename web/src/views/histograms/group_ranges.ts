import { computed, signal, type ReadonlySignal } from '@preact/signals-core';
import { yAxis } from '../../charts/axis';
import type { YScale } from '../../model/state';
import type { ViewContext } from '../view_def';
import { rangeOf, thinned, type SeriesHistograms } from './layout';
import { SeriesWatch } from './series_watch';

export type Range = readonly [min: number, max: number];

/** A histogram narrower than this share of an axis is not seen as more than a bar. */
const LEAST_SHARE = 1 / 8;
/** Those share a range whose widths are no further from the median of all than by this factor. */
const ALIKE = 4;

/** Where a range is on the axis of another, 0 … 1. */
function placeOn(scale: YScale, axisRange: Range, [min, max]: Range): Range {
  const axis = yAxis(scale, ...axisRange, true);
  const place = (value: number): number => (value <= axis.min ? 0 : value >= axis.max ? 1 : axis.fraction(value));
  return [place(min), place(max)];
}

/**
 * The range that histograms are drawn over so that they can be compared: that of all but those that are much wider or
 * much narrower than most. One weight that runs away would make bars of all others, and biases are bars beside weights.
 *
 * @returns undefined = there is none.
 */
export function sharedRange(ranges: readonly Range[], scale: YScale): Range | undefined {
  const all = unionOf(ranges);
  if (!all) return undefined;
  const widths = ranges.map((range) => {
    const [from, to] = placeOn(scale, all, range);
    return to - from;
  });
  const seen = widths.filter((width) => width > 0).sort((a, b) => a - b);
  const usual = seen[seen.length >> 1] ?? 0;
  const isUsual = (width: number): boolean => width * ALIKE >= usual && width <= usual * ALIKE;
  return unionOf(ranges.filter((_, i) => isUsual(widths[i] as number))) ?? all;
}

/** Whether a histogram can be read on the axis of a shared range: it is on it, and more than a bar, if it ever is. */
export function isReadable(own: Range, shared: Range, scale: YScale): boolean {
  const isOn = own[0] >= shared[0] && own[1] <= shared[1];
  if (!isOn || own[0] === own[1]) return isOn;
  const [from, to] = placeOn(scale, shared, own);
  return to - from >= LEAST_SHARE;
}

export function unionOf(ranges: readonly Range[]): Range | undefined {
  if (ranges.length === 0) return undefined;
  return [Math.min(...ranges.map(([min]) => min)), Math.max(...ranges.map(([, max]) => max))];
}

/** Of a group, so many histograms are asked for, about: some ten megabytes of a log. */
const MAX_POINTS = 50_000;

/** Series that stand for all of them: as many, evenly apart, as have `MAX_POINTS` together. */
export function sampledSeries(series: readonly number[], countOf: (series: number) => number): readonly number[] {
  const points = series.reduce((sum, one) => sum + countOf(one), 0);
  if (points <= MAX_POINTS) return series;
  const most = Math.max(2, Math.floor((series.length * MAX_POINTS) / points));
  return [...thinned(Uint32Array.from(series), most)];
}

/** The range of values of a card: of all its histograms or, if there are steps, of what is seen at any of these. */
export function rangeOfCard(
  card: readonly SeriesHistograms[],
  steps: readonly (bigint | undefined)[] | undefined,
): Range | undefined {
  return unionOf(card.map((one) => rangeOf(one, steps)).filter((range) => range !== undefined));
}

/**
 * What the cards of a group share. All series of the group are asked for as soon as one card is near the visible part,
 * and nothing is known before they all are: a range of those that happened to be seen would move the axes while one
 * scrolls, and the same address would give another picture each time.
 */
export class GroupRange {
  private readonly watch: SeriesWatch;
  private users = 0;

  /** @param cards the series of each card. */
  constructor(
    context: ViewContext,
    private readonly cards: ReadonlySignal<readonly (readonly number[])[]>,
  ) {
    const { catalogue } = context.engine;
    const wanted = computed(() => sampledSeries([...new Set(cards.value.flat())], (one) => catalogue.number(one, 'count'))); // prettier-ignore
    this.watch = new SeriesWatch(context, wanted, signal(true));
  }

  /** Has it kept up to date until what is returned is called. */
  use(): () => void {
    if (this.users++ === 0) this.watch.start();
    return () => {
      if (--this.users === 0) this.watch.stop();
    };
  }

  /**
   * Reads signals.
   *
   * @param steps as `rangeOfCard` has them.
   * @returns undefined = not known yet; 'none' = it cannot be known, or there are no values.
   */
  at(steps: readonly (bigint | undefined)[] | undefined, scale: YScale): Range | 'none' | undefined {
    const watched = this.watch.watched.value;
    if (!watched) return undefined;
    if (watched.kind === 'failed') return 'none';
    const bySeries = new Map(watched.series.map((one) => [one.series, one]));
    const ranges = this.cards.value.map((card) => rangeOfCard(card.flatMap((one) => bySeries.get(one) ?? []), steps)); // prettier-ignore
    return sharedRange(ranges.filter((range) => range !== undefined), scale) ?? 'none'; // prettier-ignore
  }
}
