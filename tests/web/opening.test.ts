import { expect, test } from 'vitest';
import type { FileProgress, FileReport } from '../../web/src/engine/protocol';
import { openingMessage, together, type Message } from '../../web/src/model/opening';

const progress = (states: readonly (readonly [FileProgress['state'], number])[]): FileProgress[] =>
  states.map(([state, bytes], file) => ({ file, run: 'a', name: `${file}`, bytes, size: 100, state }));
const foreign = (name: string, looksLike: string): FileReport => {
  return {
    run: 'a',
    name,
    size: 1,
    records: 0,
    looksLike,
    error: { code: 'not_an_event_file' },
    counts: [],
    places: [],
  };
};

test.each([
  [['cancelled', 40], 'Cancelled: 1 file was read in part'],
  [['cancelled', 0], 'Cancelled: 1 file was not read'],
] as const)('one file cancelled: %s', (state, text) => {
  expect(openingMessage(progress([['done', 100], state]), [])).toEqual({ text, severity: 'warn' });
});

test('several files cancelled', () => {
  const files = progress([['cancelled', 40], ...Array(4).fill(['cancelled', 0] as const)]);
  expect(openingMessage(files, [])?.text).toBe('Cancelled: 4 files were not read, 1 in part');
});

test('nothing is said when all is well, or when some can be read', () => {
  expect(openingMessage(progress([['done', 1]]), [foreign('other', 'image')])).toBeUndefined();
  expect(openingMessage(progress([['done', 1], ['done', 1]]), [foreign('0', 'image')])).toBeUndefined(); // prettier-ignore
});

test('what a file looks like is said when it is no event file', () => {
  const said = (report: readonly FileReport[]): string | undefined =>
    openingMessage(progress(report.map(() => ['done', 1] as const)), report)?.text;
  expect(said([foreign('0', 'image')])).toBe('0 is not an event file: it looks like an image');
  expect(said([foreign('0', 'zip archive')])).toBe(
    '0 is not an event file: it looks like a zip archive. Unpack it first',
  );
  expect(said([foreign('0', 'text'), foreign('1', 'text')])).toBe(
    '2 files are not event files, 0 among them: it looks like text',
  );
});

test('another error says itself', () => {
  const report: FileReport = { ...foreign('0', ''), error: { code: 'unreadable' } };
  expect(openingMessage(progress([['failed', 0]]), [report])?.text).toMatch(
    /^The browser could not read the file.*, 0$/,
  );
});

test('an archive is no file once it is unpacked, and one without event files is told', () => {
  const [archive, ...inside] = progress([
    ['done', 100],
    ['failed', 10],
    ['failed', 0],
  ]);
  const files = [{ ...archive, unpacked: true } as FileProgress, ...inside];
  const locked = { code: 'unsupported', detail: 'encrypted' } as const;
  const report = (name: string): FileReport => ({ ...foreign(name, ''), error: locked, path: `logs.zip/${name}` });
  expect(openingMessage(files, [report('1')])).toBeUndefined();
  expect(openingMessage(files, [report('1'), report('2')])?.text).toBe(
    'The archive needs a password: unpack it first, 1',
  );
  const empty: FileReport = { ...foreign('0', ''), error: { code: 'no_event_files' } };
  expect(openingMessage(progress([['failed', 0]]), [empty])?.text).toMatch(/^No event files in the archive.*, 0$/);
});

test('errors are said together, each once, and leave no room for less', () => {
  const error = (text: string, part: Partial<Message> = {}): Message => ({ text, severity: 'error', ...part });
  const [info, warn] = [{ text: 'i', severity: 'info' } as const, { text: 'w', severity: 'warn' } as const];
  expect(together([])).toBeUndefined();
  expect(together([info, warn])).toBe(warn);
  const retried: string[] = [];
  const a = error('a', { retry: () => retried.push('a') });
  expect(together([a, info])).toBe(a);
  const all = together([a, error('b', { retry: () => retried.push('b'), download: 'x' }), error('a'), warn]);
  expect(all).toMatchObject({ text: 'a. b', severity: 'error', download: 'x' });
  all?.retry?.();
  expect(retried).toEqual(['a', 'b']);
  expect(together(['a', 'b', 'c', 'd', 'e'].map((text) => error(text)))?.text).toBe('a. b. c. And 2 more errors');
});
