import { expect, test } from 'vitest';
import { ReadAhead } from '../../web/src/engine/embeddings/read_ahead';
import type { SourceRef } from '../../web/src/sources/source_ref';

const MIB = 1 << 20;
const source: SourceRef = { id: 1, path: 'a', size: 0, bytes: new ArrayBuffer(0) };
const FILE = Uint8Array.from({ length: 40 * MIB }, (_, i) => i >> 16);

/** A reader of a file of `size` bytes, and what it was asked for. */
function readerOf(size: number) {
  const asked: [from: number, to: number][] = [];
  const signals = new Set<AbortSignal>();
  const read = (_: SourceRef, from: number, to: number, signal: AbortSignal): Promise<Uint8Array<ArrayBuffer>> => {
    asked.push([from, to]);
    signals.add(signal);
    return Promise.resolve(FILE.slice(from, Math.min(to, size)));
  };
  return { asked, signals, read };
}

/** Takes `wanted` bytes from `from` on, as a task does: a MiB is needed each time. */
async function take(ahead: ReadAhead, from: number, wanted: number, size: number): Promise<number> {
  let at = from;
  let questions = 0;
  while (at < Math.min(from + wanted, size)) {
    const bytes = await ahead.bytes(source, { path: 'a', offset: at, length: MIB }, size);
    expect(bytes.length % MIB === 0 || at + bytes.length === size).toBe(true);
    expect([bytes[0], bytes.at(-1)]).toEqual([FILE[at], FILE[at + bytes.length - 1]]);
    at += bytes.length;
    questions++;
  }
  return questions;
}

test('a file that is read to its end is read once, in few pieces', async () => {
  const size = 37 * MIB + 5;
  const { asked, read } = readerOf(size);
  const questions = await take(new ReadAhead(new AbortController().signal, read), 0, size, size);
  expect(questions).toBeLessThan(10);
  let at = 0;
  for (const [from, to] of asked) {
    expect(from).toBe(at);
    at = to;
  }
  expect(at).toBeGreaterThanOrEqual(size);
  expect(asked.at(-1)?.[0]).toBeLessThan(size);
});

test('of a part of a large file no more is read ahead than was read before', async () => {
  const { asked, read } = readerOf(FILE.length);
  await take(new ReadAhead(new AbortController().signal, read), 5 * MIB, 3 * MIB, FILE.length);
  const most = Math.max(...asked.map(([, to]) => to));
  expect(most - 5 * MIB).toBeLessThanOrEqual(3 * 3 * MIB);
});

test('what was read ahead is not taken for another place', async () => {
  const { read } = readerOf(FILE.length);
  const ahead = new ReadAhead(new AbortController().signal, read);
  await take(ahead, 0, 4 * MIB, FILE.length);
  await take(ahead, 30 * MIB, 2 * MIB, FILE.length);
  await take(ahead, 3 * MIB, 2 * MIB, FILE.length);
});

test('a file that ends early gives what it has', async () => {
  const { read } = readerOf(3 * MIB + 7);
  const ahead = new ReadAhead(new AbortController().signal, read);
  const lengths: number[] = [];
  for (const offset of [0, MIB, 2 * MIB]) {
    lengths.push((await ahead.bytes(source, { path: 'a', offset, length: MIB }, FILE.length)).length);
  }
  expect(lengths).toEqual([MIB, MIB, MIB + 7]);
});

test('its end, and that of who asks, call off what is on its way', async () => {
  for (const byCaller of [false, true]) {
    const { signals, read } = readerOf(FILE.length);
    const caller = new AbortController();
    const ahead = new ReadAhead(caller.signal, read);
    await take(ahead, 0, 4 * MIB, FILE.length);
    if (byCaller) caller.abort();
    else ahead.stop();
    expect([...signals].every(({ aborted }) => aborted)).toBe(true);
  }
});
