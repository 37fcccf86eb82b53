import { expect, test } from 'vitest';
import { Fault } from '../../web/src/faults/fault';
import { sortRows, type MetadataSource } from '../../web/src/views/projector/sort_rows';
import { Random } from './random';

/** A column of numbers and one of texts. */
function sourceOf(numbers: readonly number[], texts: readonly string[]): MetadataSource {
  const column = { name: '', distinct: 1, empty: 0 };
  return {
    facts: {
      table: 1, rows: texts.length, fileRows: texts.length, hasHeader: true, next: -1, faults: [],
      columns: [{ ...column, type: 'number' }, { ...column, type: 'text' }],
    },
    rowOf: (row) => row,
    texts: (_, from, count) => Promise.resolve(texts.slice(from, from + count)),
    numbers: () => Promise.resolve(Float64Array.from(numbers)),
  }; // prettier-ignore
}

const LIVE = new AbortController().signal;
const rowsTo = (count: number) => Uint32Array.from({ length: count }, (_, i) => i);

test('numbers, with NaN last in either direction', async () => {
  const source = sourceOf([3, NaN, -1, Infinity, 3], ['', '', '', '', '']);
  const sorted = async (descending: boolean) => [...(await sortRows(source, rowsTo(5), { column: 0, descending }, LIVE))]; // prettier-ignore
  expect(await sorted(false)).toEqual([2, 0, 4, 3, 1]);
  expect(await sorted(true)).toEqual([3, 0, 4, 2, 1]);
});

test('texts, whatever the case, of some rows', async () => {
  const source = sourceOf([], ['b', 'A', '', 'a', 'B', 'c']);
  const rows = Uint32Array.of(0, 1, 2, 3, 5);
  expect([...(await sortRows(source, rows, { column: 1, descending: false }, LIVE))]).toEqual([1, 3, 0, 5, 2]);
  expect([...(await sortRows(source, rows, { column: 1, descending: true }, LIVE))]).toEqual([5, 0, 1, 3, 2]);
  expect([...(await sortRows(source, rows, { column: -1, descending: true }, LIVE))]).toEqual([5, 3, 2, 1, 0]);
  expect([...rows]).toEqual([0, 1, 2, 3, 5]);
});

test('many rows are sorted as few are', async () => {
  const random = new Random(5);
  for (const count of [0, 1, 4096, 4097, 30_000]) {
    const numbers = Array.from({ length: count }, () => (random.next() < 0.1 ? NaN : random.below(500)));
    const texts = numbers.map((number) => (Number.isNaN(number) ? '' : String(number)));
    const source = sourceOf(numbers, texts);
    const rows = rowsTo(count).filter(() => random.next() < 0.9);
    const placeOf = (row: number) => (Number.isNaN(numbers[row]) ? Infinity : (numbers[row] as number));
    const expected = [...rows].sort((a, b) => (placeOf(a) === placeOf(b) ? 0 : placeOf(a) - placeOf(b)));
    expect([...(await sortRows(source, rows, { column: 0, descending: false }, LIVE))]).toEqual(expected);
    const byText = await sortRows(source, rows, { column: 1, descending: false }, LIVE);
    const textAt = (row: number) => texts[row] || '\uffff';
    expect([...byText].map(textAt)).toEqual([...rows].map(textAt).sort());
  }
});

test('can be called off', async () => {
  const abort = new AbortController();
  const sorting = sortRows(sourceOf([], Array<string>(50_000).fill('a')), rowsTo(50_000), { column: 1, descending: false }, abort.signal); // prettier-ignore
  abort.abort();
  await expect(sorting).rejects.toEqual(new Fault({ code: 'cancelled' }));
});
