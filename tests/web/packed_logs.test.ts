import { deflateRawSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { openPacked, packLogs, unpackLogs } from '../../web/src/sources/packed_logs';
import { Random } from './random';

const bytesOf = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);
const link = (head: string, ...rest: (string | Buffer)[]): string =>
  deflateRawSync(Buffer.concat([head, ...rest].map((part) => Buffer.from(part)))).toString('base64url');
const faultOf = (data: string): Promise<unknown> =>
  unpackLogs(data).then(
    () => 'none',
    ({ error }: { error: { code: string; detail: string } }) => `${error.code}: ${error.detail}`,
  );

test('logs come out of a link as they were put in', async () => {
  const random = new Random(3);
  const files = Array.from({ length: 5 }, (_, i) => ({
    path: `run ${i}/é/events.out.tfevents.${i}`,
    bytes: Uint8Array.from({ length: random.below(300) }, () => random.below(256)),
  }));
  const data = await packLogs(files);
  expect(data).toMatch(/^[\w-]+$/);
  expect(await unpackLogs(data as string)).toEqual(files);
});

test('logs that are too large, too many, or lead elsewhere do not go into a link', async () => {
  const random = new Random(3);
  const noise = Uint8Array.from({ length: 7000 }, () => random.below(256));
  expect(await packLogs([{ path: 'tfevents', bytes: noise }])).toBeUndefined();
  expect(await packLogs([{ path: 'tfevents', bytes: new Uint8Array(2 << 20) }])).toBeUndefined();
  const many = Array.from({ length: 300 }, (_, i) => ({ path: `tfevents.${i}`, bytes: bytesOf('') }));
  expect(await packLogs(many)).toBeUndefined();
  expect(await packLogs([{ path: '../tfevents', bytes: bytesOf('') }])).toBeUndefined();
});

test('are opened like a folder of the name in the link', async () => {
  const data = link('[["a/b/x.tfevents.1",3],["c.tfevents",0],["evil.html",1]]\n', 'abc', '!');
  const opened = await openPacked(data, 'my/logs');
  expect(opened.name).toBe('my logs');
  expect(opened.files.map(({ run, name }) => [run, name])).toEqual([
    ['.', 'c.tfevents'],
    ['a/b', 'x.tfevents.1'],
  ]);
  expect((await openPacked(data, '')).name).toBe('Logs of the link');
});

describe('a hostile link is refused', () => {
  test.each([
    ['%%%', ''],
    ['AAAA', ''],
    [link('[["a",1]]\n', 'x').slice(0, -4), ''],
    ['', ''],
    ['A'.repeat(9000), 'too long'],
    [link(`[["a",${5 << 20}]]\n`, Buffer.alloc(5 << 20)), 'unpacks to more than 1 MB'],
    [link('nothing'), 'no list of files'],
    [link('{"__proto__":1}\n'), 'no list of files'],
    [link('[["a"]]\n'), 'no list of files'],
    [link('[["a",-1]]\n'), 'no list of files'],
    [link('[["a",1.5]]\n'), 'no list of files'],
    [link(`[${Array.from({ length: 300 }, (_, i) => `["${i}",0]`).join()}]\n`), 'no list of files'],
    [link('[["a",9007199254740991],["b",9007199254740991]]\n'), 'sizes that do not add up'],
    [link('[["a",2]]\n', 'x'), 'sizes that do not add up'],
    [link('[["a",1]]\n', 'xy'), 'sizes that do not add up'],
    [link('[["a",1],["a",1]]\n', 'xy'), 'two files of one name'],
    ...['../a', 'a/../b', '/a', 'a//b', 'a/', './a', '', 'a\\..\\b', 'a\\u0000b', 'a'.repeat(501)].map((path) => [
      link(`[["${path.replaceAll('\\', path.includes('u0000') ? '\\' : '\\\\')}",0]]\n`),
      'a path that leads elsewhere',
    ]),
  ])('%#', async (data, detail) => expect(await faultOf(data)).toBe(`bad_link_data: ${detail}`));
});
