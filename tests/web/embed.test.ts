/** What an embed takes from the page around it, and where it puts its labels. */
import { describe, expect, test } from 'vitest';
import { apart, endName, endsWidth } from '../../web/src/embed/end_labels';
import { openHanded } from '../../web/src/embed/handed_files';
import { BadMessage, idOf, isOurs, readRequest } from '../../web/src/embed/messages';
import { readOptions } from '../../web/src/embed/options';

const blob = new Blob(['x']);
const read = (fields: object) => readRequest({ tensorpane: 1, ...fields });

describe('messages', () => {
  test('are read field by field, and what is not listed is left alone', () => {
    expect(read({ type: 'ping', extra: 1 })).toEqual({ tensorpane: 1, type: 'ping' });
    expect(read({ type: 'open', files: [{ path: 'a/events', blob, run: 'x' }] })).toEqual({
      tensorpane: 1,
      type: 'open',
      files: [{ path: 'a/events', blob }],
      urls: [],
    });
    expect(read({ type: 'setStyle', scheme: 'pink', tokens: { '--tp-bg': '#fff' } })).toEqual({
      tensorpane: 1,
      type: 'setStyle',
      tokens: { '--tp-bg': '#fff' },
    });
  });

  test.each([
    ['another version', { tensorpane: 2, type: 'ping' }],
    ['no type', {}],
    ['a type of every object', { type: 'toString' }],
    ['the prototype as a type', { type: '__proto__' }],
    ['no files', { type: 'open' }],
    ['an empty list of files', { type: 'open', files: [] }],
    ['too many files', { type: 'open', files: Array.from({ length: 10_001 }, (_, i) => ({ path: `${i}`, blob })) }],
    ['a file that is a URL', { type: 'open', files: [{ path: 'a', blob: 'blob:https://a.example/1' }] }],
    ['a file that is nothing', { type: 'open', files: [null] }],
    ['a path out of the folder', { type: 'open', files: [{ path: '../a', blob }] }],
    ['an absolute path', { type: 'open', files: [{ path: '/a', blob }] }],
    ['the same path twice', { type: 'open', files: [{ path: 'a', blob }, { path: 'a', blob }] }], // prettier-ignore
    ['a URL of a script', { type: 'open', files: [{ path: 'a', blob }], urls: ['javascript:alert(1)'] }],
    ['a foreign blob', { type: 'open', files: [{ path: 'a', blob }], urls: ['blob:https://a.example/1'] }],
    ['a state that is no text', { type: 'setState', state: {} }],
    ['a huge state', { type: 'setState', state: 'x'.repeat((1 << 20) + 1) }],
    ['a token that is none of ours', { type: 'setStyle', tokens: { color: 'red' } }],
    ['a token that fetches', { type: 'setStyle', tokens: { '--tp-bg': 'url(https://a.example)' } }],
    ['a token with a rule', { type: 'setStyle', tokens: { '--tp-bg': 'red; } body { display: none' } }],
    ['an export of all', { type: 'export', what: 'everything' }],
    ['an error that is no text', { type: 'fail', what: 1, why: '' }],
  ])('are refused with %s', (_, fields) => {
    expect(() => read(fields)).toThrow(BadMessage);
  });

  test('are ours only if they say so themselves', () => {
    expect(isOurs({ tensorpane: 1 })).toBe(true);
    for (const other of [null, undefined, 'tensorpane', 1, {}, [], Object.create({ tensorpane: 1 })]) {
      expect(isOurs(other)).toBe(false);
    }
  });

  test('are answered with their id, if it is one', () => {
    expect(idOf({ tensorpane: 1, id: 7 })).toEqual({ id: 7 });
    expect(idOf({ tensorpane: 1, id: 'a' })).toEqual({ id: 'a' });
    expect(idOf({ tensorpane: 1, id: { a: 1 } })).toEqual({});
    expect(idOf({ tensorpane: 1, id: 'x'.repeat(1001) })).toEqual({});
  });
});

test('options are in the hash beside the state', () => {
  expect(readOptions('#v=1&chrome=none&interactive=0&title=A+title')).toEqual({
    bare: true,
    interactive: false,
    title: 'A title',
  });
  expect(readOptions('')).toEqual({ bare: false, interactive: true, title: '' });
  expect(readOptions(`#title=${'x'.repeat(1000)}`).title).toHaveLength(200);
});

describe('labels at the ends of lines', () => {
  test('stay where their lines end while there is room', () => {
    expect(apart([10, 40, 90], 100)).toEqual([10, 40, 90]);
  });

  test('move apart, and not out of the chart', () => {
    expect(apart([10, 12, 13], 100)).toEqual([10, 24, 38]);
    expect(apart([95, 96, 97], 100)).toEqual([65, 79, 93]);
  });

  test('overflow downwards where there is no room for all', () => {
    expect(apart([1, 1, 1], 20)).toEqual([7, 21, 35]);
  });
});

test('names at the ends of lines have the room that they need, up to twelve characters', () => {
  const width = (...labels: string[]) => endsWidth(labels.map(endName));
  expect(width('lr=0.01/seed=0')).toBe(width('seed=0'));
  expect(width('a', 'twelve chars')).toBeGreaterThan(width('a', 'a/b'));
  expect(width('twelve chars')).toBe(width('many more characters'));
  expect(width()).toBeGreaterThan(0);
});

describe('files that are handed over', () => {
  const runsOf = async (...paths: string[]) => {
    const opened = await openHanded(paths.map((path) => ({ path, blob })));
    return opened.map(({ name, files }) => [name, files.map(({ run }) => run)]);
  };

  test('are of the run that their whole folder is, in several top folders', async () => {
    const paths = ['lr=0.01/seed=0/events.out.tfevents.1', 'lr=0.1/seed=0/events.out.tfevents.1', 'lr=0.1/x.zip'];
    expect(await runsOf(...paths)).toEqual([['logs', ['lr=0.01/seed=0', 'lr=0.1/seed=0', 'lr=0.1/x']]]);
  });

  test('are of a run below the one folder that all are in', async () => {
    expect(await runsOf('runs/a/events.out.tfevents.1', 'runs/b/c/events.out.tfevents.1')).toEqual([
      ['runs', ['a', 'b/c']],
    ]);
  });

  test('were opened by themselves if they are in no folder', async () => {
    expect(await runsOf('a.zip', 'mine.log', 'x/events.out.tfevents.1')).toEqual([
      ['x', ['.']],
      ['a.zip', ['.']],
      ['mine.log', ['.']],
    ]);
  });
});
