import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { readHParams } from './fake_hparams';
import { EngineClient, type Sides, type WorkerPort } from '../../web/src/engine/client';
import { bytesOf } from '../../web/src/engine/values/media';
import type { ChartQuery, Request } from '../../web/src/engine/protocol';
import type { ReaderModule } from '../../web/src/engine/reader_session';
import { ReaderWorker } from '../../web/src/engine/reader_worker';
import { ValuesClient } from '../../web/src/engine/values/values_client';
import type { SideWorkerPort, StartSideWorker } from '../../web/src/engine/side_worker';
import type { ValuesRequest } from '../../web/src/engine/values/values_protocol';
import type { ValuesModule } from '../../web/src/engine/values/values_session';
import { ValuesWorker } from '../../web/src/engine/values/values_worker';
import { loaderOf, type LoadWasm } from '../../web/src/engine/wasm_loader';
import { viewOfPlugin } from '../../web/src/model/views';
import { selectEventFiles, type OpenFile } from '../../web/src/sources/event_files';
import type { SourceRef } from '../../web/src/sources/source_ref';
import { FakeWasm, noArchives } from './fake_wasm';

const at = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const nextFrame = (run: () => void): void => void setTimeout(run, 0);

/** The page's end of a worker. */
interface Port {
  postMessage(message: unknown, transfer: Transferable[]): void;
  onmessage: ((event: MessageEvent<never>) => void) | null;
  onerror: null;
  terminate(): void;
}

/** A worker in this very thread: messages are cloned and transferred as they would be. */
function portOf<R>(
  start: (post: (message: unknown, transfer: Transferable[]) => void) => { handle(request: R): Promise<void> },
  sent: R[] = [],
): WorkerPort & SideWorkerPort {
  let ended = false;
  const port: Port = {
    onmessage: null,
    onerror: null,
    postMessage(message, transfer) {
      sent.push(message as R);
      const data = structuredClone(message, { transfer }) as R;
      setTimeout(() => void worker.handle(data), 0);
    },
    terminate: () => void (ended = true),
  };
  const worker = start((message, transfer) => {
    const data = structuredClone(message, { transfer }) as never;
    if (!ended) setTimeout(() => port.onmessage?.({ data } as MessageEvent<never>), 0);
  });
  return port as WorkerPort & SideWorkerPort;
}
const portTo = (load: LoadWasm<ReaderModule>, sent: Request[] = []): WorkerPort =>
  portOf((post) => new ReaderWorker(post, load), sent);
const noValues: StartSideWorker = () => Promise.reject(new Error('no payload is looked at'));

const notAsked = (): Promise<never> => Promise.reject(new Error('nobody asks it'));
/** What answers about payloads, and about nothing else. */
const sidesOf = (startValues: StartSideWorker): Sides => {
  const values: Sides['values'] = (connect) => Promise.resolve(new ValuesClient(startValues, connect));
  return { values, graphs: notAsked, embeddings: notAsked, projections: notAsked };
};

/** An engine on this worker; the wasm is in it. */
const engineOn = (port: WorkerPort, startValues = noValues): EngineClient =>
  new EngineClient(
    Promise.resolve(port),
    Promise.resolve(new ArrayBuffer(8)),
    noArchives,
    readHParams,
    sidesOf(startValues),
    nextFrame,
  );

const query = (series: number[]): ChartQuery => ({
  series: Uint32Array.from(series),
  x: 'step',
  from: NaN,
  to: NaN,
  pixels: 100,
  smoothing: 0,
  clipOutliers: false,
  logY: false,
});

describe('the client', () => {
  let wasm: FakeWasm;
  let sent: Request[];
  let valuesSent: ValuesRequest[];
  let valuesStarted: number;
  let engine: EngineClient;
  const asked = (type: Request['type']): Request[] => sent.filter((request) => request.type === type);
  const askedOfValues = (type: ValuesRequest['type']) => valuesSent.filter((request) => request.type === type);

  beforeEach(() => {
    wasm = new FakeWasm();
    sent = [];
    valuesSent = [];
    valuesStarted = 0;
    const port = portTo(() => Promise.resolve(wasm.reader), sent);
    engine = engineOn(port, () => {
      valuesStarted++;
      const values = portOf((post) => new ValuesWorker(post, () => Promise.resolve(wasm.values)), valuesSent);
      return Promise.resolve([values, new ArrayBuffer(8)]);
    });
  });

  test('asks once a frame for all charts', async () => {
    wasm.numbers = [0, 1, 2, 3, 4, 10, 11, 12, 13, 14];
    const [a, b] = await Promise.all([engine.lines('a', query([])), engine.lines('b', query([]))]);
    expect(asked('lines')).toHaveLength(1);
    expect(a).toMatchObject({ xMin: 0, xMax: 1, yMin: 2, yMax: 3, clipped: 4, lines: [] });
    expect(b?.xMin).toBe(10);
  });

  test('the latest query of a chart wins', async () => {
    wasm.numbers = [0, 0, 0, 0, 0];
    const answers = [1, 2, 3].map((pixels) => engine.lines('a', { ...query([]), pixels }));
    expect((await Promise.all(answers)).map((answer) => answer !== undefined)).toEqual([false, false, true]);
    expect(asked('lines')).toMatchObject([{ charts: [{ pixels: 3 }] }]);
  });

  test('the latest pick of a chart wins, one at a time', async () => {
    wasm.numbers = [1, 2, 3, 4, 5, 6, 2, 3, 0];
    const pick = (key: string, x: number) => engine.pick(key, Uint32Array.of(0), 'step', x, 0);
    const answers = await Promise.all([pick('a', 1), pick('a', 2), pick('b', 3)]);
    expect(answers[0]).toBeUndefined();
    expect(answers[1]).toEqual([{ x: 1, value: 2, smoothed: 3, step: 0n, wall: 5, relative: 6, part: 2, parts: 3 }]);
    expect(asked('pick')).toMatchObject([{ at: 2 }, { at: 3 }]);
  });

  test('a series without points has no pick', async () => {
    wasm.numbers = [...Array<number>(8).fill(NaN), 0];
    expect(await engine.pick('a', Uint32Array.of(0), 'step', 1, 0)).toEqual([undefined]);
  });

  test('keeps values that were asked for', async () => {
    await engine.open([{ source: { id: 1, path: 'x', blob: new Blob(['abc']), size: 3 }, run: '.', name: 'x' }], 'x');
    wasm.payload = { file: 0, offset: 0, length: 3 };
    const { signal } = new AbortController();
    const first = await engine.value(5, 0, signal);
    expect(first?.facts.kind).toBe('message');
    expect(await engine.value(5, 0, signal)).toBe(first);
    await engine.value(5, 1, signal);
    expect(askedOfValues('value')).toHaveLength(2);
    wasm.payload = undefined;
    expect(await engine.value(6, 0, signal)).toBeUndefined();
  });

  test('cancels a value that nobody waits for any more', async () => {
    // A worker that answers a value only when it is cancelled.
    const port: SideWorkerPort = {
      onmessage: null,
      onerror: null,
      postMessage(message) {
        const request = message as ValuesRequest;
        valuesSent.push(request);
        const tell = (data: unknown): void => port.onmessage?.({ data } as never);
        if (request.type === 'value') return;
        queueMicrotask(() => tell({ id: request.id, ok: true, body: null }));
        if (request.type !== 'cancel') return;
        queueMicrotask(() => tell({ id: request.target, ok: false, error: { code: 'cancelled' } }));
      },
      terminate: () => undefined,
    };
    const reader = portTo(() => Promise.resolve(wasm.reader));
    engine = engineOn(reader, () => Promise.resolve([port, new ArrayBuffer(8)]));
    const abort = new AbortController();
    const value = engine.value(5, 0, abort.signal);
    await vi.waitFor(() => expect(askedOfValues('value')).toHaveLength(1));
    abort.abort();
    await expect(value).rejects.toMatchObject({ error: { code: 'cancelled' } });
    expect(askedOfValues('cancel')).toMatchObject([{ target: askedOfValues('value')[0]?.id }]);
    await expect(engine.value(5, 1, abort.signal)).rejects.toMatchObject({ error: { code: 'cancelled' } });
    expect(askedOfValues('value')).toHaveLength(1);
  });

  test('a value that was called off is not given, even when its answer was on its way', async () => {
    const port: SideWorkerPort = {
      onmessage: null,
      onerror: null,
      postMessage(message) {
        const { id, type } = message as ValuesRequest;
        const body = type === 'value' ? { facts: { kind: 'message', storage: '', bytes: 0 }, numbers: new Float64Array() } : null; // prettier-ignore
        queueMicrotask(() => port.onmessage?.({ data: { id, ok: true, body } } as never));
        if (type === 'value') abort.abort();
      },
      terminate: () => undefined,
    };
    const abort = new AbortController();
    engine = engineOn(portTo(() => Promise.resolve(wasm.reader)), () => Promise.resolve([port, new ArrayBuffer(8)])); // prettier-ignore
    await expect(engine.value(5, 0, abort.signal)).rejects.toMatchObject({ error: { code: 'cancelled' } });
  });

  test('starts another worker for payloads when memory was not enough for one; what was read is still there', async () => {
    await engine.open([{ source: { id: 1, path: 'x', blob: new Blob(['abc']), size: 3 }, run: '.', name: 'x' }], 'x');
    const { signal } = new AbortController();
    wasm.abort = true;
    const points = Uint32Array.of();
    await expect(engine.histogramFacts(0, points, signal)).rejects.toMatchObject({ error: { code: 'wasm_abort' } });
    wasm.abort = false;
    wasm.numbers = [1];
    await vi.waitFor(async () => expect(await engine.histogramFacts(0, points, signal)).toEqual(Float64Array.of(1)));
    expect(valuesStarted).toBe(2);
    expect(engine.fatal.value).toBeUndefined();
    wasm.payload = { file: 0, offset: 0, length: 3 };
    expect((await engine.value(0, 0, signal))?.facts.kind).toBe('message');
  });

  test('a clip is gone with the worker that opened it, and asks nothing of the next one', async () => {
    const clips: unknown[] = [];
    const startValues: StartSideWorker = () => {
      const port: SideWorkerPort = {
        onmessage: null,
        onerror: null,
        postMessage(message) {
          const { id, type } = message as ValuesRequest;
          if (type !== 'init') clips.push(type);
          const body = type === 'openClip' ? { clip: 0, facts: [8000, 1, 10] } : null;
          const death = { type: 'fatal', error: { code: 'wasm_abort' } };
          const answer = type === 'waveform' ? death : { id, ok: true, body };
          queueMicrotask(() => port.onmessage?.({ data: answer } as never));
        },
        terminate: () => undefined,
      };
      return Promise.resolve([port, new ArrayBuffer(8)]);
    };
    engine = engineOn(portTo(() => Promise.resolve(wasm.reader)), startValues); // prettier-ignore
    const { signal } = new AbortController();
    const first = await engine.openSound(new Uint8Array(4), signal);
    await expect(first.waveform(0, 10, 1, signal)).rejects.toMatchObject({ error: { code: 'wasm_abort' } });
    await engine.openSound(new Uint8Array(4), signal);
    await expect(first.waveform(0, 10, 1, signal)).rejects.toMatchObject({ error: { code: 'wasm_abort' } });
    first.close();
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(clips).toEqual(['openClip', 'waveform', 'openClip']);
  });

  test('opens one after the other, keeps their runs apart, and tells how far it is', async () => {
    const file = (name: string): OpenFile => ({
      source: { id: 1, path: name, blob: new Blob(['abc']), size: 3 },
      run: '.',
      name,
    });
    const [first, second] = [engine.open([file('a'), file('b')], 'ab'), engine.open([file('c')], 'c')];
    await engine.idle();
    await Promise.all([first, second]);
    expect(wasm.files.map(({ name }) => name)).toEqual(['a', 'b', 'c']);
    expect(engine.progress.value).toEqual([{ file: 0, run: '. (2)', name: 'c', bytes: 3, size: 3, state: 'done' }]);
    expect(engine.loading.value).toBe(false);
    expect(engine.files.value.map(({ run, name }) => `${run}/${name}`)).toEqual(['./a', './b', '. (2)/c']);
  });

  test('names the files directly in what was opened, also where another page kept them apart', async () => {
    const file = (run: string, name: string): OpenFile => ({
      source: { id: 1, path: name, blob: new Blob(['abc']), size: 3 },
      run,
      name,
    });
    await engine.open([file('.', 'a'), file('. (2)', 'b'), file('x (2)', 'c')], 'logs');
    expect([...engine.rootNames.value]).toEqual([
      ['.', 'logs'],
      ['. (2)', 'logs (2)'],
    ]);
  });

  describe('with a worker that takes its time', () => {
    let port: WorkerPort;
    let isEnded = false;
    const frames = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 20));
    const answer = (request: Request | undefined, body: unknown): void =>
      port.onmessage?.({ data: { id: request?.id, ok: true, body } } as MessageEvent);

    beforeEach(() => {
      port = {
        onmessage: null,
        onerror: null,
        postMessage(message) {
          const request = message as Request;
          sent.push(request);
          if (request.type === 'init') setTimeout(() => answer(request, undefined), 0);
        },
        terminate: () => void (isEnded = true),
      };
      engine = engineOn(port);
    });

    test('ends it', async () => {
      await engine.idle();
      engine.end();
      expect(isEnded).toBe(true);
    });

    test('asks for lines again only when it has answered', async () => {
      const first = engine.lines('a', query([]));
      await frames();
      const [replaced, second, other] = [1, 2].map((pixels) => engine.lines('a', { ...query([]), pixels })).concat(engine.lines('b', query([]))); // prettier-ignore
      await frames();
      expect(asked('lines')).toHaveLength(1);
      answer(asked('lines')[0], new Float64Array(5).buffer);
      expect(await first).toBeDefined();
      expect(await replaced).toBeUndefined();
      await frames();
      expect(asked('lines')).toMatchObject([{}, { charts: [{ pixels: 2 }, { pixels: 100 }] }]);
      answer(asked('lines')[1], new Float64Array(10).buffer);
      expect(await Promise.all([second, other])).toMatchObject([{ xMin: 0 }, { xMin: 0 }]);
    });

    test('takes progress of the running open only', async () => {
      const tell = (open: number, bytes: number): void =>
        port.onmessage?.({
          data: { type: 'progress', open, files: [{ file: 0, run: '.', name: 'x', bytes, state: 'reading' }] },
        } as MessageEvent);
      const open = (name: string): Promise<boolean> =>
        engine.open([{ source: { id: 1, path: name, bytes: new ArrayBuffer(3), size: 3 }, run: name, name }], name);
      const [first, second] = [open('a'), open('b')];
      await vi.waitUntil(() => asked('open').length === 1);
      const id = (i: number): number => asked('open')[i]?.id ?? NaN;
      tell(id(0), 1);
      expect(engine.progress.value).toMatchObject([{ bytes: 1 }]);
      answer(asked('open')[0], undefined);
      await first;
      await vi.waitUntil(() => asked('open').length === 2);
      // The last word on the first comes late.
      tell(id(0), 3);
      expect(engine.progress.value).toMatchObject([{ name: 'b', bytes: 0, state: 'waiting' }]);
      tell(id(1), 2);
      expect(engine.progress.value).toMatchObject([{ bytes: 2, state: 'reading' }]);
      answer(asked('open')[1], undefined);
      await second;
    });
  });

  test('when wasm aborts, says so once and refuses everything', async () => {
    wasm.abort = true;
    await expect(engine.lines('a', query([]))).rejects.toMatchObject({ error: { code: 'wasm_abort' } });
    expect(engine.fatal.value?.code).toBe('wasm_abort');
    await engine.open([], 'nothing');
    const { signal } = new AbortController();
    await expect(engine.histogramFacts(0, Uint32Array.of(), signal)).rejects.toMatchObject({
      error: { code: 'wasm_abort' },
    });
    await engine.idle();
  });

  test('that cannot start is fatal', async () => {
    const port = portTo(() => Promise.reject(new Error('no memory')));
    engine = engineOn(port);
    await engine.open([{ source: { id: 1, path: 'a', bytes: new ArrayBuffer(3) }, run: '.', name: 'a' }], 'a');
    expect(engine.fatal.value).toEqual({ code: 'bug', detail: 'Error: no memory' });
  });
});

describe('URLs', () => {
  const content = Buffer.from(Array.from({ length: 3_000_000 }, (_, i) => i % 251));
  let server: Server;
  let ranges: (string | undefined)[];
  let honoursRanges: boolean;
  let wasm: FakeWasm;
  let engine: EngineClient;

  beforeEach(async () => {
    ranges = [];
    honoursRanges = true;
    server = createServer((request, response) => {
      ranges.push(request.headers.range);
      if (request.url === '/missing') return response.writeHead(404).end();
      const [, from = '0', to] = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '') ?? [];
      if (!request.headers.range || !honoursRanges) return response.writeHead(200).end(content);
      if (Number(from) >= content.length) return response.writeHead(416).end();
      return response.writeHead(206).end(content.subarray(Number(from), to ? Number(to) + 1 : undefined));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    wasm = new FakeWasm();
    const port = portTo(() => Promise.resolve(wasm.reader));
    engine = engineOn(port);
  });
  afterEach(() => void server.close());

  const open = (path: string): Promise<boolean> => {
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`;
    return engine.open([{ source: { id: 1, path, url, size: 2_000_000 }, run: '.', name: path }], path);
  };
  const fed = (): Buffer => Buffer.concat(wasm.files[0]?.pieces ?? []);

  test('are streamed to their end', async () => {
    await open('/events');
    expect(fed().equals(content)).toBe(true);
    expect(ranges).toEqual(['bytes=0-']);
  });

  test.each([true, false])('are read in ranges (host honours them: %s)', async (honours) => {
    honoursRanges = honours;
    const answers = [
      { status: 2, offset: 1_000_000, length: 10 },
      { status: 2, offset: 3_000_000, length: 10 },
      { status: 1, offset: 2_999_990 },
    ];
    wasm.onBytes = () => answers.shift() ?? { status: 0 };
    await open('/events');
    const [first, beyond] = wasm.files[0]?.provided ?? [];
    expect(first && content.subarray(1_000_000, 1_000_010).equals(first)).toBe(true);
    expect(beyond).toHaveLength(0);
    expect(fed().subarray(-10).equals(content.subarray(-10))).toBe(true);
    const parts = ['bytes=1000000-1000009', 'bytes=3000000-3000009', 'bytes=2999990-'];
    // All of it is fetched once, when the first part is wanted.
    expect(ranges).toEqual(['bytes=0-', ...(honours ? parts : ['bytes=0-'])]);
  });

  test('that the server refuses are reported', async () => {
    await open('/missing');
    expect(engine.report.value).toMatchObject([{ error: { code: 'http_status', detail: '404' } }]);
    expect(engine.progress.value).toMatchObject([{ state: 'failed' }]);
  });

  test('without a server are reported', async () => {
    await engine.open([{ source: { id: 1, path: 'x', url: 'http://127.0.0.1:1/x' }, run: '.', name: 'x' }], 'x');
    expect(engine.report.value).toMatchObject([{ error: { code: 'network' } }]);
  });
});

describe.skipIf(!existsSync(at('build/wasm/reader.js')))('with the real reader', () => {
  const load: LoadWasm<ReaderModule> = async (wasm) =>
    loaderOf((await import('tensorpane-wasm/reader.js')).default)(wasm);
  const loadValues: LoadWasm<ValuesModule> = async (wasm) =>
    loaderOf((await import('tensorpane-wasm/values.js')).default)(wasm);
  const compiled = (name: string): Promise<WebAssembly.Module> =>
    WebAssembly.compile(readFileSync(at(`build/wasm/${name}.wasm`)));
  const archives = (): SourceRef => {
    return { id: 0, path: 'archive.wasm', bytes: new Uint8Array(readFileSync(at('build/wasm/archive.wasm'))).buffer };
  };

  async function openCase(name: string): Promise<EngineClient> {
    const startValues: StartSideWorker = async () => [
      portOf((post) => new ValuesWorker(post, loadValues)),
      await compiled('values'),
    ];
    const port = Promise.resolve(portTo(load));
    const engine = new EngineClient(port, compiled('reader'), archives(), readHParams, sidesOf(startValues), nextFrame); // prettier-ignore
    const root = at(`tests/data/${name}/logs`);
    const entries = await readdir(root, { recursive: true, withFileTypes: true });
    const refs = entries
      .filter((entry) => entry.isFile())
      .map((entry, id): SourceRef => {
        const path = `${entry.parentPath}/${entry.name}`;
        return { id, path: `logs/${path.slice(root.length + 1)}`, blob: new Blob([readFileSync(path)]) };
      });
    await engine.open((await selectEventFiles(['logs'], refs)).files, 'logs');
    expect(engine.fatal.value).toBeUndefined();
    return engine;
  }

  interface Expected {
    runs: { run: string; tags: Record<string, { plugin_name: string; steps: number[]; values: number[] }> }[];
  }

  test('every scalar is in the catalogue, the lines and the picks', async () => {
    const engine = await openCase('torch_training');
    const expected = JSON.parse(readFileSync(at('tests/data/torch_training/expected.json'), 'utf8')) as Expected;
    const { catalogue } = engine;
    expect([...catalogue.runs]).toEqual(expected.runs.map(({ run }) => run).sort());
    const written = new Map(expected.runs.flatMap(({ run, tags }) => Object.entries(tags).map(([tag, series]) => [`${run} ${tag}`, series]))); // prettier-ignore
    expect(catalogue.seriesCount).toBe(written.size);
    for (let series = 0; series < catalogue.seriesCount; series++) {
      const { plugin_name, steps, values } = written.get(`${catalogue.runName(series)} ${catalogue.tag(series)}`) ?? {};
      expect(catalogue.plugin(series)).toBe(plugin_name);
      expect(catalogue.number(series, 'count')).toBe(steps?.length);
      if (plugin_name !== 'scalars' || !steps || !values) continue;
      const drawn = await engine.lines('chart', { ...query([series]), pixels: 10_000 });
      const points = steps.flatMap((step, i) => [step, Math.fround(values[i] as number)]);
      expect([...(drawn?.lines[0]?.raw ?? [])]).toEqual(points);
      const middle = Math.floor(steps.length / 2);
      const [pick] = (await engine.pick('chart', Uint32Array.of(series), 'step', steps[middle] as number, 0)) ?? [];
      expect(pick?.step).toBe(BigInt(steps[middle] as number));
      expect(pick?.value).toBe(Math.fround(values[middle] as number));
    }
  });

  test.each(['torch_all', 'tf_summaries', 'tf1_compat', 'edge_values'])(
    'every tensor of %s is what the oracle says',
    async (name) => {
      interface Tensor {
        dtype: string;
        shape: number[];
        sha256: string;
        error?: string;
      }
      const engine = await openCase(name);
      const { runs } = JSON.parse(readFileSync(at(`tests/data/${name}/expected.json`), 'utf8')) as {
        runs: { run: string; tags: Record<string, { steps: number[]; wall_times: number[]; values: Tensor[] }> }[];
      };
      const { catalogue } = engine;
      engine.setPurge('none');
      const { signal } = new AbortController();
      let compared = 0;
      for (let series = 0; series < catalogue.seriesCount; series++) {
        if (viewOfPlugin(catalogue.plugin(series)) !== 'tensors') continue;
        const tags = runs.find(({ run }) => run === catalogue.runName(series))?.tags ?? {};
        const { steps, wall_times, values } = tags[catalogue.tag(series)] ?? { steps: [], wall_times: [], values: [] };
        const points = await engine.points(series);
        const byStep = [...steps.keys()].sort((a, b) => (steps[a] as number) - (steps[b] as number));
        expect([...points.points]).toEqual(byStep);
        expect([...points.steps]).toEqual(byStep.map((i) => BigInt(steps[i] as number)));
        expect([...points.wallTimes]).toEqual(byStep.map((i) => wall_times[i]));
        expect([...points.hasPayload].every(Boolean)).toBe(true);
        const inOrder = [...new Set(steps)].sort((a, b) => a - b).map(BigInt);
        expect([...(await engine.steps(Uint32Array.of(series))).steps]).toEqual(inOrder);
        for (const [point, { dtype, shape, sha256, error }] of values.entries()) {
          const value = await engine.value(series, point, signal);
          const content = await engine.content(series, point);
          // Where TensorBoard's reader fails, ours may read more.
          if (error !== undefined) continue;
          expect(value?.facts).toMatchObject({ kind: 'tensor', dtype, shape });
          expect(
            createHash('sha256')
              .update(new Uint8Array(content as ArrayBuffer))
              .digest('hex'),
          ).toBe(sha256);
          compared++;
        }
      }
      expect(compared).toBeGreaterThan(6);
      expect(await engine.value(999_999, 0, signal)).toBeUndefined();
    },
  );

  test.each(['torch_all', 'tbx_all', 'tf_summaries', 'tf1_compat', 'edge_values'])(
    'every image and sound of %s is what the oracle says',
    async (name) => {
      const engine = await openCase(name);
      const { runs } = JSON.parse(readFileSync(at(`tests/data/${name}/expected.json`), 'utf8')) as {
        runs: { run: string; tags: Record<string, { plugin_name: string; values: Record<string, unknown>[][] }> }[];
      };
      const { catalogue } = engine;
      engine.setPurge('none');
      const { signal } = new AbortController();
      let compared = 0;
      for (let series = 0; series < catalogue.seriesCount; series++) {
        const written = runs.find(({ run }) => run === catalogue.runName(series))?.tags[catalogue.tag(series)];
        if (!['images', 'audio'].includes(written?.plugin_name ?? '')) continue;
        const moves = written?.plugin_name === 'images' && Number(written.values[0]?.[0]?.['frames']) > 1;
        expect(catalogue.plugin(series)).toBe(moves ? 'video' : written?.plugin_name);
        for (const [point, wanted] of (written?.values ?? []).entries()) {
          const media = await engine.media(series, point, signal);
          if (!Array.isArray(wanted) || !media) continue;
          expect(media.items.length).toBe(wanted.length);
          for (const [i, item] of media.items.entries()) {
            const { sha256, label, error, ...facts } = wanted[i] ?? {};
            expect(createHash('sha256').update(bytesOf(media, item)).digest('hex')).toBe(sha256);
            expect(item.label).toBe(label ?? '');
            if (error !== undefined) continue;
            const { width, height, frames, sample_rate: sampleRate, channels } = facts;
            expect(item).toMatchObject(item.kind === 'sound' ? { sampleRate, channels, frames } : { width, height, frames }); // prettier-ignore
            if (item.kind === 'image') expect(item.times.length).toBe(Number(frames) > 1 ? frames : item.times.length);
            compared++;
          }
        }
      }
      expect(compared).toBeGreaterThan(5);
      expect(await engine.media(999_999, 0, signal)).toBeUndefined();
    },
  );

  test('frames and sounds are had of bytes that are handed over, until they are closed', async () => {
    const engine = await openCase('edge_restarts');
    const { signal } = new AbortController();
    const file = (name: string): Uint8Array => new Uint8Array(readFileSync(at(`tests/data/media/${name}`)));
    const expected = JSON.parse(readFileSync(at('tests/data/media/oracle.json'), 'utf8')) as {
      gifs: Record<string, { width: number; height: number; frames: string[] }>;
    };
    const { width, height, frames } = expected.gifs['disposal'] ?? { frames: [] };
    const gif = await engine.openGif(file('disposal.gif'), signal);
    expect([gif.width, gif.height, gif.frames]).toEqual([width, height, frames.length]);
    // Asked for at once, each is made for itself.
    const order = [8, 0, 5, 3];
    const made = await Promise.all(order.map((frame) => gif.frame(frame, signal)));
    made.forEach(({ pixels, damaged }, i) => {
      expect(createHash('sha256').update(new Uint8Array(pixels)).digest('hex')).toBe(frames[order[i] as number]);
      expect(damaged).toBe(false);
    });
    gif.close();
    const sound = await engine.openSound(file('s16_2.wav'), signal);
    expect([sound.sampleRate, sound.channels, sound.frames]).toEqual([8000, 2, 700]);
    expect((await sound.waveform(0, 700, 20, signal)).length).toBe(80);
    // A long one is looked through in pieces, and is the same as at once.
    const count = 3 << 20;
    const long = new Uint8Array(44 + 2 * count);
    long.set(file('s16_2.wav').subarray(0, 22));
    const view = new DataView(long.buffer);
    view.setUint16(22, 1, true);
    view.setUint32(24, 8000, true);
    view.setUint16(32, 2, true);
    view.setUint16(34, 16, true);
    long.set(new TextEncoder().encode('data'), 36);
    view.setUint32(40, 2 * count, true);
    for (let i = 0; i < count; i++) view.setInt16(44 + 2 * i, (i * 7919) % 30_000, true);
    const longSound = await engine.openSound(long, signal);
    const peaks = await longSound.waveform(0, count, 10, signal);
    const last = await longSound.waveform((count / 10) * 9, count, 1, signal);
    expect([...peaks.subarray(18)]).toEqual([...last]);
    expect(Math.max(...peaks)).toBeCloseTo(29_999 / 32_768, 4);
    longSound.close();
    const query = { from: 0, to: 700, columns: 50, bands: 8, scale: 'mel', window: 64 } as const;
    const whole = await sound.spectrogram(query, signal);
    const second = await sound.spectrogram({ ...query, from: 350, columns: 25 }, signal);
    expect([...second]).toEqual([...whole.subarray(25 * 8)]);
    const late = new AbortController();
    const cancelled = sound.spectrogram({ ...query, columns: 4000, bands: 100 }, late.signal);
    late.abort();
    await expect(cancelled).rejects.toMatchObject({ error: { code: 'cancelled' } });
    sound.close();
    await expect(engine.openSound(file('plain.gif'), signal)).rejects.toMatchObject({ error: { code: 'undecodable' } });
    await expect(engine.openGif(file('plain.gif').subarray(0, 20), signal)).rejects.toMatchObject({
      error: { code: 'undecodable' },
    });
  });

  test('damaged files end up in the report', async () => {
    const engine = await openCase('edge_damaged');
    const bad = engine.progress.value.filter(({ state }) => state !== 'done');
    // One of gzip that is cut off; what is otherwise damaged is read to its end.
    expect(bad.map(({ run }) => run)).toEqual(['gzip_cut']);
    const kinds = new Set(engine.report.value.flatMap(({ counts }) => counts.map(({ kind }) => kind)));
    expect([...kinds]).toEqual(expect.arrayContaining(['data_crc', 'length_crc', 'truncated', 'proto']));
    const errors = engine.report.value.filter(({ error }) => error).map(({ error }) => error?.code);
    expect(new Set(errors)).toEqual(new Set(['not_an_event_file', 'bad_archive']));
  });

  test('a tag keeps its byte order mark and its NUL', async () => {
    const engine = await openCase('edge_values');
    const expected = JSON.parse(readFileSync(at('tests/data/edge_values/expected.json'), 'utf8')) as Expected;
    const tags = new Set(expected.runs.flatMap((run) => Object.keys(run.tags)));
    const found = new Set(Array.from({ length: engine.catalogue.seriesCount }, (_, i) => engine.catalogue.tag(i)));
    expect(found).toEqual(tags);
  });

  test('the budget of memory is told as such', async () => {
    const post = vi.fn();
    const worker = new ReaderWorker(post, load);
    await worker.handle({
      id: 1,
      type: 'init',
      wasm: await compiled('reader'),
      archives: noArchives,
      budgetBytes: 1000,
    });
    const name = (await readdir(at('tests/data/torch_training/logs/lr=0.1/seed=0')))[0] as string;
    const blob = new Blob([readFileSync(at(`tests/data/torch_training/logs/lr=0.1/seed=0/${name}`))]);
    await worker.handle({
      id: 2,
      type: 'open',
      files: [{ source: { id: 1, path: name, blob, size: blob.size }, run: '.', name }],
    });
    const report = post.mock.calls.map(([message]) => message).filter((message) => message.type === 'report');
    expect(report.at(-1).files).toMatchObject([{ error: { code: 'too_big' } }]);
  });
});
