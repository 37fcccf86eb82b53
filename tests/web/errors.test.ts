import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { errorText, kindText } from '../../web/src/model/errors';
import type { ErrorCode } from '../../web/src/faults/fault';

const header = (path: string): string => readFileSync(new URL(`../../wasm/${path}`, import.meta.url), 'utf8');

test('every kind of wasm’s report has words', () => {
  const kinds = [...header('log/report_kinds.h').matchAll(/X\(k\w+, "(\w+)"/g)].map(([, kind]) => kind as string);
  expect(kinds.length).toBeGreaterThan(5);
  for (const kind of kinds) {
    expect(kindText(kind, 1)).not.toContain(kind.replaceAll('_', ' ') + ':');
    expect(kindText(kind, 1)).not.toMatch(/\b1 \w+s\b/);
  }
  expect(kindText('from_the_future', 1200)).toBe('from the future: 1,200');
});

test('every error code of wasm has words', () => {
  const codes = [...header('base/error_code.h').matchAll(/return "(\w+)";/g)].map(([, code]) => code as ErrorCode);
  expect(codes).toContain('too_big');
  for (const code of codes.filter((code) => (code as string) !== 'none')) {
    expect(errorText({ code })).not.toBe(errorText({ code: 'unknown' as ErrorCode }));
  }
});

test('every fault of an archive has words of its own, with the limit', () => {
  const faults = [...header('archive/archive_fault.h').matchAll(/return "(\w+)";/g)].map(
    ([, fault]) => fault as string,
  );
  expect(faults.length).toBeGreaterThan(10);
  const codes = { too_many_bytes: 'too_big', too_many_entries: 'too_big', ratio: 'too_big' } as const;
  for (const detail of faults.filter((fault) => fault !== 'none')) {
    const code = (codes as Partial<Record<string, ErrorCode>>)[detail] ?? 'bad_archive';
    expect(errorText({ code, detail, limit: 8e9 })).toMatch(/^The (name in the )?archive/);
    expect(errorText({ code, detail, limit: 8e9 })).not.toContain(`(${detail})`);
  }
  expect(errorText({ code: 'too_big', detail: 'ratio', limit: 300, file: 'x.zip' })).toBe(
    'The archive is too big, it unpacks to more than 300 times its size, as zip bombs do: not unpacked, x.zip',
  );
  expect(errorText({ code: 'too_big', detail: 'too_many_bytes', limit: 8e9 })).toContain('8 GB');
  // Another file's.
  expect(errorText({ code: 'unreadable', detail: 'size' })).toContain('(size)');
});

test('a sentence has the technical name in brackets, and the file last', () => {
  expect(errorText({ code: 'changed_on_disk', detail: 'NotReadableError', file: 'a/b' })).toBe(
    'The file changed on disk while it was open: pick it again (NotReadableError), a/b',
  );
  expect(errorText({ code: 'http_status', detail: '404' })).toBe('The host refused to send the file (HTTP 404)');
});
