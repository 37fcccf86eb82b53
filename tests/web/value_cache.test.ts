import { expect, test } from 'vitest';
import { ValueCache } from '../../web/src/engine/value_cache';

test('what was used longest ago goes first', () => {
  const cache = new ValueCache<string>(100);
  cache.put('a', 'A', 40);
  cache.put('b', 'B', 40);
  expect(cache.get('a')).toBe('A');
  cache.put('c', 'C', 40);
  expect(['a', 'b', 'c'].map((key) => cache.get(key))).toEqual(['A', undefined, 'C']);
});

test('what alone would push all others out is not kept', () => {
  const cache = new ValueCache<string>(100);
  cache.put('a', 'A', 30);
  cache.put('big', 'B', 51);
  expect(cache.get('big')).toBeUndefined();
  expect(cache.get('a')).toBe('A');
});

test('a new value takes the place of the old one', () => {
  const cache = new ValueCache<string>(100);
  for (let i = 0; i < 50; i++) cache.put('a', String(i), 45);
  cache.put('b', 'B', 50);
  expect(cache.get('a')).toBe('49');
  expect(cache.get('b')).toBe('B');
  cache.put('a', 'too big now', 60);
  expect(cache.get('a')).toBeUndefined();
});
