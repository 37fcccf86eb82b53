import { describe, expect, test } from 'vitest';
import {
  diffTexts,
  foldRows,
  rowOf,
  wordsOf,
  type Diff,
  type DiffRow,
  type Part,
  type Side,
} from '../../web/src/views/text_work/diff';
import { work } from '../../web/src/views/text_work/jobs';
import { blocksOf, plainOf, reducedHtml, type Block } from '../../web/src/views/text_work/markdown';
import { linesOf, piecesOf } from '../../web/src/views/text_work/pieces';
import { RowHeights } from '../../web/src/views/text/row_heights';
import { textLabel } from '../../web/src/views/text/text_label';
import { decodeStrings, fileText, isSingle, plainText, tableRows } from '../../web/src/views/text/text_value';
import { Random } from './random';

const WORDS = ['a', 'the', 'fox', 'naïve', '日本', '😀', '12', ',', '.', '|', ' ', '  ', '\t', '<b>'];
const random = new Random(1);
const line = (): string => random.list(8, () => random.pick(WORDS)).join(random.pick(['', ' ']));
/** Few different lines, so that many repeat. */
const textOf = (lines: readonly string[]): string => random.list(30, () => random.pick(lines)).join('\n');

const joined = (parts: readonly Part[]): string => parts.map(({ text }) => text).join('');
const kept = (parts: readonly Part[]): string => joined(parts.filter(({ changed }) => !changed)).replace(/\s/g, '');

/** One side of a diff, put together again. */
function side(rows: readonly DiffRow[], which: 'before' | 'after'): string[] {
  const lines: string[] = [];
  for (const row of rows) {
    const shown = row[which];
    if (!shown) continue;
    expect(shown.line).toBe(lines.length + 1);
    lines.push(joined(shown.parts));
  }
  return lines;
}

/** How many lines a shortest edit script keeps, by the textbook's table. */
function longestCommon(a: readonly string[], b: readonly string[]): number {
  let row = new Array<number>(b.length + 1).fill(0);
  for (const one of a) {
    const next = [0];
    b.forEach((other, j) =>
      next.push(one === other ? (row[j] as number) + 1 : Math.max(next[j] as number, row[j + 1] as number)),
    );
    row = next;
  }
  return row.at(-1) as number;
}

describe('diff', () => {
  const check = (before: string, after: string): { diff: Diff; rows: DiffRow[] } => {
    const diff = diffTexts(before, after);
    const [a, b] = [linesOf(before), linesOf(after)];
    const rows = Array.from(diff.changed, (_, i) => rowOf(diff, a, b, i));
    expect(side(rows, 'before')).toEqual(a);
    expect(side(rows, 'after')).toEqual(b);
    expect(diff.changedCount).toBe(rows.filter(({ changed }) => changed).length);
    for (const { before: old, after: now, changed } of rows) {
      if (!changed) expect(old?.parts).toEqual(now?.parts);
      else if (old && now) expect(kept(old.parts)).toBe(kept(now.parts));
    }
    return { diff, rows };
  };

  test('holds both texts, whatever they are', () => {
    for (let i = 0; i < 400; i++) {
      const lines = random.list(6, line);
      check(textOf(lines), textOf(lines));
    }
  });

  test('is the shortest where no line is alone in both texts', () => {
    for (let i = 0; i < 200; i++) {
      // Every line twice: nothing can hold the texts together but the edit script itself.
      const twice = (text: string[]): string[] => [...text, 'x', 'y', 'z', 'x', 'y', 'z'];
      const [a, b] = [0, 0].map(() => twice(random.list(12, () => random.pick(['x', 'y', 'z'])))) as [
        string[],
        string[],
      ];
      const { rows } = check(a.join('\n'), b.join('\n'));
      expect(rows.filter(({ changed }) => !changed)).toHaveLength(longestCommon(a, b));
    }
  });

  test('equal texts do not differ, and one edit is one line', () => {
    const lines = Array.from({ length: 500 }, (_, i) => `line ${i % 50} of many`);
    expect(check(lines.join('\n'), lines.join('\n')).diff.changedCount).toBe(0);
    const { rows } = check(lines.join('\n'), lines.with(250, 'line 0 of few').join('\n'));
    const [changed, ...others] = rows.filter((row) => row.changed);
    expect(others).toEqual([]);
    expect(changed?.before?.line).toBe(251);
    expect(changed?.before?.parts).toEqual([{ text: 'line 0 of ', changed: false }, { text: 'many', changed: true }]); // prettier-ignore
  });

  test('words that change beside each other are one stretch', () => {
    const [row] = check('it said hello bird.', 'it asked for help.').rows;
    const marked = (of?: Side): string[] => of?.parts.map(({ text, changed }) => (changed ? `[${text}]` : text)) ?? [];
    expect(marked(row?.before).join('')).toBe('it [said hello bird].');
    expect(marked(row?.after).join('')).toBe('it [asked for help].');
  });

  test('words are all of a line', () => {
    for (let i = 0; i < 100; i++) {
      const text = line();
      expect(wordsOf(text).join('')).toBe(text);
    }
    expect(wordsOf('naïve 日本, e\u0301')).toEqual(['naïve', ' ', '日本', ',', ' ', 'e\u0301']);
    expect(wordsOf('18.42, 1,000.')).toEqual(['18.42', ',', ' ', '1,000', '.']);
  });

  test('two texts of a megabyte that share nothing end', () => {
    const of = (seed: number): string => Array.from({ length: 20_000 }, (_, i) => `${seed} ${i % 7} ${'w'.repeat(40)}`).join('\n'); // prettier-ignore
    const { rows } = check(of(1), of(2));
    expect(rows).toHaveLength(20_000);
  });

  test('a single line of a megabyte ends', () => {
    check('word '.repeat(200_000), `new ${'word '.repeat(200_000)}`);
  });

  test('folds are the unchanged rows far from changes, and open one by one', () => {
    const lines = Array.from({ length: 100 }, (_, i) => `line ${i}`);
    const { diff } = check(lines.join('\n'), lines.with(50, 'x').join('\n'));
    const folded = foldRows(diff, new Set());
    expect(folded).toEqual([{ from: 0, count: 47 }, 47, 48, 49, 50, 51, 52, 53, { from: 54, count: 46 }]);
    expect(foldRows(diff, new Set([0, 54]))).toEqual([...lines.keys()]);
  });
});

describe('pieces and lines', () => {
  test('pieces are the text, none too long, and no character is cut', () => {
    for (let i = 0; i < 200; i++) {
      const text = textOf(random.list(6, line));
      const pieces = piecesOf(text, 10);
      expect(pieces.join('')).toBe(text);
      for (const piece of pieces) {
        expect(piece.length).toBeGreaterThan(0);
        expect(piece.length).toBeLessThanOrEqual(10);
        // Throws at half a character.
        encodeURIComponent(piece);
      }
    }
  });

  test('lines end as any system ends them', () => {
    expect(linesOf('a\r\nb\rc\nd\n\ne\n')).toEqual(['a', 'b', 'c', 'd', '', 'e']);
    expect(linesOf('')).toEqual([]);
  });
});

describe('tables', () => {
  test('rows are the last dimension, with their indices', () => {
    const cube = { shape: [2, 2, 2], strings: [...'abcdefgh'], missing: '' };
    expect(tableRows(cube)).toEqual([
      { label: '0, 0', cells: ['a', 'b'] },
      { label: '0, 1', cells: ['c', 'd'] },
      { label: '1, 0', cells: ['e', 'f'] },
      { label: '1, 1', cells: ['g', 'h'] },
    ]);
    expect(tableRows({ shape: [3], strings: ['a', 'b', 'c'], missing: '' }).map(({ cells }) => cells)).toEqual([['a'], ['b'], ['c']]); // prettier-ignore
    expect(tableRows({ shape: [0, 3], strings: [], missing: '' })).toEqual([]);
    expect(tableRows({ shape: [3, 0], strings: [], missing: '' })).toEqual([]);
  });

  test('a single text is no table, whatever its dimensions', () => {
    for (const shape of [[], [1], [1, 1]]) expect(isSingle({ shape, strings: ['a'], missing: '' })).toBe(true);
    for (const shape of [[0], [2], [1, 2]]) expect(isSingle({ shape, strings: [], missing: '' })).toBe(false);
    expect(plainText({ shape: [1], strings: ['a\tb\n"c"'], missing: '' })).toBe('a\tb\n"c"');
  });

  test('are written as spreadsheets read them', () => {
    const table = { shape: [2, 2], strings: ['a,b', 'say "x"', 'two\nlines', '\t'], missing: '' };
    expect(fileText(table)).toBe('"a,b","say ""x"""\r\n"two\nlines",\t\r\n');
    expect(plainText(table)).toBe('a,b\t"say ""x"""\n"two\nlines"\t"\t"\n');
  });
});

describe('strings of content', () => {
  const contentOf = (...strings: (string | Uint8Array)[]): ArrayBuffer => {
    const parts = strings.map((string) => (typeof string === 'string' ? new TextEncoder().encode(string) : string));
    const buffer = new ArrayBuffer(parts.reduce((sum, part) => sum + 8 + part.length, 0));
    let at = 0;
    for (const part of parts) {
      new DataView(buffer).setBigUint64(at, BigInt(part.length), true);
      new Uint8Array(buffer, at + 8, part.length).set(part);
      at += 8 + part.length;
    }
    return buffer;
  };
  const all = { bytes: Infinity, strings: Infinity };

  test('are those that were written', () => {
    expect(decodeStrings(contentOf(), all)).toEqual({ strings: [], isCut: false });
    const strings = ['', 'a', '日本 😀', '\ufeffbom', '\0'];
    expect(decodeStrings(contentOf(...strings), all)).toEqual({ strings, isCut: false });
    expect(decodeStrings(contentOf(Uint8Array.of(97, 0xff)), all).strings).toEqual(['a\ufffd']);
  });

  test('end where they may not be more, between characters', () => {
    expect(decodeStrings(contentOf('abc', 'def'), { bytes: 4, strings: 9 })).toEqual({
      strings: ['abc', 'd'],
      isCut: true,
    });
    expect(decodeStrings(contentOf('日本'), { bytes: 4, strings: 9 })).toEqual({ strings: ['日'], isCut: true });
    expect(decodeStrings(contentOf('a', 'b'), { bytes: 9, strings: 1 })).toEqual({ strings: ['a'], isCut: true });
    expect(decodeStrings(contentOf('a', 'b'), { bytes: 2, strings: 2 }).isCut).toBe(false);
  });
});

describe('Markdown', () => {
  const htmlOf = (blocks: readonly Block[]): string =>
    blocks.map((block) => ('html' in block ? block.html : '')).join('');

  test('what is long is cut where it can be, and nothing of it is lost', () => {
    const many = <T>(of: (i: number) => T): T[] => Array.from({ length: 1000 }, (_, i) => of(i));
    const numbers = (blocks: readonly Block[]): string => plainOf(htmlOf(blocks)).match(/\d+/g)?.join(' ') ?? '';
    const written = many(String).join(' ');
    const cases = {
      list: many((i) => `- item **${i}**`).join('\n'),
      table: `| a | b |\n|---|---|\n${many((i) => `| ${i} | *x* |`).join('\n')}`,
      quote: many((i) => `> quote _${i}_`).join('\n'),
      code: `\`\`\`\n${many((i) => `line ${i}`).join('\n')}\n\`\`\``,
      paragraph: many((i) => `a *b* ${i}`).join('\n'),
      words: many((i) => `${i} word`).join(' '),
    };
    for (const [name, text] of Object.entries(cases)) {
      const blocks = blocksOf(text);
      expect(numbers(blocks), name).toBe(written);
      expect(blocks.length, name).toBeGreaterThan(4);
      for (const block of blocks) expect('html' in block ? block.html.length : Infinity, name).toBeLessThan(5000);
      expect(
        blocks.map((block) => 'piece' in block && block.piece),
        name,
      ).toEqual(blocks.map((_, i) => (i === 0 ? 'first' : i === blocks.length - 1 ? 'last' : 'inner')));
    }
    const starts = htmlOf(blocksOf(many((i) => `${i + 3}. item`).join('\n'))).matchAll(/<ol start="(\d+)">|<li>/g);
    let next = 3;
    for (const [, start] of starts) {
      if (start === undefined) next++;
      else expect(Number(start)).toBe(next);
    }
    expect(next).toBe(1003);
    expect(htmlOf(blocksOf(cases.table)).match(/<thead>/g)).toHaveLength(1);
    // Inside of what HTML opened, nothing is cut.
    expect(blocksOf(`<b>${many((i) => `*${i}*`).join(' ')}</b>`)[0]).toHaveProperty(
      'html',
      expect.stringMatching(/<\/b>/),
    );
  });

  test('what is read of HTML is its text', () => {
    expect(plainOf('<p title="a">x &lt;b&gt; &amp;lt; &#39;&#x41;&quot;</p>&nbsp;&eacute;')).toBe(
      'x <b> &lt; \'A"\u00a0&eacute;',
    );
  });

  test('a part that is too long stays as it is', () => {
    const long = `\`${'word '.repeat(10_000).trim()}\``;
    const blocks = blocksOf(`# a\n\n${long}\n\n*b*`);
    const texts = blocks.map((block) => ('text' in block ? block.text : ''));
    expect(texts.join('').trim()).toBe(long);
    expect(htmlOf(blocks)).toBe('<h4>a</h4>\n<p><em>b</em></p>\n');
  });

  test('blocks are the text, and grow with it', () => {
    const blocks = blocksOf('# head\n\nSome *text*.\n\n'.repeat(2000));
    expect(blocks.length).toBeGreaterThan(10);
    expect(htmlOf(blocks).match(/<em>text<\/em>/g)).toHaveLength(2000);
    for (const block of blocks) expect('html' in block && block.html.length).toBeLessThan(4000);
  });

  test('a link is found in whatever block it is defined', () => {
    expect(blocksOf(`[a][1]\n\n${'text\n\n'.repeat(1000)}[1]: http://a.b`)[0]).toHaveProperty(
      'html',
      expect.stringContaining('<a href="http://a.b">a</a>'),
    );
  });

  test('headings go down level by level below that of the card', () => {
    const levels = (text: string): string =>
      [...htmlOf(blocksOf(text)).matchAll(/<h(\d)>/g)].map(([, n]) => n).join('');
    expect(levels('# a\n\n### b\n\n## c\n\n# d')).toBe('4554');
    expect(levels('### a\n\n# b\n\n## c\n\n### d\n\n#### e\n\n##### f')).toBe('445666');
  });

  test('only allowed tags and attributes are left of HTML', () => {
    expect(reducedHtml('<b onclick="x()">a</b>')).toBe('<b>a</b>');
    expect(reducedHtml('<SPAN style=color:red title=\'a "b"\'>')).toBe('<span title="a &quot;b&quot;">');
    expect(reducedHtml('<img src=x onerror="alert(1)">')).toBe('<img src="x">');
    expect(reducedHtml('a<!-- b -->c<!-- d')).toBe('ac');
    expect(reducedHtml('<script>x</script>')).toBe('&lt;script>x&lt;/script>');
    expect(reducedHtml('<bx> <b <i> < <i/>')).toBe('&lt;bx> &lt;b <i> &lt; <i>');
    expect(reducedHtml('<a href="x>" y')).toBe('&lt;a href="x>" y');
  });

  test('whatever it is made of, no other tag or attribute comes out', () => {
    const bits = [
      '<',
      '>',
      '/',
      '"',
      "'",
      '=',
      ' ',
      '\n',
      'b',
      'span',
      'script',
      'img',
      'svg',
      'style',
      'onload',
      'href',
      '<!--',
      '-->',
      '`',
      'x',
      '\0',
    ];
    for (let i = 0; i < 3000; i++) {
      const reduced = reducedHtml(random.list(20, () => random.pick(bits)).join(''));
      for (const [, tag] of reduced.matchAll(/<([^>]*)>?/g)) {
        expect(tag).toMatch(/^\/?(?:b|span|img)(?: (?:href)="[^"<>]*")*$/);
      }
    }
  });
});

test('a job that throws has no answer', () => {
  expect(work({ kind: 'markdown', ask: ['*a*'] })).toEqual({ answer: [[{ html: '<p><em>a</em></p>\n' }]] });
  expect(work({ kind: 'markdown', ask: ['>'.repeat(100_000)] })).toEqual({});
});

test('a search in Markdown is over what is read of it', () => {
  const search = (filter: string, asMarkdown: boolean, ...texts: string[]) =>
    work({ kind: 'search', ask: { filter, texts, asMarkdown } }).answer;
  const text = 'message of step **1** & [a link](https://example.org)';
  expect([search('step 1 & a', true, text), search('step 1', false, text)]).toEqual([true, false]);
  expect([search('**1**', true, text), search('**1**', false, text)]).toEqual([false, true]);
  expect([search('!example.org', true, text), search('!step 1', true, 'other', text)]).toEqual([true, false]);
  expect(search('/^message.*link$/', true, text)).toBe(true);
});

test('a search is over all texts of a value', () => {
  const search = (filter: string, ...texts: string[]) =>
    work({ kind: 'search', ask: { filter, texts, asMarkdown: false } }).answer;
  expect(search('FOX', 'a', 'the fox')).toBe(true);
  expect(search('!fox', 'a', 'the fox')).toBe(false);
  expect(search('!fox', 'a', 'b')).toBe(true);
  expect(search('/f.x/', 'f\nx', 'fax')).toBe(true);
});

test('rows are found where they lie', () => {
  for (let i = 0; i < 50; i++) {
    const heights = Array.from({ length: 1 + random.below(40) }, () => 1 + random.below(50));
    const rows = new RowHeights(heights.length, 10);
    for (const row of random.shuffled([...heights.keys()])) {
      rows.set(row, heights[row] as number);
      // Asking in between must not keep what is old.
      void rows.topOf(random.below(heights.length));
    }
    let top = 0;
    heights.forEach((height, row) => {
      expect(rows.topOf(row)).toBe(top);
      expect(rows.rowAt(top)).toBe(row);
      expect(rows.rowAt(top + height - 0.5)).toBe(row);
      top += height;
    });
    expect(rows.height).toBe(top);
    expect(rows.rowAt(top + 1000)).toBe(heights.length - 1);
  }
});

test('the suffix of torch is no part of a name', () => {
  expect(textLabel('notes/text_summary')).toBe('notes');
  expect(textLabel('text_summary')).toBe('text_summary');
  expect(textLabel('/text_summary')).toBe('(no name)');
});
