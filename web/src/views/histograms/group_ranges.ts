import { signal } from '@preact/signals-core';
import { yAxis } from '../../charts/axis';
import type { YScale } from '../../model/state';
import { groupOf } from '../../model/tag_groups';

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

/** The ranges of values of all cards that were near once, so that those of a group can share one. */
export class GroupRanges {
  private readonly known = signal<ReadonlyMap<string, { group: string; range: Range }>>(new Map());

  put(card: string, tag: string, range: Range): void {
    const before = this.known.peek().get(card)?.range;
    if (before && before[0] === range[0] && before[1] === range[1]) return;
    this.known.value = new Map([...this.known.peek(), [card, { group: groupOf(tag), range }]]);
  }

  /** That of the group of a tag; undefined = none of its cards is known yet. */
  ofGroup(tag: string, scale: YScale): Range | undefined {
    const group = groupOf(tag);
    const ranges = [...this.known.value.values()].filter((one) => one.group === group).map(({ range }) => range);
    return sharedRange(ranges, scale);
  }
}
