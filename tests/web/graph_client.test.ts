import { beforeEach, expect, test, vi } from 'vitest';
import { GraphClient } from '../../web/src/engine/graphs/graph_client';
import type { GraphRequest } from '../../web/src/engine/graphs/graph_protocol';
import type { SideWorkerPort } from '../../web/src/engine/side_worker';
import type { WireError } from '../../web/src/faults/fault';

/** What each worker was asked, one list a worker. */
let asked: GraphRequest[][];
/** Answers a request: a body, an error, or undefined: not yet. */
let answer: (request: GraphRequest, worker: number) => unknown;
let ended: number[];
let client: GraphClient;
const { signal } = new AbortController();

/** The worker dies of it. */
class Fatal {
  constructor(readonly error: WireError) {}
}
/** It is the answer. */
class Refusal {
  constructor(readonly error: WireError) {}
}

beforeEach(() => {
  [asked, ended] = [[], []];
  let graphs = 0;
  answer = (request) => (request.type === 'open' || request.type === 'compare' ? { graph: 10 * ++graphs } : null);
  client = new GraphClient(
    () => {
      const worker = asked.length;
      asked.push([]);
      const port: SideWorkerPort = {
        onmessage: null,
        onerror: null,
        postMessage(message) {
          const request = message as GraphRequest;
          if (request.type !== 'init') asked[worker]?.push(request);
          const body = request.type === 'init' ? null : answer(request, worker);
          if (body === undefined || ended.includes(worker)) return;
          const refused = body instanceof Refusal ? { id: request.id, ok: false, ...body } : undefined;
          const data =
            body instanceof Fatal ? { type: 'fatal', ...body } : (refused ?? { id: request.id, ok: true, body });
          queueMicrotask(() => port.onmessage?.({ data } as never));
        },
        terminate: () => ended.push(worker),
      };
      return Promise.resolve([port, new ArrayBuffer(8)]);
    },
    () => Promise.resolve(),
  );
});

const point = (series: number) => ({ kind: 'point', of: { series, point: 0 } }) as const;
const types = (worker: number): string[] => (asked[worker] ?? []).map(({ type }) => type);

test('graphs have numbers of their own, whatever the worker calls them', async () => {
  const [a, b] = [await client.open(point(1), signal), await client.open(point(2), signal)];
  expect([a.graph, b.graph]).toEqual([1, 2]);
  await client.ops(2);
  expect(asked[0]?.at(-1)).toMatchObject({ type: 'ops', graph: 20 });
});

test('rows of an outline have their paths', async () => {
  const { graph } = await client.open(point(1), signal);
  const original = answer;
  let folder = '';
  answer = (request, worker) =>
    request.type === 'outline' ? { total: 9, folder, rows: [{ name: 'x', ops: 2 }] } : original(request, worker);
  expect(await client.outline(graph, '', 0, 1)).toEqual({ total: 9, rows: [{ path: 'x', ops: 2 }] });
  folder = 'a/b';
  expect((await client.outline(graph, 'a/b/c_[0-2]', 0, 1)).rows).toEqual([{ path: 'a/b/x', ops: 2 }]);
});

test('what keeps the worker busy after it was called off is ended; another worker opens again what is asked next', async () => {
  await client.open(point(1), signal);
  const other = await client.open(point(2), signal);
  const original = answer;
  answer = (request, worker) => (worker === 0 && request.type !== 'open' ? undefined : original(request, worker));
  const abort = new AbortController();
  const scene = client.scene(1, { open: [], putBack: [], takenOut: [], colour: 'op' }, abort.signal);
  // Somebody else waits for the same worker.
  const ops = client.ops(other.graph);
  await vi.waitFor(() => expect(types(0)).toContain('ops'));
  abort.abort();
  await expect(scene).rejects.toMatchObject({ error: { code: 'cancelled' } });
  expect(await ops).toBeNull();
  expect(ended).toEqual([0]);
  expect(asked[1]).toMatchObject([{ type: 'open', input: { of: { series: 2 } } }, { type: 'ops' }]);
  expect(client.unanswered).toBe(0);
});

test('what is answered soon after it was called off ends nothing', async () => {
  await client.open(point(1), signal);
  const abort = new AbortController();
  const original = answer;
  answer = (request, worker) => {
    if (request.type === 'search') abort.abort();
    return original(request, worker);
  };
  await expect(client.search(1, 'x', abort.signal)).rejects.toMatchObject({ error: { code: 'cancelled' } });
  await client.ops(1);
  expect(ended).toEqual([]);
});

test('no two scenes have the same number, also if another worker lays them out', async () => {
  const { graph } = await client.open(point(1), signal);
  const original = answer;
  const texts = JSON.stringify({ boxes: [], pieces: [], takenOut: [], legend: [], coarse: [] });
  answer = (request, worker) => (request.type === 'scene' ? { numbers: new Float64Array(6), texts } : original(request, worker)); // prettier-ignore
  const draw = () => client.scene(graph, { open: [], putBack: [], takenOut: [], colour: 'op' }, signal);
  const versions = [(await draw()).version];
  const drawing = answer;
  answer = (request, worker) => (request.type === 'ops' && worker === 0 ? new Fatal({ code: 'wasm_abort' }) : drawing(request, worker)); // prettier-ignore
  await expect(client.ops(graph)).rejects.toMatchObject({ error: { code: 'wasm_abort' } });
  versions.push((await draw()).version);
  expect(types(1)).toEqual(['open', 'scene']);
  expect(new Set(versions).size).toBe(2);
  expect(asked.flat().flatMap((request) => (request.type === 'scene' ? [request.version] : []))).toEqual(versions);
});

test('a comparison is made again with both of its graphs', async () => {
  await client.open(point(1), signal);
  await client.open(point(2), signal);
  const both = await client.compare(1, 2, signal);
  expect(asked[0]?.at(-1)).toMatchObject({ type: 'compare', before: 10, after: 20 });
  const original = answer;
  answer = (request, worker) => (request.type === 'ops' && worker === 0 ? new Fatal({ code: 'wasm_abort' }) : original(request, worker)); // prettier-ignore
  await expect(client.ops(both.graph)).rejects.toMatchObject({ error: { code: 'wasm_abort' } });
  await client.ops(both.graph);
  expect(types(1)).toEqual(['open', 'open', 'compare', 'ops']);
});

test('one that is closed is closed in the worker, and cannot be asked of any more', async () => {
  await client.open(point(1), signal);
  client.close(1);
  await vi.waitFor(() => expect(asked[0]?.at(-1)).toMatchObject({ type: 'close', graph: 10 }));
  await expect(client.ops(1)).rejects.toMatchObject({ error: { code: 'bug' } });
});

test('one that could not be opened is tried again when it is asked of again', async () => {
  const original = answer;
  const { graph } = await client.open(point(1), signal);
  answer = () => new Fatal({ code: 'wasm_abort' });
  await expect(client.ops(graph)).rejects.toMatchObject({ error: { code: 'wasm_abort' } });
  answer = () => new Refusal({ code: 'not_a_graph' });
  await expect(client.ops(graph)).rejects.toMatchObject({ error: { code: 'not_a_graph' } });
  answer = original;
  expect(await client.ops(graph)).toBeNull();
});

test('a file is read by the page and handed over', async () => {
  const source = { id: 1, path: 'a.pb', blob: new Blob(['abc']) };
  await client.open({ kind: 'file', name: 'a.pb', source }, signal);
  expect(asked[0]).toMatchObject([{ input: { kind: 'bytes', bytes: new Uint8Array([97, 98, 99]) } }]);
});

test('what another one has called off while both waited for the same graph is asked again', async () => {
  await client.open(point(1), signal);
  // Its worker dies, so that the graph has to be opened again.
  const original = answer;
  answer = (request, worker) => (worker === 0 ? new Fatal({ code: 'wasm_abort' }) : original(request, worker));
  await expect(client.ops(1)).rejects.toMatchObject({ error: { code: 'wasm_abort' } });
  const abort = new AbortController();
  let opens = 0;
  answer = (request, worker) => {
    if (request.type === 'open' && ++opens === 1) abort.abort();
    return original(request, worker);
  };
  const called = client.search(1, 'x', abort.signal);
  const other = client.node(1, 'a');
  await expect(called).rejects.toMatchObject({ error: { code: 'cancelled' } });
  expect(await other).toBeUndefined();
  expect(opens).toBe(2);
});

test('a graph that was opened when nobody wanted it any more is closed', async () => {
  const abort = new AbortController();
  const original = answer;
  answer = (request, worker) => {
    if (request.type === 'open') abort.abort();
    return original(request, worker);
  };
  await expect(client.open(point(1), abort.signal)).rejects.toMatchObject({ error: { code: 'cancelled' } });
  await vi.waitFor(() => expect(asked[0]?.at(-1)).toMatchObject({ type: 'close', graph: 10 }));
});
