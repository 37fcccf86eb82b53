import { describe, expect, test } from 'vitest';
import { groupOf, groupTags, UNGROUPED, wideGroupOf } from '../../web/src/model/tag_groups';
import { CardGrid, type CardGroup, type Gap, type Measures, type Section } from '../../web/src/views/cards/card_grid';
import { Random } from './random';

const groupsOf = (tags: readonly string[]): CardGroup[] =>
  groupTags(tags).map(({ name, tags: cards }) => ({ name, cards }));

const isGap = (item: unknown): item is Gap => typeof item === 'object' && item !== null && 'gap' in item;

interface Case {
  grid: CardGrid;
  measures: Measures;
  extra: Map<string, number>;
  /** Where the row of every tag of an open group begins, and its height. */
  rows: Map<string, { top: number; height: number }>;
  height: number;
}

function randomCase(random: Random): Case {
  const tags = [
    ...new Set(random.list(120, () => `group${random.below(random.pick([1, 4, 40]))}/${random.below(200)}`)),
  ];
  const groups = groupsOf(tags.sort()).map((group) => (random.next() < 0.3 ? { ...group, form: 'row' } : group));
  const closed = new Set(groups.map(({ name }) => name).filter(() => random.next() < 0.2));
  const usual = { columns: 1 + random.below(5), cardHeight: 290 };
  const row = { columns: 1, cardHeight: 77 };
  const measures = { ...usual, headHeight: 28, forms: new Map([['row', row]]) };
  const extra = new Map(
    random.list(3, () => [random.pick(tags.length > 0 ? tags : ['']), 18 * (1 + random.below(90))]),
  );
  const rows = new Map<string, { top: number; height: number }>();
  let height = 0;
  for (const group of groups) {
    height += 28;
    if (closed.has(group.name)) continue;
    const { columns, cardHeight } = 'form' in group ? row : usual;
    for (let i = 0; i < group.cards.length; i += columns) {
      const row = group.cards.slice(i, i + columns);
      const rowHeight = cardHeight + Math.max(0, ...row.map((tag) => extra.get(tag) ?? 0));
      for (const tag of row) rows.set(tag, { top: height, height: rowHeight });
      height += rowHeight;
    }
  }
  return { grid: new CardGrid(groups, groupOf, closed, measures, extra), measures, extra, rows, height };
}

/** Lays the sections out as the page does: where each tag that exists comes to lie, and the height of all. */
function layOut(sections: readonly (Section | Gap)[], { extra }: Case) {
  const places = new Map<string, number>();
  let [at, elements] = [0, 0];
  for (const section of sections) {
    elements++;
    if (isGap(section)) {
      at += section.gap;
      continue;
    }
    at += 28;
    for (let i = 0; i < section.items.length;) {
      const item = section.items[i] as string | Gap;
      elements++;
      if (isGap(item)) {
        at += item.gap;
        i++;
        continue;
      }
      const row: string[] = [];
      while (row.length < section.columns && typeof section.items[i] === 'string')
        row.push(section.items[i++] as string);
      for (const tag of row) places.set(tag, at);
      elements += row.length;
      at += (section.group.form === undefined ? 290 : 77) + Math.max(0, ...row.map((tag) => extra.get(tag) ?? 0));
    }
  }
  return { places, height: at, elements };
}

describe('the grid of cards', () => {
  test('has every row that is seen or kept, in its place, and the height of all', () => {
    const random = new Random(11);
    for (let round = 0; round < 200; round++) {
      const one = randomCase(random);
      const { grid, rows, height } = one;
      expect(grid.height).toBe(height);
      const from = random.next() * height * 1.2 - height * 0.1;
      const to = from + random.below(2000);
      const kept = [...rows.keys()].filter(() => random.next() < 0.02);
      const { places, height: laidOut } = layOut(grid.sections(from, to, kept), one);
      expect(laidOut).toBe(height);
      for (const [tag, { top, height: rowHeight }] of rows) {
        if (kept.includes(tag) || (top + rowHeight > from && top < to)) expect(places.has(tag)).toBe(true);
        if (places.has(tag)) expect(places.get(tag)).toBe(top);
        expect(grid.topOf(tag)).toEqual({ top, open: true });
      }
    }
  });

  test('finds the card at a height', () => {
    const random = new Random(12);
    for (let round = 0; round < 100; round++) {
      const { grid, rows } = randomCase(random);
      for (const { top, height } of rows.values()) {
        for (const y of [top, top + 1, top + height - 1]) {
          const found = grid.cardAt(y);
          expect(found !== undefined && rows.get(found)?.top).toBe(top);
        }
      }
    }
    expect(
      new CardGrid([], groupOf, new Set(), { columns: 3, cardHeight: 290, headHeight: 28 }).cardAt(0),
    ).toBeUndefined();
  });

  test.each([
    ['in ten groups', (i: number) => `group${i % 10}/tag${i}`],
    ['in as many groups', (i: number) => `tag${i}`],
  ])('of 50,000 tags %s has few elements', (_, name) => {
    const groups = groupsOf(Array.from({ length: 50_000 }, (__, i) => name(i)).sort());
    const measures = { columns: 3, cardHeight: 290, headHeight: 28 };
    const grid = new CardGrid(groups, groupOf, new Set(), measures);
    for (let y = 0; y < grid.height; y += grid.height / 100) {
      const sections = grid.sections(y - 640, y + 1400, [name(7), name(49_999)]);
      const items = sections.flatMap((section) => (isGap(section) ? [section] : [section, ...section.items]));
      expect(items.length).toBeLessThan(60);
    }
  });
});

test('tags without a group may be in one, which is that of no other tag', () => {
  const tags = ['', '/', '//', 'a', 'a/b', 'b', 'b/c/d'];
  const groups = groupTags(tags, wideGroupOf);
  expect(groups.find(({ name }) => name === UNGROUPED)?.tags).toEqual(['', 'a', 'b']);
  expect(groups.filter(({ name }) => name !== UNGROUPED)).toEqual(groupTags(tags.filter((tag) => tag.includes('/'))));
});
