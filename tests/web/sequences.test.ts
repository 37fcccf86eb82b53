import { expect, test } from 'vitest';
import { sequencePairs } from '../../web/src/views/projector/sequences';
import { ended } from './ended';

const pairs = (next: number[], fileRows = next.length, rows?: number[], empty = 0) => {
  const found = ended(sequencePairs(Float64Array.from(next), empty, fileRows, rows && Uint32Array.from(rows)));
  return { pairs: [...found.pairs], bad: found.bad };
};

test('cells are rows of the file', () => {
  expect(pairs([1, 2, NaN], 3, undefined, 1)).toEqual({ pairs: [0, 1, 1, 2], bad: 0 });
  expect(pairs([2, 0, -1, 1])).toEqual({ pairs: [0, 2, 1, 0, 3, 1], bad: 0 });
});

test('cycles and rows that follow themselves', () => {
  expect(pairs([1, 0, 2])).toEqual({ pairs: [0, 1, 1, 0], bad: 0 });
});

test('rows that were left out have no lines', () => {
  // Rows 1 and 4 of six are not there.
  expect(pairs([1, 3, 5, NaN], 6, [0, 2, 3, 5], 1)).toEqual({ pairs: [1, 2, 2, 3], bad: 0 });
});

test('cells that name no row are counted', () => {
  // One of the two that are no number is empty.
  expect(pairs([7, 1.5, -2, Infinity, NaN, NaN, 0], 7, undefined, 1)).toEqual({ pairs: [6, 0], bad: 5 });
});
