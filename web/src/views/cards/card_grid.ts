/** Where cards lie in the scroll area, and which of them have to exist. Pure; lengths are in px. */

/** Cards below one head, by their keys, in order. */
export interface CardGroup {
  name: string;
  cards: readonly string[];
  /** Which measures its cards have; undefined = those of most. */
  form?: string | undefined;
}

/** How large cards are. */
export interface Form {
  /** How many cards fit beside each other. */
  columns: number;
  cardHeight: number;
}

export interface Measures extends Form {
  /** Of the head of a group. */
  headHeight: number;
  /** Of groups whose cards are of another form, by its name. */
  forms?: ReadonlyMap<string, Form>;
}

/** Empty space in place of rows or groups. */
export interface Gap {
  gap: number;
}

/** A group some of which exists. */
export interface Section {
  group: CardGroup;
  open: boolean;
  columns: number;
  /** Keys of whole rows, and the gaps between those. */
  items: (string | Gap)[];
}

/** The grid of all cards: groups below each other, each with a head and rows of equal height. */
export class CardGrid {
  /** Where each group begins; at the end, the height of all. */
  private readonly tops: Float64Array;
  /** By group. */
  private readonly formsOf: readonly Form[];
  /** By group: how much higher than a card some rows are, by row. */
  private readonly extras = new Map<number, Map<number, number>>();

  /**
   * @param groupOf the name of the group of a card.
   * @param extra how much higher than others a card is, by its key.
   */
  constructor(
    private readonly groups: readonly CardGroup[],
    private readonly groupOf: (card: string) => string,
    private readonly closed: ReadonlySet<string>,
    private readonly measures: Measures,
    extra: ReadonlyMap<string, number> = new Map(),
  ) {
    this.formsOf = groups.map(({ form }) => (form !== undefined && measures.forms?.get(form)) || measures);
    for (const [card, height] of extra) {
      const place = this.placeOf(card);
      if (!place) continue;
      const rows = this.extras.get(place.group) ?? new Map<number, number>();
      rows.set(place.row, Math.max(height, rows.get(place.row) ?? 0));
      this.extras.set(place.group, rows);
    }
    this.tops = new Float64Array(groups.length + 1);
    groups.forEach((_, i) => (this.tops[i + 1] = this.topOfGroup(i) + this.topOfRow(i, this.rowCount(i))));
  }

  get height(): number {
    return this.topOfGroup(this.groups.length);
  }

  /** How high a card is, unless it is higher than others; undefined = there is no such card. */
  cardHeight(card: string): number | undefined {
    const place = this.placeOf(card);
    return place && this.formOf(place.group).cardHeight;
  }

  /** Where the row of a card begins; that of the head of its group while it is closed. undefined = there is no such card. */
  topOf(card: string): { top: number; open: boolean } | undefined {
    const place = this.placeOf(card);
    if (!place) return undefined;
    const { group, row } = place;
    const open = this.isOpen(group);
    return { top: this.topOfGroup(group) + (open ? this.topOfRow(group, row) : 0), open };
  }

  /** The first card of the row at a height; in the head of a group, of its first row. */
  cardAt(y: number): string | undefined {
    const i = Math.min(this.groups.length - 1, this.groupAt(y));
    const group = this.groups[i];
    if (!group) return undefined;
    const row = this.rowAt(i, y - this.topOfGroup(i));
    return group.cards[Math.max(0, Math.min(row, this.rowCount(i) - 1)) * this.columnsOf(i)] ?? group.cards[0];
  }

  /** What has to exist for the part from one height to another to be seen; rows of `kept` cards exist anyhow. */
  sections(from: number, to: number, kept: readonly string[]): (Section | Gap)[] {
    const keptRows = new Map<number, Set<number>>();
    for (const card of kept) {
      const place = this.placeOf(card);
      if (place) keptRows.set(place.group, (keptRows.get(place.group) ?? new Set()).add(place.row));
    }
    const [first, last] = [this.groupAt(from), Math.min(this.groups.length - 1, this.groupAt(to))];
    const wanted = new Set(keptRows.keys());
    for (let i = first; i <= last; i++) wanted.add(i);
    const sections: (Section | Gap)[] = [];
    let end = 0;
    for (const i of [...wanted].sort((a, b) => a - b)) {
      if (i > end) sections.push({ gap: this.topOfGroup(i) - this.topOfGroup(end) });
      const top = this.topOfGroup(i);
      sections.push(this.section(i, from - top, to - top, keptRows.get(i) ?? new Set()));
      end = i + 1;
    }
    if (end < this.groups.length) sections.push({ gap: this.height - this.topOfGroup(end) });
    return sections;
  }

  private section(i: number, from: number, to: number, rows: Set<number>): Section {
    const group = this.groups[i] as CardGroup;
    const [count, columns] = [this.rowCount(i), this.columnsOf(i)];
    const [first, last] = [Math.max(0, this.rowAt(i, from)), Math.min(count - 1, this.rowAt(i, to))];
    for (let row = first; row <= last; row++) rows.add(row);
    const items: (string | Gap)[] = [];
    let end = 0;
    for (const row of [...rows].sort((a, b) => a - b)) {
      if (row >= count) break;
      if (row > end) items.push({ gap: this.topOfRow(i, row) - this.topOfRow(i, end) });
      items.push(...group.cards.slice(row * columns, (row + 1) * columns));
      end = row + 1;
    }
    if (end < count) items.push({ gap: this.topOfRow(i, count) - this.topOfRow(i, end) });
    return { group, open: this.isOpen(i), columns, items };
  }

  private isOpen(group: number): boolean {
    return !this.closed.has((this.groups[group] as CardGroup).name);
  }

  private formOf(group: number): Form {
    return this.formsOf[group] as Form;
  }

  /** Few cards share the whole width. */
  private columnsOf(group: number): number {
    return Math.min(this.formOf(group).columns, (this.groups[group] as CardGroup).cards.length);
  }

  private rowCount(group: number): number {
    const { cards } = this.groups[group] as CardGroup;
    return this.isOpen(group) ? Math.ceil(cards.length / this.columnsOf(group)) : 0;
  }

  private topOfGroup(group: number): number {
    return this.tops[group] as number;
  }

  /** Within its group. */
  private topOfRow(group: number, row: number): number {
    let top = this.measures.headHeight + row * this.formOf(group).cardHeight;
    for (const [at, extra] of this.extras.get(group) ?? []) if (at < row) top += extra;
    return top;
  }

  /** The last group that begins at or above a height. */
  private groupAt(y: number): number {
    return lastBelow(this.groups.length, (i) => this.topOfGroup(i) <= y);
  }

  /** The last row that begins at or above a height within its group; −1 = it is in the head. */
  private rowAt(group: number, y: number): number {
    const count = this.rowCount(group);
    return this.topOfRow(group, 0) > y ? -1 : lastBelow(count, (row) => this.topOfRow(group, row) <= y);
  }

  private placeOf(card: string): { group: number; row: number } | undefined {
    const name = this.groupOf(card);
    const group = this.groups.findIndex((one) => one.name === name);
    const at = this.groups[group]?.cards.indexOf(card) ?? -1;
    return at < 0 ? undefined : { group, row: Math.floor(at / this.columnsOf(group)) };
  }
}

/** The last of `count` numbers from 0 for which something is true that is true up to some number; 0 if it never is. */
function lastBelow(count: number, isTrue: (i: number) => boolean): number {
  let [low, high] = [0, count];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (isTrue(middle)) low = middle;
    else high = middle;
  }
  return low;
}
