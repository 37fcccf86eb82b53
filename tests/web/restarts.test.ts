import { expect, test } from 'vitest';
import type { CatalogueDelta, RestartReport } from '../../web/src/engine/protocol';
import { Catalogue } from '../../web/src/model/catalogue';
import { reportGroups, reportText } from '../../web/src/model/report_items';
import { fileTexts, placeTexts, restartBadge, restartEntries, restartText } from '../../web/src/model/restart_text';
import { restartsOf } from '../../web/src/model/restarts';

/** A catalogue of series with these restarts: [run, restarts, superseded, step, dropped]. */
function catalogueOf(rows: readonly (readonly [number, number, number, number, number])[]): Catalogue {
  const catalogue = new Catalogue();
  const column = (i: number): Float64Array => Float64Array.from(rows, (row) => row[i] as number);
  const zeros = new Float64Array(rows.length);
  const delta: CatalogueDelta = {
    strings: ['a', 'b', 'c', 'scalars'],
    runs: Uint32Array.of(0, 1, 2),
    series: Uint32Array.from(rows.keys()),
    run: Uint32Array.from(column(0)),
    tag: new Uint32Array(rows.length),
    plugin: new Uint32Array(rows.length).fill(3),
    count: zeros,
    minStep: zeros,
    maxStep: zeros,
    firstWall: zeros,
    lastWall: zeros,
    lastValue: zeros,
    nonFinite: zeros,
    restarts: column(1),
    superseded: column(2),
    restartStep: column(3),
    dropped: column(4),
    isMatrix: zeros,
  };
  catalogue.apply(delta);
  return catalogue;
}

const place = { before: 'f1', after: 'f2', step: 40, lastStep: 59, tags: 2, restarts: 2, superseded: 30 };
const report: RestartReport = {
  run: 'a',
  fileCount: 2,
  files: [
    { name: 'f1', points: 90 },
    { name: 'f2', points: 1 },
  ],
  placeCount: 1,
  places: [place],
};

test('restarts of a run are those of all its tags', () => {
  const catalogue = catalogueOf([
    [0, 1, 20, 41, 20],
    [1, 0, 0, NaN, 0],
    [0, 2, 10, 40, 0],
    [2, 1, 3, 0, 0],
    [2, 0, 0, NaN, 5],
  ]);
  const together = restartsOf(catalogue, () => 'a');
  expect([...together]).toEqual([['a', { restarts: 2, step: 0, superseded: 33, dropped: 25 }]]);
  expect([...restartsOf(catalogue)]).toEqual([
    ['a', { restarts: 2, step: 40, superseded: 30, dropped: 20 }],
    ['c', { restarts: 1, step: 0, superseded: 3, dropped: 5 }],
  ]);
});

test('a badge says where, how often and how much', () => {
  const once = { restarts: 1, step: 12_000, superseded: 260, dropped: 0 };
  const twice = { restarts: 2, step: 40, superseded: 1, dropped: 0 };
  expect(restartText(once, 'latest')).toBe('Restarted at step 12,000: 260 points superseded');
  expect(restartText(twice, 'none')).toBe('Restarted 2 times, first at step 40: 1 point written again');
  expect(restartBadge(once, 'latest')).toBe('12k · 260 pts');
  expect(restartBadge(twice, 'split')).toBe('40 · 1 pt');
});

test('what TensorBoard leaves out is not what was written again', () => {
  const run = { restarts: 1, step: 40, superseded: 30, dropped: 0 };
  expect(restartText(run, 'tensorboard')).toBe('Restarted at step 40: TensorBoard leaves nothing out');
  const other = { restarts: 0, step: Infinity, superseded: 0, dropped: 1 };
  expect(restartText(other, 'tensorboard')).toBe('Not restarted: TensorBoard leaves out 1 point');
  expect(restartBadge(other, 'tensorboard')).toBe('1 pt');
  const [entry] = restartEntries([report], new Map([['a', { ...run, dropped: 7 }]]), 'tensorboard', String);
  expect(entry?.lines[0].title).toBe('Restarted at step 40: TensorBoard leaves out 7 points');
});

test('a place is told with its files, and files with their points', () => {
  expect(placeTexts(report, 'latest')).toEqual(['Step 59 back to 40 in 2 tags, 30 points superseded · f1 → f2']);
  expect(placeTexts({ ...report, placeCount: 3, places: [{ ...place, before: 'f2', tags: 1 }] }, 'split')).toEqual([
    'Step 59 back to 40 in 1 tag, 30 points written again · within f2',
    'and 2 more places',
  ]);
  expect(fileTexts({ ...report, fileCount: 3 })).toEqual(['f1 · 90 points', 'f2 · 1 point', 'and 1 more file']);
});

test('the report has an entry for each run, and those alike together', () => {
  const label = (run: string): string => (run === '.' ? 'logs' : run);
  const again = { ...place, restarts: 5, tags: 2, step: 7 };
  const runs = [report, { ...report, run: '.', places: [place, again] }, { ...report, run: 'b', places: [] }];
  const total = { restarts: 1, step: 40, superseded: 30, dropped: 30 };
  const totals = new Map([
    ['a', total],
    ['.', { ...total, restarts: 4, step: 7 }],
  ]);
  const entries = restartEntries(runs, totals, 'latest', label);
  expect(entries.map(({ run, lines }) => [run, ...lines.map(({ title }) => title)])).toEqual([
    ['a', 'Restarted at step 40', '2 files read as one run'],
    ['logs', 'Restarted 4 times, first at step 7', '2 files read as one run'],
    ['b', '2 files read as one run'],
  ]);
  expect(reportGroups(entries).map(({ title, severity }) => [title, severity])).toEqual([
    ['2 runs restarted', 'info'],
    ['1 run of several files', 'info'],
  ]);
  expect(reportText(entries.slice(2))).toBe('b\n  2 files read as one run\n    f1 · 90 points\n    f2 · 1 point');
});
