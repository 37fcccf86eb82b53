import { setMaxListeners } from 'node:events';
import { beforeEach, expect, expectTypeOf, test, vi } from 'vitest';
import type { Answer } from '../../web/src/engine/asker';
import type { OpenFile } from '../../web/src/sources/event_files';
import { ReaderWorker } from '../../web/src/engine/reader_worker';
import type { ValuesReplies, ValuesRequestBody, ValuesRequestType } from '../../web/src/engine/values/values_protocol';
import { ValuesWorker } from '../../web/src/engine/values/values_worker';
import type { SourceRef } from '../../web/src/sources/source_ref';
import { FakeWasm, noArchives } from './fake_wasm';

// Both workers in this very thread, with the channel between them.
setMaxListeners(0);

let wasm: FakeWasm;
let reader: ReaderWorker;
let values: ValuesWorker;
let answers: Answer[];
let fatal: unknown[];
let lastId: number;

async function start(maxValueBytes?: number): Promise<void> {
  wasm = new FakeWasm();
  [answers, fatal, lastId] = [[], [], 0];
  reader = new ReaderWorker(
    () => undefined,
    () => Promise.resolve(wasm.reader),
  );
  values = new ValuesWorker(
    (message) => ('ok' in message ? answers.push(message) : fatal.push(message.error)),
    () => Promise.resolve(wasm.values),
    maxValueBytes,
  );
  const { port1, port2 } = new MessageChannel();
  await reader.handle({ id: 1, type: 'init', wasm: new ArrayBuffer(0), archives: noArchives });
  await reader.handle({ id: 2, type: 'connect', port: port1 });
  await values.handle({ id: 0, type: 'init', wasm: new ArrayBuffer(0), reader: port2 });
}
beforeEach(() => start());

/** Sends a request and gives its response. */
async function ask(request: ValuesRequestBody): Promise<Answer> {
  const id = ++lastId;
  await values.handle({ ...request, id });
  return answers.find((answer) => answer.id === id) as Answer;
}

let lastSource = 0;
const fileOf = (content: string): OpenFile => {
  const blob = new Blob([content]);
  return { source: { id: ++lastSource, path: 'x', blob, size: blob.size }, run: '.', name: 'x' };
};
const withSource = (source: Partial<SourceRef> & object): OpenFile => ({
  source: { id: ++lastSource, path: 'x', ...source } as SourceRef,
  run: '.',
  name: 'x',
});
const open = (file: OpenFile): Promise<void> => reader.handle({ id: 3, type: 'open', files: [file] });

test('every request has a reply', () => {
  expectTypeOf<keyof ValuesReplies>().toEqualTypeOf<ValuesRequestType>();
});

const found = { file: 0, offset: 2, length: 3 };
const value = { type: 'value', series: 4, point: 1 } as const;

test('are decoded from the bytes of their file', async () => {
  await open(fileOf('ab123cd'));
  wasm.payload = found;
  wasm.facts = '{"kind":"message","storage":"histo","bytes":3}';
  expect(await ask(value)).toMatchObject({
    ok: true,
    body: { facts: { kind: 'message', storage: 'histo', bytes: 3 }, numbers: expect.any(Float64Array) as unknown },
  });
  expect(new TextDecoder().decode(wasm.valueInput)).toBe('123');
  const content = await ask({ type: 'content', series: 4, point: 1 });
  expect(content.ok && new TextDecoder().decode(content.body as ArrayBuffer)).toBe('123');
  expect(wasm.released).toBe(0);
});

test('give their memory back when they are large', async () => {
  await open(fileOf('x'.repeat(1_100_000)));
  wasm.payload = { ...found, length: 1_048_570 };
  await ask(value);
  expect(wasm.released).toBe(1);
});

test('are null without a payload', async () => {
  expect(await ask(value)).toMatchObject({ ok: true, body: null });
  expect(await ask({ type: 'content', series: 4, point: 1 })).toMatchObject({ ok: true, body: null });
});

test('that are too big are not loaded, but can be saved as they are', async () => {
  await start(2);
  await open(fileOf('ab123cd'));
  wasm.payload = found;
  expect(await ask(value)).toMatchObject({ ok: false, error: { code: 'value_too_big', detail: '3 B' } });
  expect(wasm.valueInput).toHaveLength(0);
  const content = await ask({ type: 'content', series: 4, point: 1 });
  expect(content.ok && new TextDecoder().decode(content.body as ArrayBuffer)).toBe('123');
});

test('of a file that is shorter now, or gone, say so', async () => {
  await open(fileOf('ab1'));
  wasm.payload = found;
  expect(await ask(value)).toMatchObject({ ok: false, error: { code: 'changed_on_disk' } });
  let reads = 0;
  const getFile = () =>
    reads++ < 2 ? Promise.resolve(new File(['abcdef'], 'x')) : Promise.reject(new DOMException('', 'NotReadableError'));
  await open(withSource({ handle: { kind: 'file', getFile } } as never));
  wasm.payload = { ...found, file: 1 };
  expect(await ask(value)).toMatchObject({ ok: false, error: { code: 'changed_on_disk' } });
  wasm.payload = { ...found, file: 99 };
  expect(await ask(value)).toMatchObject({ ok: false, error: { code: 'unreadable' } });
});

test('can be cancelled while their bytes are read', async () => {
  let read = (_: File): void => undefined;
  let reads = 0;
  const getFile = () =>
    reads++ < 2 ? Promise.resolve(new File(['abcdef'], 'x')) : new Promise<File>((resolve) => (read = resolve));
  await open(withSource({ handle: { kind: 'file', getFile } } as never));
  wasm.payload = found;
  const answer = ask(value);
  await vi.waitUntil(() => reads === 3);
  await ask({ type: 'cancel', target: lastId });
  read(new File(['abcdef'], 'x'));
  expect(await answer).toMatchObject({ ok: false, error: { code: 'cancelled' } });
  expect(wasm.valueInput).toHaveLength(0);
});

test('histograms are decoded once, from few stretches of their file', async () => {
  await open(fileOf('0123456789'));
  wasm.undecoded = [
    [0, 0, 1, 2],
    [1, 0, 5, 3],
  ];
  wasm.numbers = [1, 2];
  const points = Uint32Array.of(0, 1);
  expect(await ask({ type: 'histogramFacts', series: 4, points })).toMatchObject({ body: Float64Array.of(1, 2) });
  const decoder = new TextDecoder();
  expect(wasm.decoded.map(({ point, bytes }) => [point, decoder.decode(bytes)])).toEqual([
    [0, '12'],
    [1, '567'],
  ]);
  await ask({ type: 'histogramFacts', series: 4, points });
  expect(wasm.decoded).toHaveLength(2);
});

test('when its wasm aborts, that is told once, and asking goes on to say so', async () => {
  wasm.abort = true;
  const dead = { ok: false, error: { code: 'wasm_abort', detail: 'Aborted(OOM)' } };
  const points = Uint32Array.of();
  expect(await ask({ type: 'histogramFacts', series: 0, points })).toMatchObject(dead);
  expect(await ask({ type: 'value', series: 0, point: 0 })).toMatchObject(dead);
  expect(fatal).toEqual([dead.error]);
});
