/** URL chunks between page and worker: never more on the way than are used, and none forgotten. */
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Notice, RequestBody } from '../../web/src/engine/protocol';
import { RemoteReads } from '../../web/src/engine/remote_reads';
import { UrlPump } from '../../web/src/engine/url_pump';

const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 20));
let source = { id: 1, path: 'x', url: 'http://host/1' };

describe('the page', () => {
  const CHUNKS = 20;
  let sent: RequestBody[];
  let answers: (() => void)[];
  let pump: UrlPump;

  beforeEach(() => {
    [sent, answers] = [[], []];
    // What was read of one URL may be kept.
    source = { ...source, id: source.id + 1, url: `http://host/${source.id}` };
    const body = (signal: AbortSignal): ReadableStream<Uint8Array> => {
      let made = 0;
      return new ReadableStream({
        start(controller) {
          signal.addEventListener('abort', () => controller.error(signal.reason));
        },
        pull(controller) {
          if (made++ < CHUNKS) controller.enqueue(new Uint8Array(10).fill(made));
          else controller.close();
        },
      });
    };
    vi.stubGlobal('fetch', (_: string, { signal }: { signal: AbortSignal }) =>
      Promise.resolve(new Response(body(signal))),
    );
    pump = new UrlPump((request) => {
      sent.push(request);
      return new Promise((resolve) => answers.push(() => resolve(undefined)));
    });
  });
  afterEach(() => void vi.unstubAllGlobals());

  test('sends at most four chunks that are not answered', async () => {
    const read = pump.read({ type: 'read', read: 1, source, from: 0 });
    await settled();
    expect(sent).toHaveLength(4);
    for (let answered = 1; sent.length < CHUNKS; answered++) {
      answers.shift()?.();
      await settled();
      expect(sent).toHaveLength(4 + answered);
    }
    const finished = setInterval(() => answers.shift()?.(), 1);
    await read;
    clearInterval(finished);
    expect(sent).toHaveLength(CHUNKS + 1);
    expect(sent.at(-1)).toMatchObject({ type: 'chunk', done: true });
  });

  test('sends nothing more of a read that is done with', async () => {
    const read = pump.read({ type: 'read', read: 1, source, from: 0 });
    await settled();
    pump.done(1);
    for (const answer of answers.splice(0)) answer();
    await read;
    expect(sent.every(({ type }) => type === 'chunk')).toBe(true);
    expect(sent.length).toBeLessThanOrEqual(5);
  });
});

describe('the worker', () => {
  test('answers every chunk of a read that it leaves', async () => {
    const notices: Notice[] = [];
    const reads = new RemoteReads((notice) => notices.push(notice));
    const stream = reads.stream(source, 0, undefined, new AbortController().signal);
    const first = stream.next();
    const answered: number[] = [];
    for (const i of [0, 1, 2, 3]) {
      void reads.deliver(1, new Uint8Array([i]).buffer, false).then(() => answered.push(i));
    }
    expect((await first).value).toEqual(new Uint8Array([0]));
    await settled();
    expect(answered).toEqual([]);
    await stream.return(undefined);
    await settled();
    expect(answered).toEqual([0, 1, 2, 3]);
    expect(notices.at(-1)).toEqual({ type: 'readDone', read: 1 });
    // What was on its way meanwhile is answered, too.
    await reads.deliver(1, new ArrayBuffer(1), false);
  });
});
