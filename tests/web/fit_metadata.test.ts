import { expect, test } from 'vitest';
import { fitCategories, fitNumbers } from '../../web/src/views/projector/fit_metadata';
import { flippedTo } from '../../web/src/views/projector/places';
import { inOrder } from '../../web/src/model/embedding_order';
import { usualColour } from '../../web/src/views/projector/open_embedding';
import type { Embedding, MetadataColumn } from '../../web/src/engine/embeddings/embeddings';

const categories = {
  values: [
    { text: 'a', count: 2 },
    { text: 'b', count: 1 },
  ],
  of: Int32Array.of(0, 1, 0),
};

test('points beyond the metadata have no value, and metadata beyond the points is of none', () => {
  expect(fitCategories(categories, 3)).toEqual(categories);
  const longer = fitCategories(categories, 5);
  expect([...longer.of]).toEqual([0, 1, 0, 2, 2]);
  expect(longer.values).toEqual([
    { text: 'a', count: 2 },
    { text: 'b', count: 1 },
    { text: '', count: 2 },
  ]);
  const shorter = fitCategories(categories, 1);
  expect([...shorter.of]).toEqual([0]);
  expect(shorter.values.map(({ count }) => count)).toEqual([1, 0, 0]);
  expect([...fitNumbers(Float64Array.of(1, 2), 3)]).toEqual([1, 2, NaN]);
  expect([...fitNumbers(Float64Array.of(1, 2), 1)]).toEqual([1]);
});

test('an axis is turned round if it is nearer then', () => {
  const to = { values: Float32Array.of(1, 1, -1, 2), columns: 2 as const };
  const from = { values: Float32Array.of(-2, 3, 2, NaN), columns: 2 as const };
  expect([...flippedTo(from, to).values]).toEqual([2, 3, -2, NaN]);
});

test('what is named for the projector comes first, what an optimiser keeps last', () => {
  const one = (name: string, origin: Embedding['origin'], metadata?: string): Embedding => ({
    run: '.',
    name,
    label: name,
    origin,
    dtype: '',
    steps: [{ step: NaN, place: { kind: 'file', path: name, form: 'npy' }, problems: [], isReadable: true, ...(metadata && { metadata }) }], // prettier-ignore
  });
  const names = inOrder([
    one('optimizer/vars/1', 'weights'),
    one('dense', 'weights'),
    one('plain', 'config'),
    one('labelled', 'config', 'm.tsv'),
  ]).map(({ name }) => name);
  expect(names).toEqual(['labelled', 'plain', 'dense', 'optimizer/vars/1']);
});

test('colours are of the column that is called so, else of few classes, else of numbers, never of names', () => {
  const column = (name: string, type: MetadataColumn['type'], distinct: number, more: Partial<MetadataColumn> = {}): MetadataColumn => ({ name, type, distinct, empty: 0, ...more }); // prettier-ignore
  const chosen = (columns: MetadataColumn[], rows = 1000, next = -1) =>
    columns[usualColour({ columns, rows, next })]?.name;
  const id = column('nth', 'number', 1000, { min: 0, max: 999 });
  const score = column('score', 'number', 980, { min: 0, max: 1 });
  const parity = column('parity', 'category', 2);
  expect(chosen([parity, column('label', 'number', 10, { min: 0, max: 9 })])).toBe('label');
  expect(chosen([parity, column('Class_name', 'category', 10)])).toBe('Class_name');
  expect(chosen([column('word', 'text', 900), parity])).toBe('parity');
  expect(chosen([column('country', 'category', 45), parity])).toBe('parity');
  // Two classes say little.
  expect(chosen([parity, column('digit', 'number', 10, { min: 0, max: 9 })])).toBe('digit');
  expect(chosen([score, column('country', 'category', 45)])).toBe('country');
  expect(chosen([id, column('user_id', 'number', 700, { min: 3, max: 9000 }), score])).toBe('score');
  expect(chosen([column('target', 'number', 900, { min: -1, max: 1 }), parity])).toBe('target');
  expect(chosen([column('label', 'text', 900), id])).toBe(undefined);
  // Few rows, all of another name; one value, and nothing.
  expect(chosen([column('label', 'category', 17)], 17)).toBe(undefined);
  expect(chosen([column('split', 'category', 2, { empty: 3 }), column('of', 'number', 1, { min: 2, max: 2 })])).toBe(undefined); // prettier-ignore
  expect(chosen([column('__next__', 'number', 400, { min: 1, max: 999 })], 1000, 0)).toBe(undefined);
  expect(usualColour(undefined)).toBe(-1);
});
