import { expect, test } from 'vitest';
import { seenFirst } from '../../web/src/views/scalars/readout';
import { Random } from './random';

const rows = (tops: readonly number[], hot: readonly number[] = []) =>
  tops.map((top, i) => ({ name: i, top, hot: hot.includes(i) }));
const names = (all: readonly { name: number }[]): number[] => all.map(({ name }) => name);

test('without a pointer the rows keep their order, with what stands out among the three that are seen', () => {
  expect(names(seenFirst(rows([9, 1, 5, 3, 7]), undefined))).toEqual([0, 1, 2, 3, 4]);
  expect(names(seenFirst(rows([9, 1, 5, 3, 7], [1]), undefined))).toEqual([0, 1, 2, 3, 4]);
  expect(names(seenFirst(rows([9, 1, 5, 3, 7], [4]), undefined))).toEqual([0, 1, 4, 2, 3]);
});

test('the three nearest the pointer are seen, each part in order', () => {
  const random = new Random(3);
  for (let round = 0; round < 100; round++) {
    const all = rows(random.list(8, () => (random.below(5) === 0 ? Infinity : random.below(100))));
    const found = seenFirst(all, 50);
    expect([...names(found)].sort()).toEqual(names(all));
    const away = ({ top }: { top: number }): number => Math.abs(top - 50);
    const [seen, rest] = [found.slice(0, 3), found.slice(3)];
    expect(Math.max(0, ...seen.map(away))).toBeLessThanOrEqual(Math.min(Infinity, ...rest.map(away)));
    for (const part of [seen, rest]) expect(names(part)).toEqual([...names(part)].sort());
  }
});
