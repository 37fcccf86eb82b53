import { describe, expect, test } from 'vitest';
import type { CellMatch, Embeddings, MetadataFacts } from '../../web/src/engine/embeddings/embeddings';
import type { PointFacts, ProjectionFrame } from '../../web/src/engine/projections/projections';
import { readAxes, readProjection, rowsOf, writtenAxes, writtenRows } from '../../web/src/model/projector_fields';
import { createState } from '../../web/src/model/state';
import { LabelBook } from '../../web/src/views/projector/label_book';
import { areOnOnePlace, inSpace, placesOf } from '../../web/src/views/projector/places';
import { rowsNamed, rowsOfTerms } from '../../web/src/views/projector/point_terms';
import { columnNamed, pointsOf } from '../../web/src/views/projector/open_embedding';
import { noteText, progressText } from '../../web/src/views/projector/projector_text';
import { Random } from './random';

const frame = (columns: number, positions: number[]): ProjectionFrame => ({
  progress: { method: 'pca', stage: 'done', step: 0, of: 0, columns, kl: null, explained: [], recall: null, notes: [] },
  positions: Float32Array.from(positions),
});
const points = (count: number): PointFacts => ({
  set: 1,
  points: count,
  dimensions: 2,
  excludedCount: 0,
  excluded: [],
  constant: false,
  leading: [0, 1, 2],
});

describe('places of points', () => {
  test('are the columns that are asked for', () => {
    const four = frame(4, [1, 2, 3, 4, 5, 6, 7, 8]);
    expect([...placesOf(four, [3, 0, 1], true).values]).toEqual([4, 1, 2, 8, 5, 6]);
    expect([...placesOf(four, [3, 0, 1], false).values]).toEqual([4, 1, 8, 5]);
  });

  test('are 0 along what there is not, and nowhere where a point is left out', () => {
    const one = frame(1, [1, NaN, 3]);
    expect([...placesOf(one, [0, 1, 2], true).values]).toEqual([1, 0, 0, NaN, NaN, NaN, 3, 0, 0]);
    expect([...inSpace(placesOf(one, [0, 1], false))]).toEqual([1, 0, 0, NaN, NaN, 0, 3, 0, 0]);
    expect(placesOf(frame(0, []), [0, 1, 2], true).values.length).toBe(0);
  });
});

describe('rows in a link', () => {
  test('come back, whatever they are', () => {
    const random = new Random(5);
    for (let i = 0; i < 300; i++) {
      const rows = [...new Set(random.list(40, () => Math.floor(random.next() * 60)))];
      expect(rowsOf(writtenRows(rows))).toEqual(rows);
    }
    expect(writtenRows([3, 4, 5, 9, 1])).toBe('3-5 9 1');
  });

  test('what is no row is left out, and no range fills the memory', () => {
    expect(rowsOf('x 3 5- -2 7-9 4294967295 4294967296')).toEqual([3, 7, 8, 9, 4294967295]);
    expect(rowsOf('0-4294967295')).toEqual([]);
    expect(rowsOf('9-3')).toEqual([]);
    expect(rowsOf('')).toEqual([]);
  });
});

test('points that cover each other are told from those that do not', () => {
  const isOne = (...values: number[]) => areOnOnePlace({ values: Float32Array.from(values), columns: 2 });
  expect(isOne(1, 2, NaN, NaN, 1, 2)).toBe(true);
  expect(isOne(1, 2, 1, 2.5)).toBe(false);
  expect(isOne(1, 2)).toBe(false);
  expect(isOne()).toBe(false);
});

test('what a link says of projections is kept only if it can be', () => {
  const before = createState().projectionSettings.value;
  expect(readProjection('perplexity:1000 neighbours:2.5 minDistance:-1 seed:-1 metric:odd components:0-1', before)).toEqual(before); // prettier-ignore
  expect(readProjection('perplexity:12.5 seed:7 metric:dot components:4-0-9', before)).toMatchObject({
    perplexity: 12.5,
    seed: 7,
    metric: 'dot',
    components: [4, 0, 9],
  });
  const axes = readAxes(['=3', '', '<a', 'b'], before.axes);
  expect(axes).toEqual([{ kind: 'dimension', index: 3 }, { kind: 'between', from: 'a', to: 'b' }, before.axes[2]]);
  expect(writtenAxes(before.axes)).toBeUndefined();
});

describe('points that are typed', () => {
  test('are rows by their number, or what a search finds', async () => {
    expect(rowsNamed('#12')).toEqual([12]);
    expect(rowsNamed('#1, #4-6')).toEqual([1, 4, 5, 6]);
    expect(rowsNamed('12')).toBeUndefined();
    const reader = {
      search: (_: number, { text }: CellMatch) => Promise.resolve(Uint32Array.from(text === 'cat' ? [1, 2] : [])),
    } as unknown as Embeddings;
    const metadata = { table: 1, rows: 4, columns: [], next: -1 } as unknown as MetadataFacts;
    const open = { rows: Uint32Array.of(0, 2, 5, 9), points: points(4), metadata };
    const { signal } = new AbortController();
    expect(await rowsOfTerms(reader, open, '#5 #6', signal)).toEqual({ points: [2], problem: '' });
    expect(await rowsOfTerms(reader, open, 'cat', signal)).toEqual({ points: [1, 2], problem: '' });
    expect((await rowsOfTerms(reader, open, 'dog', signal)).problem).toBe('No point matches “dog”');
    expect(await rowsOfTerms(reader, open, ' ', signal)).toEqual({ points: [], problem: '' });
  });

  test('rows that were left out are no points', () => {
    expect(pointsOf({ rows: Uint32Array.of(0, 2, 5), points: points(3) }, [5, 1, 0, 7])).toEqual([2, 0]);
    expect(pointsOf({ rows: undefined, points: points(3) }, [2, 3])).toEqual([2]);
  });
});

test('the column of labels is the one that is named, else the first of words', () => {
  const columns = [
    { name: 'n', type: 'number' },
    { name: 'word', type: 'text' },
  ];
  const metadata = { columns } as unknown as MetadataFacts;
  expect(columnNamed(metadata, '')).toBe(1);
  expect(columnNamed(metadata, 'n')).toBe(0);
  expect(columnNamed(metadata, 'gone')).toBe(1);
  expect(columnNamed(undefined, '')).toBe(-1);
});

test('labels come by pages, each asked for once', async () => {
  const asked: [number, number][] = [];
  const book = new LabelBook(2500, (from, count) => {
    asked.push([from, count]);
    return Promise.resolve(Array.from({ length: count }, (_, i) => `label ${from + i}`));
  });
  expect(book.get(2400)).toBeUndefined();
  expect(book.get(2499)).toBeUndefined();
  expect(book.get(2500)).toBeUndefined();
  await Promise.resolve();
  await Promise.resolve();
  expect(book.version.value).toBe(1);
  expect(book.get(2499)).toBe('label 2499');
  expect(asked).toEqual([[2000, 500]]);
});

test('progress says what is done', () => {
  const progress = { ...frame(2, []).progress, method: 'umap' as const, stage: 'layout' as const, step: 312, of: 500 };
  expect(progressText(progress, 'running', 46.2)).toBe('epoch 312 of 500 · 46/s');
  expect(progressText({ ...progress, stage: 'neighbours', step: 1, of: 4 }, 'running', 0)).toBe(
    'Finding neighbours 25 %',
  );
  expect(progressText({ ...progress, stage: 'done', recall: 0.95, kl: 1.5, method: 'tsne' }, 'off', 0)).toBe('step 312 of 500 · KL 1.50 · 95 % of neighbours found'); // prettier-ignore
  expect(progressText(progress, 'off', 0)).toBe('Ended at epoch 312 of 500');
  expect(progressText({ ...progress, stage: 'start' }, 'off', 0)).toBe('Ended before its first epoch');
  expect(noteText({ kind: 'perplexity_lowered', value: 3 })).toContain('3');
});
