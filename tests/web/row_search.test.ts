import { describe, expect, test } from 'vitest';
import type { CellMatch } from '../../web/src/engine/embeddings/embeddings';
import { Fault } from '../../web/src/faults/fault';
import {
  endsInPattern,
  findRows,
  readQuery,
  unknownColumn,
  withPatternToggled,
} from '../../web/src/views/projector/row_search';

const column = (name: string) => ({ name, type: 'text' as const, distinct: 1, empty: 0 });
const FACTS = { columns: [column('class'), column('Predicted'), column('predicted')] };

describe('queries', () => {
  /** Each term: its column, and how it is matched. */
  const termsOf = (text: string, columns = FACTS.columns) =>
    readQuery(text, { columns }).terms.map((term) =>
      term.kind === 'pattern' ? term.columns : [term.column, term.match, term.text],
    );
  const errorOf = (text: string) => readQuery(text, FACTS).error;

  test('text is of any column, a name with a sign behind it of one', () => {
    expect(termsOf('  ')).toEqual([]);
    expect(termsOf(' big tiger ')).toEqual([[-1, 'has', 'big tiger']]);
    expect(termsOf('class:big tiger')).toEqual([[0, 'has', 'big tiger']]);
    expect(termsOf('CLASS : tiger')).toEqual([[0, 'has', 'tiger']]);
    expect(termsOf('predicted = a')).toEqual([[2, '=', 'a']]);
    expect(termsOf('PREDICTED==a')).toEqual([[1, '=', 'a']]);
    expect(termsOf('class>=3')).toEqual([[0, '>=', '3']]);
    expect(termsOf('class =')).toEqual([[0, '=', '']]);
  });

  test('what names no column is text', () => {
    expect(termsOf('other:a b > 3')).toEqual([[-1, 'has', 'other:a b > 3']]);
    expect(termsOf('subclass:a')).toEqual([[-1, 'has', 'subclass:a']]);
    expect(termsOf('other:/a/')).toEqual([[-1, 'has', 'other:/a/']]);
    expect(termsOf('first class')).toEqual([[-1, 'has', 'first class']]);
  });

  test('what would name a column that there is not is told', () => {
    const unknown = (text: string) => unknownColumn(text, FACTS);
    expect(unknown('nosuch:7')).toBe('nosuch');
    expect(unknown('big nosuch : 7')).toBe('nosuch');
    expect(unknown('class:7 other.name:3')).toBe('other.name');
    for (const text of ['class:7', '"nosuch:7"', 'class:"a b:c"', '/a:b/', 'http://a', '12:30', 'class = a:b', ''])
      expect(unknown(text)).toBeUndefined();
  });

  test('several stand one behind the other', () => {
    expect(termsOf('class:7 predicted:odd Predicted > 3')).toEqual([[0, 'has', '7'], [2, 'has', 'odd'], [1, '>', '3']]); // prettier-ignore
    expect(termsOf('big cat class:a b  predicted != 3 ')).toEqual([[-1, 'has', 'big cat'], [0, 'has', 'a b'], [2, '!=', '3']]); // prettier-ignore
    expect(termsOf('class: predicted:a')).toEqual([
      [0, 'has', ''],
      [2, 'has', 'a'],
    ]);
  });

  test('names may hold spaces, and the longest one counts; a column without one goes by its title', () => {
    const columns = ['', 'size', 'size (cm)', ''].map(column);
    expect(termsOf('size (cm) > 2 size < 3', columns)).toEqual([
      [2, '>', '2'],
      [1, '<', '3'],
    ]);
    expect(termsOf('label:a column 4:b', columns)).toEqual([
      [0, 'has', 'a'],
      [3, 'has', 'b'],
    ]);
  });

  test('what is in quotes is text', () => {
    expect(termsOf('"class:7"')).toEqual([[-1, 'has', 'class:7']]);
    expect(termsOf('class:"a predicted:b" predicted = "c"')).toEqual([
      [0, 'has', 'a predicted:b'],
      [2, '=', 'c'],
    ]);
    expect(termsOf('"/a/"')).toEqual([[-1, 'has', '/a/']]);
    expect(termsOf('class:5"')).toEqual([[0, 'has', '5"']]);
    expect(errorOf('class:"big cat')).toBe('No quote ends what begins with "big cat; as text it is """big cat"');
    expect(errorOf('"""')).toContain('No quote ends');
  });

  test('a quote in quotes stands twice', () => {
    expect(termsOf('class:"""big"" cat" predicted = ""')).toEqual([
      [0, 'has', '"big" cat'],
      [2, '=', ''],
    ]);
    expect(termsOf('"""big')).toEqual([]);
    expect(termsOf('"""big"')).toEqual([[-1, 'has', '"big']]);
    expect(termsOf('"5""x"')).toEqual([[-1, 'has', '5"x']]);
    expect(termsOf('"5"x"')).toEqual([[-1, 'has', '5"x']]);
  });

  test('between slashes is a pattern', () => {
    expect(termsOf('/tig.r/')).toEqual([[0, 1, 2]]);
    expect(termsOf('CLASS: /a class:b/')).toEqual([[0]]);
    expect(termsOf('/a/ b/')).toEqual([[0, 1, 2]]);
    expect(termsOf('/a b/ class:/c/ predicted > 3')).toEqual([[0, 1, 2], [0], [2, '>', '3']]);
    expect(termsOf('class = /a/')).toEqual([[0, '=', '/a/']]);
    expect(termsOf('/')).toEqual([[-1, 'has', '/']]);
    expect(termsOf('/half typed')).toEqual([[-1, 'has', '/half typed']]);
  });

  test('what cannot be asked says why', () => {
    expect(readQuery('class:7 /a(/', FACTS)).toMatchObject({ error: '' });
    expect(readQuery('/a(/ class:7', FACTS)).toEqual({ terms: [], error: 'Bad pattern: unterminated group' });
    expect(errorOf('/(?=a)/')).toBe('Bad pattern: look-around is not supported');
    expect(errorOf('class:7 predicted > much')).toBe('“predicted >” needs a number, and “much” is none');
    expect(errorOf('class <=')).toBe('“class <=” needs a number');
    for (const number of ['3', '-1.5e3', '.5', '2.', 'inf']) expect(errorOf(`class < ${number}`)).toBe('');
  });

  test('the last term is made a pattern, and text again', () => {
    expect(endsInPattern('class:7 predicted:/a/', FACTS)).toBe(true);
    expect(endsInPattern('class:/a/ predicted:b', FACTS)).toBe(false);
    expect(endsInPattern('class > 3', FACTS)).toBeUndefined();
    expect(withPatternToggled('class:7 predicted:a b', FACTS)).toBe('class:7 predicted:/a b/');
    expect(withPatternToggled('class:7 predicted:/a b/', FACTS)).toBe('class:7 predicted:a b');
    expect(withPatternToggled('', FACTS)).toBe('//');
    expect(withPatternToggled('//', FACTS)).toBe('');
  });
});

describe('rows', () => {
  /** Two columns; what was asked of them. */
  const embeddingsOf = (cells: readonly [string, string][]) => {
    const asked: [column: number, from: number, count: number][] = [];
    return {
      asked,
      search: (_: number, { column, text }: CellMatch) =>
        Promise.resolve(
          Uint32Array.from(cells.flatMap((row, i) => ((row[Math.max(0, column)] ?? '').includes(text) ? [i] : []))),
        ),
      texts: (_: number, column: number, from: number, count: number) => {
        asked.push([column, from, count]);
        return Promise.resolve(cells.slice(from, from + count).map((row) => row[column] as string));
      },
    };
  };
  const find = (cells: readonly [string, string][], text: string, signal = new AbortController().signal) => {
    const embeddings = embeddingsOf(cells);
    const facts = { table: 7, rows: cells.length, columns: [column('a'), column('b')] };
    return { ...embeddings, found: findRows(embeddings, facts, readQuery(text, facts).terms, signal) };
  };

  test('in any column, in order, each once', async () => {
    const cells: [string, string][] = [['Tiger', 'cat'], ['fox', 'red'], ['cat', 'tiger'], ['tiger', 'TIGER']]; // prettier-ignore
    expect([...(await find(cells, '/^tig.r$/').found)]).toEqual([0, 2, 3]);
    expect([...(await find(cells, 'b:/^t/').found)]).toEqual([2, 3]);
    expect([...(await find(cells, 'cat').found)]).toEqual([2]);
    expect([...(await find(cells, '').found)]).toEqual([]);
  });

  test('of which all terms hold', async () => {
    const cells: [string, string][] = [['tiger', 'red'], ['tiger', 'blue'], ['fox', 'red'], ['tigress', 'red']]; // prettier-ignore
    expect([...(await find(cells, 'a:tig b:red').found)]).toEqual([0, 3]);
    expect([...(await find(cells, 'a:/r$/ b:red').found)]).toEqual([0]);
    expect([...(await find(cells, '/ti/ a:/s$/').found)]).toEqual([3]);
    expect([...(await find(cells, 'tiger a:fox').found)]).toEqual([]);
  });

  test('a pattern asks only for cells of rows that may still be found', async () => {
    const cells = Array.from({ length: 30_000 }, (_, i): [string, string] => [i === 10_000 ? 'x' : '', 'y']);
    const { found, asked } = find(cells, 'b:/y/ a:x');
    expect([...(await found)]).toEqual([10_000]);
    expect(asked).toEqual([[1, 10_000, 10_000]]);
  });

  test('rows beyond those that there are are none', async () => {
    const embeddings = { ...embeddingsOf([]), search: () => Promise.resolve(Uint32Array.of(1, 4)) };
    const facts = { table: 7, rows: 3 };
    const { signal } = new AbortController();
    const terms = [{ kind: 'match' as const, column: -1, match: 'has' as const, text: 'a' }];
    expect([...(await findRows(embeddings, facts, terms, signal))]).toEqual([1]);
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
