import { describe, expect, test } from 'vitest';
import { compileFilter } from '../../web/src/model/filter';
import { compilePattern } from '../../web/src/model/pattern';
import { Random } from './random';

const TEXTS = [
  '',
  'a',
  'b',
  'ab',
  'aab',
  'abab',
  'a b',
  'a\nb',
  'A',
  'loss/val',
  'layer12/weights',
  '😀',
  'é😀',
  'ſ',
  'K',
  '-',
  'x.y',
];

function expectNative(source: string): void {
  const native = new RegExp(source, 'iu');
  const matches = compilePattern(source);
  for (const text of TEXTS) expect([source, text, matches(text)]).toEqual([source, text, native.test(text)]);
}

test.each([
  '(a|b)*ab',
  '^(?:a|b)+$',
  '(loss|acc)/(train|val)',
  '^layer\\d{2,}/(w|b)',
  '(a?){2,3}b',
  '(?<name>a)b',
  '(|a)b',
  '()',
  '(a*)*b',
  '(a{0}b)',
  '\\b(a)\\b',
  '\\B(a|b)',
  '(\\u{1F600})$',
  '(\\ud83d\\ude00)',
  '([^a]|\\p{L})+$',
  '([\\]a-b-])+?$',
  '(.)(.)',
  '(\\w)(\\W)',
  '(k|s)',
  '^$|(zz)',
  '(a|b|)c*?(d{1,2}?|\\x61)',
  '(\\.|/)',
  '(\\cA|\\0|\\t)?a+b+',
])('%s matches what the browser says', expectNative);

test('random patterns match what the browser says', () => {
  const random = new Random(7);
  const atom = (depth: number): string => {
    if (depth > 2 || random.next() < 0.6) return random.pick(['a', 'b', '.', '[ab]', '\\w', '\\s', '^', '$', '\\b']);
    return `(${alternatives(depth + 1)})`;
  };
  const repeated = (depth: number): string => {
    const one = atom(depth);
    const fixed = /^([\^$]|\\b)$/.test(one);
    return one + (fixed ? '' : random.pick(['', '', '*', '+', '?', '{2}', '{1,2}', '*?']));
  };
  const alternatives = (depth: number): string =>
    random.list(2, () => random.list(3, () => repeated(depth)).join('')).join('|');
  for (let i = 0; i < 300; i++) expectNative(alternatives(0));
});

describe('no pattern holds the page', () => {
  // Each of them takes the browser for ever: it would not come back to say that the test has failed.
  const name = `${'a'.repeat(4000)}!`;
  test.each(['(a|a)*b', '(a*)*b', '(a+)+$', '(.*a){20}b', '(a|aa)+$', '(a?){200}a{200}b', '.*.*.*.*b'])(
    '%s',
    (source) => expect(compilePattern(source)(name)).toBe(false),
  );

  test.each(['((a{99}){99}){99}', '((){9999}){9999}', '(((()*){999}){999}){999}'])('%s is refused', (source) => {
    expect(() => compilePattern(source)).toThrow('too long with its repetitions written out');
  });
});

test('what cannot be matched in bounded time is refused with a reason', () => {
  expect(compileFilter('/(?=a)b/').error).toBe('Bad pattern: look-around is not supported');
  expect(compileFilter('/(?<!a)b/').error).toBe('Bad pattern: look-around is not supported');
  expect(compileFilter('/(a)\\1/').error).toBe('Bad pattern: references to groups are not supported');
  expect(compileFilter('/(?<x>a)\\k<x>/').error).toBe('Bad pattern: references to groups are not supported');
});
