import { setMaxListeners } from 'node:events';
import { beforeEach, describe, expect, expectTypeOf, test, vi } from 'vitest';
import type { Notice, Replies, RequestBody, RequestType, Response } from '../../web/src/engine/protocol';
import type { OpenFile } from '../../web/src/sources/event_files';
import type { WireError } from '../../web/src/faults/fault';
import { PURGES } from '../../web/src/engine/protocol';
import { FeedStatus } from '../../web/src/engine/reader_session';
import { ReaderWorker } from '../../web/src/engine/reader_worker';
import type { SourceRef } from '../../web/src/sources/source_ref';
import { FakeWasm, noArchives } from './fake_wasm';

type NoticeOf<T extends Notice['type']> = Extract<Notice, { type: T }>;

let wasm: FakeWasm;
let worker: ReaderWorker;
let notices: Notice[];
let responses: Response[];
let lastId: number;

const send = (request: RequestBody): Promise<void> => worker.handle({ ...request, id: ++lastId });
/** Sends a request and gives its response. */
async function ask(request: RequestBody): Promise<Response> {
  const id = lastId + 1;
  await send(request);
  return responses.find((response) => response.id === id) as Response;
}
const noticesOf = <T extends Notice['type']>(type: T): NoticeOf<T>[] =>
  notices.filter((notice): notice is NoticeOf<T> => notice.type === type);
const lastStates = (): string[] => {
  const states: string[] = [];
  for (const { files } of noticesOf('progress')) for (const { file, state } of files) states[file] = state;
  return states;
};

let lastSource = 0;
const fileOf = (content: string | Uint8Array<ArrayBuffer>, name = 'events.tfevents.1', run = '.'): OpenFile => {
  const blob = new Blob([content]);
  return { source: { id: ++lastSource, path: `${run}/${name}`, blob, size: blob.size }, run, name };
};
const withSource = (source: Partial<SourceRef> & object, name = 'events.tfevents.1'): OpenFile => ({
  source: { id: ++lastSource, path: name, ...source } as SourceRef,
  run: '.',
  name,
});

beforeEach(async () => {
  wasm = new FakeWasm();
  notices = [];
  responses = [];
  lastId = 0;
  worker = new ReaderWorker(
    (message) => ('ok' in message ? responses.push(message as Response) : notices.push(message)),
    () => Promise.resolve(wasm.reader),
  );
  await send({ type: 'init', wasm: new ArrayBuffer(0), archives: noArchives });
});

test('every request has a reply', () => {
  expectTypeOf<keyof Replies>().toEqualTypeOf<RequestType>();
});

test('a purge is of all that is asked afterwards', async () => {
  expect(await ask({ type: 'purge', purge: 'split' })).toMatchObject({ ok: true });
  expect(PURGES[wasm.purge]).toBe('split');
});

test('tells where runs were restarted', async () => {
  wasm.restarts = '[{"run":"a"}]';
  await send({ type: 'purge', purge: 'latest' });
  expect(noticesOf('restarts')).toEqual([{ type: 'restarts', runs: [{ run: 'a' }] }]);
});

describe('reading', () => {
  test('feeds the bytes of every file, in pieces of at most 1 MiB', async () => {
    const large = new Uint8Array(2_500_000).map((_, i) => i);
    await send({ type: 'open', files: [fileOf('small'), fileOf(large, 'large'), fileOf('', 'empty')] });
    expect(wasm.text(0)).toBe('small');
    const pieces = wasm.files[1]?.pieces ?? [];
    expect(Buffer.concat(pieces).equals(large)).toBe(true);
    expect(Math.max(...pieces.map(({ length }) => length))).toBeLessThanOrEqual(1 << 20);
    expect(wasm.files.map(({ size, finished }) => [size, finished])).toEqual([
      [5, true],
      [2_500_000, true],
      [0, true],
    ]);
    expect(lastStates()).toEqual(['done', 'done', 'done']);
    expect(responses.at(-1)).toEqual({ id: 2, ok: true, body: null });
  });

  test('keeps the order of the files, however many are read ahead', async () => {
    const files = Array.from({ length: 50 }, (_, i) => fileOf(String(i), `events.tfevents.${i}`));
    await send({ type: 'open', files });
    expect(wasm.files.map((_, i) => wasm.text(i))).toEqual(files.map((_, i) => String(i)));
  });

  test.each([['small'], ['x'.repeat(1_200_000)]])('goes back and looks ahead as wasm asks', async (content) => {
    const answers = [
      { status: FeedStatus.Need, offset: 2, length: 3 },
      { status: FeedStatus.Need, offset: content.length - 1, length: 100 },
      { status: FeedStatus.Rewind, offset: 1 },
    ];
    wasm.onBytes = () => answers.shift() ?? { status: FeedStatus.More };
    await send({ type: 'open', files: [fileOf(content)] });
    const [file] = wasm.files;
    const decoder = new TextDecoder();
    expect(file?.provided.map((bytes) => decoder.decode(bytes))).toEqual([content.slice(2, 5), content.slice(-1)]);
    expect(wasm.text(0).endsWith(content.slice(1))).toBe(true);
    expect(file?.finished).toBe(true);
    expect(file?.abandoned).toBe(false);
  });

  test('goes back after the end, too', async () => {
    const answers = [{ status: FeedStatus.More }, { status: FeedStatus.Rewind, offset: 3 }];
    wasm.onBytes = () => answers.shift() ?? { status: FeedStatus.More };
    await send({ type: 'open', files: [fileOf('abcdef')] });
    expect(wasm.text(0)).toBe('abcdefdef');
    expect(lastStates()).toEqual(['done']);
  });

  test('leaves a file that wasm wants no more of', async () => {
    wasm.onBytes = ({ name }) => ({ status: name === 'big' ? FeedStatus.Stop : FeedStatus.More });
    await send({ type: 'open', files: [fileOf('a', 'big'), fileOf('b', 'next')] });
    expect(wasm.files.map(({ abandoned, finished }) => [abandoned, finished])).toEqual([
      [true, false],
      [false, true],
    ]);
    expect(lastStates()).toEqual(['failed', 'done']);
  });

  test.each([
    ['NotReadableError', 'changed_on_disk'],
    ['NotFoundError', 'unreadable'],
  ])('reports %s and goes on with the others', async (name, code) => {
    const handle = { kind: 'file', getFile: () => Promise.reject(new DOMException('no', name)) };
    wasm.report = JSON.stringify([
      { run: '.', name: 'c', size: 1, records: 0, counts: [{ kind: 'proto' }], places: [] },
    ]);
    await send({ type: 'open', files: [withSource({ handle } as never, 'a'), fileOf('b', 'b')] });
    expect(wasm.text(0)).toBe('b');
    expect(lastStates()).toEqual(['failed', 'done']);
    const report = noticesOf('report').at(-1)?.files ?? [];
    expect(report.map((file) => [file.name, file.error?.code])).toEqual([
      ['c', undefined],
      ['a', code],
    ]);
  });

  test('a file that breaks off keeps what was found in it', async () => {
    const broken = new Blob(['x'.repeat(2_000_000)]);
    const stream = (): ReadableStream =>
      new ReadableStream({
        start(controller) {
          controller.enqueue(new Uint8Array(10));
        },
        pull: () => Promise.reject(new DOMException('gone', 'NotReadableError')),
      });
    broken.slice = () => Object.assign(new Blob(), { stream });
    wasm.report = JSON.stringify([{ run: '.', name: 'a', size: 10, records: 1, counts: [], places: [] }]);
    await send({ type: 'open', files: [withSource({ blob: broken, size: broken.size }, 'a')] });
    expect(wasm.files[0]).toMatchObject({ abandoned: true, finished: false });
    const report = noticesOf('report').at(-1)?.files;
    expect(report).toMatchObject([{ name: 'a', records: 1, error: { code: 'changed_on_disk' } }]);
  });

  test('reads on in a fresh File when the file has grown', async () => {
    const content = new Uint8Array(2_000_000).fill(7);
    let files = 0;
    const getFile = (): Promise<Blob> => {
      const blob = new Blob([content]);
      // The second one is that of the stream; it fails after its first chunk, as an old File does.
      if (++files !== 2) return Promise.resolve(blob);
      let pulls = 0;
      const stream = (): ReadableStream =>
        new ReadableStream(
          {
            pull(controller) {
              if (++pulls > 1) throw new DOMException('changed', 'NotReadableError');
              controller.enqueue(content.subarray(0, 1000));
            },
          },
          { highWaterMark: 0 },
        );
      blob.slice = () => Object.assign(new Blob(), { stream });
      return Promise.resolve(blob);
    };
    await send({ type: 'open', files: [withSource({ handle: { kind: 'file', getFile }, size: 2_000_000 } as never)] });
    expect(files).toBe(3);
    expect(Buffer.concat(wasm.files[0]?.pieces ?? []).equals(content)).toBe(true);
    expect(lastStates()).toEqual(['done']);
  });

  test('stops when it is cancelled; what was read stays', async () => {
    const files = [fileOf('x'.repeat(3_000_000), 'a'), fileOf('b', 'b')];
    wasm.onBytes = () => {
      void send({ type: 'cancel', target: 2 });
      return { status: FeedStatus.More };
    };
    await send({ type: 'open', files });
    expect(wasm.files).toHaveLength(1);
    expect(wasm.files[0]).toMatchObject({ abandoned: true, finished: false });
    expect(lastStates()).toEqual(['cancelled', 'cancelled']);
  });

  test('answers queries meanwhile', async () => {
    wasm.onBytes = () => {
      const start = performance.now();
      while (performance.now() < start + 3);
      return { status: FeedStatus.More };
    };
    const channel = new MessageChannel();
    const order: string[] = [];
    const asked = new Promise<void>((resolve) => {
      channel.port1.onmessage = () =>
        void send({ type: 'points', series: 0 }).then(() => (order.push('points'), resolve()));
    });
    const open = send({ type: 'open', files: [fileOf('x'.repeat(20 << 20))] }).then(() => order.push('open'));
    channel.port2.postMessage(null);
    await Promise.all([open, asked]);
    channel.port1.close();
    expect(order).toEqual(['points', 'open']);
  });
});

// So many reads at a time listen whether they are cancelled.
setMaxListeners(0);

describe('URL sources', () => {
  const url: OpenFile = withSource({ url: 'http://host/events', size: 3_000_000 });
  const chunk = (read: number, content: string, done = false): Promise<void> =>
    send({ type: 'chunk', read, bytes: new TextEncoder().encode(content).buffer, done });
  const reads = async (count: number): Promise<NoticeOf<'read'>[]> => {
    await vi.waitUntil(() => noticesOf('read').length >= count);
    return noticesOf('read');
  };

  test('are asked of the page, and chunks answered when they are decoded', async () => {
    const open = send({ type: 'open', files: [url] });
    const [read] = await reads(1);
    expect(read).toMatchObject({ source: url.source, from: 0 });
    // What it is can be told by then.
    const content = 'abc'.padEnd(512);
    await chunk(1, content);
    expect(wasm.text(0)).toBe(content);
    await chunk(1, '', true);
    await open;
    expect(wasm.files[0]).toMatchObject({ size: -1, finished: true });
    expect(noticesOf('readDone')).toEqual([{ type: 'readDone', read: 1 }]);
    // One that was on its way is answered, too.
    expect(await ask({ type: 'chunk', read: 1, bytes: new ArrayBuffer(1), done: false })).toMatchObject({ ok: true });
  });

  test('are read again from where wasm wants', async () => {
    const answers = [
      { status: FeedStatus.Need, offset: 5, length: 2 },
      { status: FeedStatus.Rewind, offset: 1 },
    ];
    wasm.onBytes = () => answers.shift() ?? { status: FeedStatus.More };
    const open = send({ type: 'open', files: [url] });
    await reads(1);
    const content = 'abc'.padEnd(512);
    void chunk(1, content);
    expect((await reads(2))[1]).toMatchObject({ from: 5, to: 7 });
    await chunk(2, 'fg', true);
    expect((await reads(3))[2]).toMatchObject({ from: 1 });
    await chunk(3, 'bcdefg', true);
    await open;
    expect(wasm.text(0)).toBe(`${content}bcdefg`);
    expect(responses).toHaveLength(5);
  });

  test('small ones are fetched ahead', async () => {
    const numbers = Array.from({ length: 40 }, (_, i) => i + 1);
    const small = numbers.map((i) => withSource({ url: `http://host/${i}`, size: 3 }, String(i)));
    const open = send({ type: 'open', files: small });
    // As many as are asked for before any has come: a page that draws has few turns for each.
    await reads(32);
    expect(noticesOf('read')).toHaveLength(32);
    for (const read of numbers.slice(0, 32).reverse()) await chunk(read, `of${read}`, true);
    await reads(40);
    for (const read of numbers.slice(32)) await chunk(read, `of${read}`, true);
    await open;
    expect(numbers.map((i) => wasm.text(i - 1))).toEqual(numbers.map((i) => `of${i}`));
  });

  test('that fail are reported', async () => {
    const error: WireError = { code: 'http_status', detail: '404' };
    const open = send({ type: 'open', files: [url] });
    await reads(1);
    await send({ type: 'chunkFailed', read: 1, error });
    await open;
    expect(noticesOf('report').at(-1)?.files).toMatchObject([{ error }]);
    expect(lastStates()).toEqual(['failed']);
  });
});

describe('queries', () => {
  test('cross as numbers', async () => {
    wasm.numbers = [0, 10, 0, 1, 0, 1, 0, 0, 5, 0.5];
    const chart = {
      x: 'wall',
      from: NaN,
      to: 7,
      pixels: 640,
      smoothing: 0.6,
      clipOutliers: true,
      logY: false,
    } as const;
    const response = await ask({ type: 'lines', charts: [{ ...chart, series: Uint32Array.of(3, 1) }] });
    expect(wasm.input.slice(0, 10)).toEqual([2, NaN, 7, 640, 0.6, 1, 0, 2, 3, 1]);
    expect(response.ok && [...new Float64Array(response.body as ArrayBuffer)]).toEqual(wasm.numbers);
  });

  test('a pick has an exact step', async () => {
    const [step] = new Float64Array(BigInt64Array.of(2n ** 53n + 1n).buffer);
    wasm.numbers = [1, 2, 3, 4, 5, 6, 0, 0, step as number];
    const response = await ask({ type: 'pick', series: Uint32Array.of(9), x: 'step', at: 1, smoothing: 0 });
    expect(response).toMatchObject({ ok: true });
    expect(response.ok && response.body).toEqual({
      rows: Float64Array.of(1, 2, 3, 4, 5, 6, 0, 0),
      steps: BigInt64Array.of(2n ** 53n + 1n),
    });
  });
});

describe('points', () => {
  test('steps and points are exact', async () => {
    const word = (step: bigint): number => new Float64Array(BigInt64Array.of(step).buffer)[0] as number;
    const big = 2n ** 53n + 1n;
    wasm.numbers = [word(-1n), word(big), 0, 1];
    expect(await ask({ type: 'steps', series: Uint32Array.of(3, 4) })).toMatchObject({
      body: { steps: BigInt64Array.of(-1n, big), inEveryRun: Uint8Array.of(0, 1) },
    });
    expect(wasm.input).toEqual([3, 4]);
    wasm.numbers = [word(big), word(0n), 1.5, NaN, 0, 7, 1, 0];
    expect(await ask({ type: 'points', series: 3 })).toMatchObject({
      body: {
        steps: BigInt64Array.of(0n, big),
        wallTimes: Float64Array.of(NaN, 1.5),
        points: Uint32Array.of(7, 0),
        hasPayload: Uint8Array.of(0, 1),
      },
    });
  });
});

describe('when wasm aborts', () => {
  const dead = { ok: false, error: { code: 'wasm_abort', detail: 'Aborted(OOM)' } };

  test('while reading, all ends with its code', async () => {
    wasm.onBytes = () => {
      wasm.abort = true;
      return { status: FeedStatus.More };
    };
    expect(await ask({ type: 'open', files: [fileOf('x'.repeat(3_000_000)), fileOf('b')] })).toMatchObject(dead);
    expect(noticesOf('fatal')).toEqual([{ type: 'fatal', error: dead.error }]);
    expect(await ask({ type: 'points', series: 0 })).toMatchObject(dead);
    expect(await ask({ type: 'open', files: [fileOf('b')] })).toMatchObject(dead);
    expect(wasm.files).toHaveLength(1);
  });

  test('in a query, the reading ends, too', async () => {
    wasm.onBytes = () => {
      wasm.abort = true;
      void send({ type: 'pick', series: Uint32Array.of(1), x: 'step', at: 0, smoothing: 0 });
      return { status: FeedStatus.More };
    };
    expect(await ask({ type: 'open', files: [fileOf('x'.repeat(3_000_000))] })).toMatchObject(dead);
    expect(noticesOf('fatal')).toHaveLength(1);
  });
});

test('a request before init is a bug, said so', async () => {
  worker = new ReaderWorker(
    (message) => void ('ok' in message && responses.push(message as Response)),
    () => Promise.reject(new Error('no memory')),
  );
  expect(await ask({ type: 'points', series: 0 })).toMatchObject({ ok: false, error: { code: 'bug' } });
  expect(await ask({ type: 'init', wasm: new ArrayBuffer(0), archives: noArchives })).toMatchObject({
    ok: false,
    error: { code: 'bug', detail: 'Error: no memory' },
  });
});
