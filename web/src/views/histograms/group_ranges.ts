import { signal } from '@preact/signals-core';
import { groupOf } from '../../model/tag_groups';

export type Range = readonly [min: number, max: number];

/** The ranges of values of all cards that were near once, so that those of a group can share one. */
export class GroupRanges {
  private readonly known = signal<ReadonlyMap<string, { group: string; range: Range }>>(new Map());

  put(card: string, tag: string, range: Range): void {
    const before = this.known.peek().get(card)?.range;
    if (before && before[0] === range[0] && before[1] === range[1]) return;
    this.known.value = new Map([...this.known.peek(), [card, { group: groupOf(tag), range }]]);
  }

  /** That of the whole group of a tag; undefined = none of its cards is known yet. */
  ofGroup(tag: string): Range | undefined {
    const group = groupOf(tag);
    const ranges = [...this.known.value.values()].filter((one) => one.group === group).map(({ range }) => range);
    if (ranges.length === 0) return undefined;
    return [Math.min(...ranges.map(([min]) => min)), Math.max(...ranges.map(([, max]) => max))];
  }
}
