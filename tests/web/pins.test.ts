import { expect, test } from 'vitest';
import { isPinnedGroup, pinnedGroupOf, withPinned } from '../../web/src/views/cards/pins';

const groups = [
  { name: 'loss', cards: ['loss/a', 'loss/b'] },
  { name: 'sound', cards: ['sound/a'], form: 'row' },
  { name: 'acc', cards: ['acc/a', 'acc/b'] },
];

test('without pins the groups are the same', () => {
  expect(withPinned(groups, [])).toBe(groups);
  expect(withPinned(groups, ['gone'])).toBe(groups);
});

test('pinned cards come first, in the order they were pinned, and once', () => {
  expect(withPinned(groups, ['acc/b', 'gone', 'loss/a'])).toEqual([
    { name: pinnedGroupOf(undefined), cards: ['acc/b', 'loss/a'], form: undefined },
    { name: 'loss', cards: ['loss/b'], pinned: 1 },
    { name: 'sound', cards: ['sound/a'], form: 'row', pinned: 0 },
    { name: 'acc', cards: ['acc/a'], pinned: 1 },
  ]);
});

test('cards of another form are in a group of their own, and a group without cards is gone', () => {
  const [plain, rows, ...rest] = withPinned(groups, ['loss/a', 'sound/a']);
  expect(plain).toMatchObject({ cards: ['loss/a'] });
  expect(rows).toMatchObject({ cards: ['sound/a'], form: 'row', name: pinnedGroupOf('row') });
  expect(rest.map(({ name }) => name)).toEqual(['loss', 'acc']);
  expect(isPinnedGroup(pinnedGroupOf('row'))).toBe(true);
  expect(isPinnedGroup('loss')).toBe(false);
});
