import { describe, expect, test } from 'vitest';
import { Fault } from '../../web/src/engine/fault';
import { findRows, readQuery } from '../../web/src/views/projector/row_search';

const column = (name: string) => ({ name, type: 'text' as const, distinct: 1, empty: 0 });
const FACTS = { columns: [column('class'), column('Predicted'), column('predicted')] };

describe('queries', () => {
  const kindOf = (text: string, isPattern = false) => {
    const query = readQuery(text, isPattern, FACTS);
    return query.kind === 'pattern' ? query.columns : query.kind;
  };

  test('what is a pattern, and of which columns', () => {
    expect(kindOf('  ')).toBe('none');
    expect(kindOf('tiger')).toBe('plain');
    expect(kindOf('class:tiger')).toBe('plain');
    expect(kindOf('p > 3')).toBe('plain');
    expect(kindOf('/tig.r/')).toEqual([0, 1, 2]);
    expect(kindOf('tig.r', true)).toEqual([0, 1, 2]);
    expect(kindOf('CLASS: /tig.r/')).toEqual([0]);
    expect(kindOf('predicted:tig.r', true)).toEqual([2]);
    expect(kindOf('PREDICTED:tig.r', true)).toEqual([1]);
  });

  test('what names no column is text', () => {
    expect(kindOf('(?:a|b)', true)).toEqual([0, 1, 2]);
    expect(kindOf('other:/a/')).toBe('plain');
    expect(kindOf('/')).toBe('plain');
    expect(kindOf('/half typed')).toBe('plain');
  });

  test('a pattern that cannot be used says why', () => {
    expect(readQuery('/a(/', false, FACTS)).toEqual({ kind: 'bad', error: 'Bad pattern: unterminated group' });
    expect(readQuery('(?=a)', true, FACTS)).toMatchObject({ error: 'Bad pattern: look-around is not supported' });
  });
});

describe('rows', () => {
  /** Two columns; what was asked of them. */
  const embeddingsOf = (cells: readonly [string, string][]) => {
    const asked: [column: number, from: number, count: number][] = [];
    return {
      asked,
      search: (_: number, query: string) =>
        Promise.resolve(Uint32Array.from(cells.flatMap(([cell], i) => (cell.includes(query) ? [i] : [])))),
      texts: (_: number, column: number, from: number, count: number) => {
        asked.push([column, from, count]);
        return Promise.resolve(cells.slice(from, from + count).map((row) => row[column] as string));
      },
    };
  };
  const find = (cells: readonly [string, string][], text: string, signal = new AbortController().signal) => {
    const embeddings = embeddingsOf(cells);
    const facts = { table: 7, rows: cells.length, columns: [column('a'), column('b')] };
    return { ...embeddings, found: findRows(embeddings, facts, readQuery(text, false, facts), signal) };
  };

  test('in any column, in order, each once', async () => {
    const cells: [string, string][] = [['Tiger', 'cat'], ['fox', 'red'], ['cat', 'tiger'], ['tiger', 'TIGER']]; // prettier-ignore
    expect([...(await find(cells, '/^tig.r$/').found)]).toEqual([0, 2, 3]);
    expect([...(await find(cells, 'b:/^t/').found)]).toEqual([2, 3]);
    expect([...(await find(cells, 'cat').found)]).toEqual([2]);
    expect([...(await find(cells, '').found)]).toEqual([]);
  });

  test('cells are asked for in slices', async () => {
    const cells = Array.from({ length: 20_001 }, (_, i): [string, string] => [`row ${i}`, '']);
    const { found, asked } = find(cells, 'a:/^row 20000$/');
    expect([...(await found)]).toEqual([20_000]);
    expect(asked).toEqual([
      [0, 0, 10_000],
      [0, 10_000, 10_000],
      [0, 20_000, 1],
    ]);
  });

  test('a pattern that browsers would never end with', async () => {
    expect(await find([['a'.repeat(3000), '']], '/^(a|a)*b$/').found).toHaveLength(0);
  });

  test('can be called off', async () => {
    const abort = new AbortController();
    const { found, asked } = find(Array<[string, string]>(30_000).fill(['a', 'b']), '/b/', abort.signal);
    abort.abort();
    await expect(found).rejects.toEqual(new Fault({ code: 'cancelled' }));
    expect(asked).toHaveLength(1);
  });
});
