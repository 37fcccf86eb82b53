import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { ProjectionClient } from '../../web/src/engine/projections/projection_client';
import type { ProjectionRequest } from '../../web/src/engine/projections/projection_protocol';
import type { ProjectionModule } from '../../web/src/engine/projections/projection_session';
import { ProjectionWorker } from '../../web/src/engine/projections/projection_worker';
import type { ProjectionFrame } from '../../web/src/engine/projections/projections';
import type { SideWorkerPort } from '../../web/src/engine/side_worker';
import { loaderOf, type LoadWasm } from '../../web/src/engine/wasm_loader';
import { Random } from './random';

const at = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const { signal } = new AbortController();
const ignore = (): void => undefined;
const cancelled = { error: { code: 'cancelled' } };

/** Points around three centres, which are far from each other. */
function clusters(points: number, dimensions: number): Float32Array<ArrayBuffer> {
  const random = new Random(7);
  return Float32Array.from({ length: points * dimensions }, (_, i) => {
    const [point, dimension] = [Math.floor(i / dimensions), i % dimensions];
    return (dimension === point % 3 ? 10 : 0) + random.next();
  });
}

describe.skipIf(!existsSync(at('build/wasm/projection.js')))('projections, by the real module', () => {
  let client: ProjectionClient;
  let workers: number;
  /** What it is asked. */
  let asked: string[];

  beforeEach(() => {
    [workers, asked] = [0, []];
    const load: LoadWasm<ProjectionModule> = async (wasm) =>
      loaderOf((await import('tensorpane-wasm/projection.js')).default)(wasm);
    client = new ProjectionClient(async () => {
      workers++;
      const port: SideWorkerPort = {
        onmessage: null,
        onerror: null,
        postMessage: (message) => {
          asked.push((message as ProjectionRequest).type);
          void worker.handle(message as ProjectionRequest);
        },
        terminate: ignore,
      };
      const worker = new ProjectionWorker((data) => port.onmessage?.({ data } as never), load);
      return [port, await WebAssembly.compile(readFileSync(at('build/wasm/projection.wasm')))];
    });
  });

  const open = async (values: Float32Array<ArrayBuffer>, dimensions: number): Promise<number> =>
    (await client.open(dimensions, [values], signal)).set;
  const TSNE = { method: 'tsne', perplexity: 10, steps: 60 } as const;

  test('the same seed, points and options make the same picture; frames lead to it', async () => {
    const frames: ProjectionFrame[] = [];
    const set = await open(clusters(150, 8), 8);
    const progress = await client.start(set, TSNE, (frame) => frames.push(frame), signal);
    expect(progress).toMatchObject({ method: 'tsne', stage: 'done', step: 60, of: 60, columns: 2 });
    expect(frames.at(-1)?.progress).toEqual(progress);
    const steps = frames.flatMap(({ progress: { stage, step } }) => (stage === 'layout' ? [step] : []));
    expect(steps).toEqual([...steps].sort((a, b) => a - b));
    const { positions } = frames.at(-1) as ProjectionFrame;
    expect(positions.length).toBe(300);
    const again: ProjectionFrame[] = [];
    const other = await open(clusters(150, 8), 8);
    await client.start(other, TSNE, (frame) => again.push(frame), signal);
    expect(again.at(-1)?.positions).toEqual(positions);
    await client.start(set, { ...TSNE, seed: 1 }, (frame) => again.push(frame), signal);
    expect(again.at(-1)?.positions).not.toEqual(positions);
    expect(client.unanswered).toBe(0);
  });

  test('rows come in pieces, and those with a NaN are left out of everything', async () => {
    const values = clusters(40, 3);
    values[3 * 5 + 1] = NaN;
    values[3 * 39] = Infinity;
    const facts = await client.open(3, [values.slice(0, 30), values.slice(30)], signal);
    expect(facts).toEqual({
      set: 1,
      points: 40,
      dimensions: 3,
      excludedCount: 2,
      excluded: [5, 39],
      constant: false,
      leading: [0, 1, 2],
    });
    let last: ProjectionFrame | undefined;
    const { columns, explained } = await client.start(1, { method: 'pca' }, (frame) => (last = frame), signal);
    expect(columns).toBe(3);
    expect(explained.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 5);
    const nan = [...(last?.positions ?? [])].flatMap((value, i) => (Number.isNaN(value) ? [Math.floor(i / columns)] : [])); // prettier-ignore
    expect([...new Set(nan)]).toEqual([5, 39]);
    const near = await client.neighbours(1, 2, 40, 'euclidean');
    expect([...near.rows].sort((a, b) => a - b)).toEqual([...Array(40).keys()].filter((row) => ![2, 5, 39].includes(row))); // prettier-ignore
    expect((await client.neighbours(1, 5, 3, 'cosine')).rows.length).toBe(0);
    const distances = await client.distances(1, Uint32Array.of(0, 5), 'euclidean');
    expect([...distances.keys()].filter((row) => Number.isNaN(distances[row]))).toEqual([5, 39]);
    expect(distances[0]).toBe(0);
    expect(await client.kept(1, 5, 'euclidean', new Uint32Array(), [])).toEqual({ share: 1, rows: 38, k: 5 });
  });

  test('neighbours are those that a plain search finds', async () => {
    const values = clusters(60, 5);
    const plain = values.slice();
    const set = await open(values, 5);
    const row = (i: number): Float32Array => plain.subarray(5 * i, 5 * i + 5);
    const product = (a: Float32Array, b: Float32Array): number => a.reduce((sum, value, i) => sum + value * (b[i] ?? 0), 0); // prettier-ignore
    const between = {
      euclidean: (a: Float32Array, b: Float32Array) => Math.hypot(...a.map((value, i) => value - (b[i] ?? 0))),
      cosine: (a: Float32Array, b: Float32Array) => 1 - product(a, b) / Math.sqrt(product(a, a) * product(b, b)),
      dot: (a: Float32Array, b: Float32Array) => -product(a, b),
    };
    for (const metric of ['euclidean', 'cosine', 'dot'] as const) {
      const all = Array.from({ length: 60 }, (_, i) => [between[metric](row(4), row(i)), i] as const);
      const expected = all.filter(([, i]) => i !== 4).sort(([a], [b]) => a - b).slice(0, 7); // prettier-ignore
      const { rows, distances } = await client.neighbours(set, 4, 7, metric);
      expect([...rows], metric).toEqual(expected.map(([, i]) => i));
      expected.forEach(([distance], i) => expect(distances[i]).toBeCloseTo(distance, 3));
    }
  });

  test('what is called off ends, and another run takes the place of one', async () => {
    const set = await open(clusters(300, 8), 8);
    const abort = new AbortController();
    const long = { ...TSNE, steps: 1_000_000 } as const;
    const first = client.start(set, long, ({ positions }) => void (positions.length > 0 && abort.abort()), abort.signal); // prettier-ignore
    await expect(first).rejects.toMatchObject(cancelled);
    // The picture is still there, and can be asked about.
    expect((await client.kept(set, 5, 'cosine', new Uint32Array(), [])).rows).toBeGreaterThan(0);
    // Not by a timer: while a run goes on, Node has messages handled before timers.
    let second: Promise<unknown> = Promise.resolve();
    await new Promise<void>((resolve) => {
      second = client.start(set, long, () => resolve(), signal);
    });
    const third = client.start(set, { method: 'pca' }, ignore, signal);
    await expect(second).rejects.toMatchObject(cancelled);
    expect(await third).toMatchObject({ method: 'pca', stage: 'done' });
    const fourth = client.start(set, long, ignore, signal);
    await client.prepare(set, 'normalised');
    await expect(fourth).rejects.toMatchObject(cancelled);
    expect(client.unanswered).toBe(0);
  });

  test('questions are answered while a run goes on', async () => {
    const set = await open(clusters(300, 8), 8);
    const abort = new AbortController();
    const run = client.start(set, { ...TSNE, steps: 1_000_000 }, ignore, abort.signal);
    expect((await client.neighbours(set, 0, 3, 'cosine')).rows.length).toBe(3);
    abort.abort();
    await expect(run).rejects.toMatchObject(cancelled);
  });

  test('a run that is paused gives its last frame and is not waited for; then it goes on to the same end', async () => {
    const set = await open(clusters(150, 8), 8);
    const long = { ...TSNE, steps: 3000 } as const;
    let straight: ProjectionFrame | undefined;
    await client.start(set, long, (frame) => (straight = frame), signal);
    const frames: ProjectionFrame[] = [];
    const run = client.start(set, long, (frame) => void (frames.push(frame) === 1 && client.pause(set)), signal);
    await vi.waitFor(() => expect(client.unanswered).toBe(0));
    await vi.waitFor(() => expect(asked.at(-1)).toBe('next'));
    client.resume(set);
    await run;
    expect(frames.at(-1)).toEqual(straight);
    expect(client.unanswered).toBe(0);
  });

  test('more steps go on from the end; a stir changes the picture', async () => {
    const set = await open(clusters(150, 8), 8);
    await client.start(set, TSNE, ignore, signal);
    let last: ProjectionFrame | undefined;
    const progress = await client.more(set, 40, (frame) => (last = frame), signal);
    expect(progress).toMatchObject({ stage: 'done', step: 100, of: 100 });
    const before = last?.positions;
    client.perturb(set);
    await client.more(set, 0, (frame) => (last = frame), signal);
    expect(last?.positions).not.toEqual(before);
  });

  test('no points, one point and equal points are no faults', async () => {
    const empty = await client.open(4, [], signal);
    expect(empty).toMatchObject({ points: 0, constant: true });
    const frames: ProjectionFrame[] = [];
    expect(await client.start(empty.set, TSNE, (frame) => frames.push(frame), signal)).toMatchObject({ stage: 'done' });
    expect(frames.at(-1)?.positions.length).toBe(0);
    for (const points of [1, 20]) {
      const facts = await client.open(4, [new Float32Array(4 * points).fill(2)], signal);
      expect(facts.constant).toBe(true);
      for (const method of ['pca', 'tsne', 'umap'] as const) {
        const { columns } = await client.start(facts.set, { method }, (frame) => frames.push(frame), signal);
        const { positions } = frames.at(-1) as ProjectionFrame;
        expect(positions.length).toBe(columns * points);
        expect(positions.every(Number.isFinite)).toBe(true);
      }
    }
  });

  test('a picture is laid over another one', async () => {
    const to = Float32Array.of(0, 0, 4, 0, 0, 2, 1, 1);
    // Turned by a right angle, and moved.
    const turned = Float32Array.from(to, (_, i) => (i % 2 === 0 ? -(to[i + 1] ?? 0) + 3 : (to[i - 1] ?? 0) - 1));
    const aligned = await client.align(turned, to, 2);
    aligned.forEach((value, i) => expect(value).toBeCloseTo(to[i] ?? 0, 4));
  });

  test('a worker whose memory is not enough says so, and the next points get another one', async () => {
    const set = await open(clusters(30, 3), 3);
    // What nobody has: room for it is asked for before any of it comes.
    const rows = [{ length: 2 ** 31, subarray: () => new Float32Array(), buffer: new ArrayBuffer(0) }];
    const tooMany = client.open(1, rows as unknown as Float32Array<ArrayBuffer>[], signal);
    await expect(tooMany).rejects.toMatchObject({ error: { code: 'wasm_abort' } });
    await expect(client.neighbours(set, 0, 3, 'cosine')).rejects.toMatchObject({ error: { code: 'wasm_abort' } });
    const next = await open(clusters(30, 3), 3);
    expect(workers).toBe(2);
    expect((await client.neighbours(next, 0, 3, 'cosine')).rows.length).toBe(3);
  });

  test('points that are closed are asked of no more', async () => {
    const set = await open(clusters(30, 3), 3);
    client.close(set);
    await expect(client.neighbours(set, 0, 3, 'cosine')).rejects.toMatchObject({ error: { code: 'bug' } });
  });
});
