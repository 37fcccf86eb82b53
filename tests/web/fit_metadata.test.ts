import { expect, test } from 'vitest';
import { fitCategories, fitNumbers } from '../../web/src/views/projector/fit_metadata';
import { flippedTo } from '../../web/src/views/projector/places';
import { inOrder } from '../../web/src/model/embedding_order';
import { classColumn } from '../../web/src/views/projector/open_embedding';
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

test('colours are of the column that is called so, else of the first with classes', () => {
  const column = (name: string, type: MetadataColumn['type'], distinct: number): MetadataColumn => ({ name, type, distinct, empty: 0 }); // prettier-ignore
  expect(classColumn([column('parity', 'category', 2), column('label', 'number', 10)])).toBe(1);
  expect(classColumn([column('word', 'text', 900), column('kind', 'category', 3)])).toBe(1);
  expect(classColumn([column('label', 'text', 900)])).toBe(-1);
});
