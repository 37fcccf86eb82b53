import { tagKey } from './tag_order';

interface Keyed {
  key: string;
  tag: string;
}

/** Tags, or names of runs, in order, while more of them arrive: only the new ones are sorted, and merged with those that are. */
export class SortedTags {
  private sorted: readonly Keyed[] = [];
  /** Replaced, never changed: the same array means the same tags. */
  tags: readonly string[] = [];

  /** @param fresh tags that are not there yet. */
  add(fresh: readonly string[]): void {
    if (fresh.length === 0) return;
    const added = fresh.map((tag): Keyed => ({ key: tagKey(tag), tag })).sort(compare);
    const merged: Keyed[] = [];
    let next = 0;
    for (const one of this.sorted) {
      while (next < added.length && compare(added[next] as Keyed, one) < 0) merged.push(added[next++] as Keyed);
      merged.push(one);
    }
    while (next < added.length) merged.push(added[next++] as Keyed);
    this.sorted = merged;
    this.tags = merged.map(({ tag }) => tag);
  }
}

/**
 * A list that mostly grows at its end, in order. Each call sorts only what is new since the one before, unless something
 * was taken out.
 */
export function growingSort(): (names: readonly string[]) => readonly string[] {
  let sorted = new SortedTags();
  let before: readonly string[] = [];
  return (names) => {
    if (before.some((name, i) => names[i] !== name)) [sorted, before] = [new SortedTags(), []];
    sorted.add(names.slice(before.length));
    before = names;
    return sorted.tags;
  };
}

function compare(a: Keyed, b: Keyed): number {
  if (a.key !== b.key) return a.key < b.key ? -1 : 1;
  return a.tag < b.tag ? -1 : a.tag > b.tag ? 1 : 0;
}
