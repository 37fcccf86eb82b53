import { expect, test } from 'vitest';
import type { FileReport, Severity } from '../../web/src/engine/protocol';
import {
  isFault,
  reportEntries,
  reportGroups,
  reportParts,
  reportText,
  type ReportGroup,
  type ReportLine,
} from '../../web/src/model/report_items';

const file = (name: string, report: Partial<FileReport>): FileReport => {
  return { run: 'a', name, size: 100, records: 0, counts: [], places: [], ...report };
};

test('a file is one entry, its error first, then what was counted in it', () => {
  const counts = [
    { kind: 'truncated', severity: 'note' as const, count: 1 },
    { kind: 'data_crc', severity: 'loss' as const, count: 2 },
  ];
  const [entry, ...others] = reportEntries([file('x', { error: { code: 'unreadable' }, counts })]);
  expect(others).toEqual([]);
  expect(entry?.lines.map(({ severity }) => severity)).toEqual(['error', 'loss', 'note']);
});

test('a record is not listed twice, whatever else is wrong with it', () => {
  const counts = (['data_crc', 'proto'] as const).map((kind) => ({ kind, severity: 'loss' as const, count: 2 }));
  const places = [
    { kind: 'data_crc', offset: 10, bytes: 5 },
    { kind: 'proto', offset: 10, bytes: 5 },
    { kind: 'data_crc', offset: 1000, bytes: 5 },
    { kind: 'proto', offset: 2000, bytes: 5 },
  ];
  const [entry] = reportEntries([file('x', { counts, places })]);
  expect(entry?.lines.map((line) => [line.places.map(({ text }) => text), line.more])).toEqual([
    [['byte 10 · 5 B', 'byte 1,000 · 5 B'], 0],
    [['byte 2,000 · 5 B'], 0],
  ]);
});

test('places beyond those listed are counted', () => {
  const places = Array.from({ length: 20 }, (_, i) => ({ kind: 'proto', offset: i * 10, bytes: 10 }));
  const [entry] = reportEntries([file('x', { counts: [{ kind: 'proto', severity: 'loss', count: 50 }], places })]);
  expect(entry?.lines[0].more).toBe(30);
});

test('files that are alike are one group, the worst first, with all their records counted', () => {
  const damaged = (count: number): Partial<FileReport> => ({ counts: [{ kind: 'proto', severity: 'loss', count }] });
  const foreign: Partial<FileReport> = { error: { code: 'not_an_event_file' }, looksLike: 'gzip' };
  const files = [
    file('1', { counts: [{ kind: 'truncated', severity: 'note', count: 1 }] }),
    ...[file('2', damaged(1)), file('3', damaged(2)), file('4', foreign), file('5', foreign)],
    file('6', { ...foreign, looksLike: 'image' }),
  ];
  const entries = reportEntries(files);
  expect(reportGroups(entries).map((group) => [group.title, group.entries.length])).toEqual([
    ['Not an event file: it is compressed (gzip). Unpack it first', 2],
    ['Not an event file: it looks like an image', 1],
    ['3 records could not be decoded, skipped', 2],
    ['File ends inside a record (normal while a run is being written)', 1],
  ]);
  expect(entries.filter(isFault)).toHaveLength(5);
});

test('files that reading was cancelled in are together, each with how far it was read', () => {
  const cancelled = (offset: number): Partial<FileReport> => ({ error: { code: 'cancelled', offset, size: 200 } });
  const groups = reportGroups(reportEntries([file('x', cancelled(81)), file('y', cancelled(0))]));
  expect(groups).toHaveLength(1);
  expect(groups[0]?.entries.map(({ lines }) => lines[0].places)).toEqual([
    [{ text: 'read to 40 %' }],
    [{ text: 'not read' }],
  ]);
});

test('of damage its bytes are told, the checksums, and the steps on either side', () => {
  const place = { kind: 'data_crc', offset: 4096, bytes: 838, stored: '9e3d41c2', computed: '17b08a5e' };
  const steps = { stepBefore: '46100', stepAfter: '9007199254740993' };
  const start = '1e00000000000000'.repeat(2) + '5c7f';
  const counts = [{ kind: 'data_crc', severity: 'loss' as const, count: 1 }];
  const saying = (more: object): string =>
    reportText(reportEntries([file('x', { counts, places: [{ ...place, ...more }] })]));
  expect(
    saying({ ...steps, start })
      .split('\n')
      .slice(2),
  ).toEqual([
    '    byte 4,096 · 838 B',
    '      lost between steps 46,100 and 9,007,199,254,740,993',
    '      stored checksum 9e3d41c2, computed 17b08a5e',
    '      00001000  1e 00 00 00 00 00 00 00 1e 00 00 00 00 00 00 00',
    '      00001010  5c 7f',
  ]);
  expect(saying({ stepBefore: '-1' })).toContain('lost after step −1');
  expect(saying({ stepAfter: '7' })).toContain('lost before step 7');
  expect(saying({ stepBefore: '7', stepAfter: '7' })).toContain('lost at step 7');
});

test('as text, each file with all that is said of it', () => {
  const counts = [{ kind: 'proto', severity: 'loss' as const, count: 1 }];
  const places = [{ kind: 'proto', offset: 7, bytes: 9 }];
  expect(reportText(reportEntries([file('x', { counts, places })]))).toBe(
    'a / x\n  1 record could not be decoded, skipped\n    byte 7 · 9 B',
  );
});

test('a file in an archive is named by its place there, and what holds no logs is no fault', () => {
  const path = 'logs.zip/a/x';
  const entries = reportEntries([
    file('x', { path, error: { code: 'bad_archive', detail: 'checksum' } }),
    file('y.zip', { error: { code: 'nested_archive' } }),
    file('z.zip', { error: { code: 'no_event_files' } }),
    file('z', { error: { code: 'several_of_a_name' } }),
  ]);
  expect(reportText(entries)).toContain(`${path}\n  The archive is damaged`);
  expect(entries.map(isFault)).toEqual([true, true, false, false]);
});

test('a report can be narrowed to what was lost, to restarts, to notes', () => {
  const group = (kind: string, severity: Severity): ReportGroup => {
    const line: ReportLine = { kind, severity, title: kind, places: [], more: 0, count: 1 };
    return { kind, severity, title: kind, entries: [{ run: '.', file: 'x', lines: [line] }] };
  };
  const groups = [group('data_crc', 'loss'), group('restart', 'info'), group('truncated', 'note')];
  const kinds = reportParts(groups).map(({ part, groups }) => [part, ...groups.map(({ kind }) => kind)]);
  expect(kinds).toEqual([
    ['all', 'data_crc', 'restart', 'truncated'],
    ['lost', 'data_crc'],
    ['restarts', 'restart'],
    ['notes', 'truncated'],
  ]);
  expect(reportParts([])).toEqual([]);
});
