import { expect, test } from 'vitest';
import { compileFilter } from '../../web/src/model/filter';

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
  ['/', ['loss/train', 'loss/val']],
])('%s', (text, expected) => expect(kept(text)).toEqual(expected));

test('a bad pattern says why and keeps the last good result', () => {
  const good = compileFilter('loss');
  const bad = compileFilter('/(/', good);
  expect(bad.error).toMatch(/^Bad pattern: \S/);
  const worse = compileFilter('/((/', bad);
  expect(NAMES.filter((name) => worse.matches(name))).toEqual(['loss/train', 'loss/val']);
  expect(compileFilter('acc', worse).error).toBe('');
});

test('names with line breaks or emoji are matched whole', () => {
  expect(compileFilter('/^.$/').matches('😀')).toBe(true);
  expect(compileFilter('b').matches('a\nb')).toBe(true);
});
