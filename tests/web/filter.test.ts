import { effect } from '@preact/signals-core';
import { describe, expect, test, vi } from 'vitest';
import { compileFilter, foundIn } from '../../web/src/model/filter';
import { Sieve } from '../../web/src/model/sieve';

const NAMES = ['loss/train', 'loss/val', 'acc.top1', 'accXtop1', 'LR'];
const kept = (text: string): string[] => NAMES.filter((name) => compileFilter(text).matches(name));

test.each([
  ['', NAMES],
  ['LOSS', ['loss/train', 'loss/val']],
  ['acc.top', ['acc.top1']],
  ['/acc.top/', ['acc.top1', 'accXtop1']],
  ['/^l/', ['loss/train', 'loss/val', 'LR']],
  ['!loss', ['acc.top1', 'accXtop1', 'LR']],
  ['!/^l/', ['acc.top1', 'accXtop1']],
  ['!', NAMES],
  ['/', NAMES],
  ['/acc', NAMES],
  ['!/acc', NAMES],
])('%s', (text, expected) => expect(kept(text)).toEqual(expected));

test('a bad pattern says why and keeps the last good result', () => {
  const good = compileFilter('loss');
  const bad = compileFilter('/(/', good);
  expect(bad.error).toMatch(/^Bad pattern: \S/);
  const worse = compileFilter('/((/', bad);
  expect(NAMES.filter((name) => worse.matches(name))).toEqual(['loss/train', 'loss/val']);
  expect(compileFilter('acc', worse).error).toBe('');
});

test('a pattern that is being typed keeps the last good result, and so does the bad one that it becomes', () => {
  let filter = compileFilter('loss');
  for (const text of ['/', '/a', '/a(', '/a(/']) {
    filter = compileFilter(text, filter);
    expect(NAMES.filter((name) => filter.matches(name))).toEqual(['loss/train', 'loss/val']);
    expect(filter.error === '').toBe(!text.endsWith('(/'));
  }
});

test('a pattern of a link is no longer than one that a person writes', () => {
  const good = compileFilter('loss');
  const long = compileFilter(`/${'(a|b)*'.repeat(100)}/`, good);
  expect(long.error).toBe('Bad pattern: longer than 500 characters');
  expect(NAMES.filter((name) => long.matches(name))).toEqual(['loss/train', 'loss/val']);
});

describe('a sieve', () => {
  const names = Array.from({ length: 200 }, (_, i) => `tag${i}`);

  test('gives way while a slow pattern goes through many names, and gets to the end', async () => {
    const sieve = new Sieve();
    let longest = 0;
    // A clock on which each name takes one millisecond.
    let seen = 0;
    const clock = vi.spyOn(performance, 'now').mockImplementation(() => seen);
    const slow = (name: string): boolean => {
      seen++;
      return name.endsWith('7');
    };
    const filter = { matches: slow, error: '' };
    const results: (readonly string[])[] = [];
    const stop = effect(() => {
      const start = seen;
      results.push(sieve.passing(names, filter));
      longest = Math.max(longest, seen - start);
    });
    while (seen < names.length) await new Promise((resolve) => setTimeout(resolve));
    stop();
    clock.mockRestore();
    expect(longest).toBeLessThan(10);
    expect(results.at(-1)).toEqual(names.filter((name) => name.endsWith('7')));
  });

  test('holds each name once against each filter', () => {
    const sieve = new Sieve();
    const matches = vi.fn(() => true);
    const filter = { matches, error: '' };
    expect(sieve.passing(names.slice(0, 3), filter)).toEqual(names.slice(0, 3));
    expect(sieve.passing(names.slice(0, 4), filter)).toEqual(names.slice(0, 4));
    expect(matches).toHaveBeenCalledTimes(4);
    expect(sieve.passing(names, { matches: () => false, error: '' })).toEqual([]);
  });
});

test('names with line breaks or emoji are matched whole', () => {
  expect(compileFilter('/^.$/').matches('😀')).toBe(true);
  expect(compileFilter('b').matches('a\nb')).toBe(true);
});

test('what a filter finds in a text is every place of it', () => {
  const found = (text: string, filter: string): string[] =>
    [...foundIn(text, filter)].map(([from, to]) => text.slice(from, to));
  expect(found('The cat, the Cat.', 'cat')).toEqual(['cat', 'Cat']);
  expect(found('a.b a+b', 'a+b')).toEqual(['a+b']);
  expect(found('x1 y22', '/\\d+/')).toEqual(['1', '22']);
  expect([...foundIn('😀b', 'b')]).toEqual([[2, 3]]);
  for (const filter of ['', '!cat', '/', '/c', '//', '/(/', '/x*/']) expect(found('cat', filter)).toEqual([]);
});
