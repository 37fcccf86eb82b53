import { effect, signal } from '@preact/signals-core';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { CellMatch, Embedding, MetadataFacts } from '../../web/src/engine/embeddings/embeddings';
import type {
  ProjectionFrame,
  ProjectionOptions,
  ProjectionProgress,
} from '../../web/src/engine/projections/projections';
import { createState, type State } from '../../web/src/model/state';
import { Latest } from '../../web/src/views/latest';
import type { ViewContext } from '../../web/src/views/view_def';
import type { OpenEmbedding } from '../../web/src/views/projector/open_embedding';
import { Projecting } from '../../web/src/views/projector/projecting';
import type { ProjectorDesk } from '../../web/src/views/projector/projector_desk';
import { measureTrust, type Trust } from '../../web/src/views/projector/trust';

const frameOf = (method: ProjectionOptions['method'], first: number, stage: ProjectionProgress['stage']): ProjectionFrame => ({
  progress: { method, stage, step: 1, of: 2, columns: 3, kl: null, explained: [], recall: null, notes: [] },
  positions: Float32Array.of(first, 0, 0, 0, first, 0, 0, 0, first),
}); // prettier-ignore

/** What was asked of the worker, in order. */
let asked: string[];
/** Runs that have not ended, each with what sends it a frame and what ends it. */
let runs: { send: (frame: ProjectionFrame) => void; end: (frame: ProjectionFrame) => void }[];
let state: State;
const open = signal<OpenEmbedding | undefined>(undefined);
let projecting: Projecting;

const embedding = (name: string, set: number, step = NaN): OpenEmbedding => ({
  embedding: { run: '.', name } as Embedding,
  step: { step, place: { kind: 'file', path: name, form: 'npy' }, problems: [], isReadable: true },
  tensor: { rows: 3, columns: 4, fileRows: 3, faults: [], names: [] },
  rows: undefined,
  points: { set, points: 3, dimensions: 4, excludedCount: 0, excluded: [], constant: false, leading: [1, 3, 0] },
  metadata: { table: set, rows: 2, columns: [], next: -1 } as unknown as MetadataFacts,
  tables: [],
  sprite: undefined,
  problems: [],
});
const settled = async (): Promise<void> => {
  for (let i = 0; i < 40; i++) await Promise.resolve();
};

beforeEach(() => {
  asked = [];
  runs = [];
  state = createState();
  open.value = undefined;
  const begin = (what: string, onFrame: (frame: ProjectionFrame) => void, abort: AbortSignal) => {
    asked.push(what);
    return new Promise<ProjectionProgress>((resolve, reject) => {
      abort.addEventListener('abort', () => reject(new Error('cancelled')));
      const end = (frame: ProjectionFrame): void => {
        onFrame(frame);
        resolve(frame.progress);
      };
      runs.push({ send: onFrame, end });
    });
  };
  const projections = {
    prepare: (set: number, how: string) => (asked.push(`prepare ${set} ${how}`), Promise.resolve()),
    start: (set: number, { method }: ProjectionOptions, onFrame: (frame: ProjectionFrame) => void, abort: AbortSignal) =>
      begin(`start ${set} ${method}`, onFrame, abort),
    more: (set: number, steps: number, onFrame: (frame: ProjectionFrame) => void, abort: AbortSignal) =>
      begin(`more ${set} ${steps}`, onFrame, abort),
    pause: (set: number) => void asked.push(`pause ${set}`),
    kept: (_: number, k: number) => Promise.resolve({ share: 1, rows: 3, k }),
    resume: (set: number) => void asked.push(`resume ${set}`),
    align: (positions: Float32Array) => Promise.resolve(positions.map((value) => value + 100)),
  }; // prettier-ignore
  const reader = {
    search: (_: number, { text }: CellMatch) => Promise.resolve(Uint32Array.from(text === 'cat' ? [1] : [])),
  };
  const engine = { projections: () => Promise.resolve(projections), embeddings: () => Promise.resolve(reader) };
  projecting = new Projecting({ engine, state } as unknown as ViewContext, open);
  projecting.start();
});

afterEach(() => projecting.stop());

describe('what is projected', () => {
  test('is prepared before it is started, once for each way to see points', async () => {
    open.value = embedding('a', 1);
    await settled();
    expect(asked).toEqual(['prepare 1 sphereized', 'start 1 pca']);
    state.preparation.value = 'none';
    await settled();
    await projecting.prepared(open.value, 'none');
    expect(asked.slice(2)).toEqual(['prepare 1 none', 'start 1 pca']);
  });

  test('axes are looked for once, and what finds nothing makes no picture', async () => {
    state.projection.value = 'axes';
    open.value = embedding('a', 1);
    await settled();
    expect(asked).toEqual(['prepare 1 sphereized', 'start 1 axes']);
    const [, ...others] = state.projectionSettings.value.axes;
    const set = (to: string): void => {
      const axes = [{ kind: 'between', from: '#0', to }, ...others] as unknown as State['projectionSettings']['value']['axes'];
      state.projectionSettings.value = { ...state.projectionSettings.value, axes };
    }; // prettier-ignore
    set('cat');
    await settled();
    expect(asked.length).toBe(3);
    set('dog');
    await settled();
    expect(asked.length).toBe(3);
    expect(projecting.axisTerms.value.value?.ends[0]?.to.problem).toContain('dog');
  });

  test('axes that nobody set are the first dimensions in which points differ', async () => {
    state.projection.value = 'axes';
    open.value = embedding('a', 1);
    await settled();
    const along = () => projecting.options.value?.method === 'axes' && projecting.options.value.axes;
    const dimension = (index: number) => ({ kind: 'dimension', index });
    expect(along()).toEqual([dimension(1), dimension(3), dimension(0)]);
    const [, ...others] = state.projectionSettings.value.axes;
    state.projectionSettings.value = { ...state.projectionSettings.value, axes: [{ kind: 'dimension', index: 0 }, ...others] }; // prettier-ignore
    await settled();
    expect(along()).toEqual([dimension(0), dimension(3), dimension(0)]);
  });

  test('goes on when labels of the same points come', async () => {
    state.projection.value = 'tsne';
    const before = embedding('a', 1);
    open.value = before;
    await settled();
    runs[0]?.send(frameOf('tsne', 1, 'layout'));
    await settled();
    const places = projecting.places.value;
    open.value = { ...before, metadata: { table: 7, rows: 2, columns: [], next: -1 } as unknown as MetadataFacts };
    await settled();
    expect(projecting.places.value).toBe(places);
    runs[0]?.send(frameOf('tsne', 2, 'layout'));
    await settled();
    expect(projecting.places.value?.values[0]).toBe(2);
    expect(projecting.running.value).toBe('running');
    expect(asked.filter((what) => what.startsWith('align') || what.startsWith('cancel'))).toEqual([]);
    expect(runs.length).toBe(1);
  });

  test('is not begun again by who goes away and comes back', async () => {
    open.value = embedding('a', 1);
    await settled();
    runs[0]?.send(frameOf('pca', 1, 'layout'));
    projecting.stop();
    await settled();
    projecting.start();
    await settled();
    expect(asked.slice(2)).toEqual(['pause 1', 'resume 1']);
    expect(projecting.running.value).toBe('running');
  });

  test('is paused though it had not begun', async () => {
    open.value = embedding('a', 1);
    projecting.pause();
    await settled();
    runs[0]?.send(frameOf('pca', 1, 'layout'));
    await settled();
    expect(asked.filter((one) => one === 'pause 1').length).toBeGreaterThan(0);
    expect(asked.at(-1)).toBe('pause 1');
  });
});

describe('what is seen', () => {
  test('is of what is open: nothing of another embedding stays', async () => {
    open.value = embedding('a', 1);
    await settled();
    runs[0]?.end(frameOf('pca', 1, 'done'));
    await settled();
    expect(projecting.picture.value?.of).toBe(open.value);
    open.value = embedding('b', 2);
    await settled();
    expect(projecting.picture.value).toBeUndefined();
    expect(projecting.space.value).toBeUndefined();
    // What comes late of the one before is of nobody.
    runs[0]?.send(frameOf('pca', 9, 'layout'));
    await settled();
    expect(projecting.picture.value).toBeUndefined();
  });

  test('of another step it is seen until there is a picture of this one, which is laid over it', async () => {
    state.projection.value = 'umap';
    open.value = embedding('a', 1, 0);
    await settled();
    runs[0]?.end(frameOf('umap', 1, 'done'));
    await settled();
    const before = projecting.picture.value;
    open.value = embedding('a', 2, 1);
    await settled();
    expect(projecting.picture.value).toBe(before);
    runs[1]?.end(frameOf('umap', 2, 'done'));
    await settled();
    expect(projecting.picture.value?.of).toBe(open.value);
    expect(projecting.space.value?.[0]).toBe(102);
  });

  test('components of PCA are only turned round, and axes stay what they are', async () => {
    open.value = embedding('a', 1, 0);
    await settled();
    runs[0]?.end(frameOf('pca', 1, 'done'));
    await settled();
    open.value = embedding('a', 2, 1);
    await settled();
    runs[1]?.end(frameOf('pca', -2, 'done'));
    await settled();
    expect([...(projecting.space.value ?? [])].map(Math.abs)).toEqual([2, 0, 0, 0, 2, 0, 0, 0, 2]);
    expect(projecting.space.value?.[0]).toBe(2);
  });

  test('what was kept elsewhere is shown in place of what would be made, and does not go on', async () => {
    open.value = embedding('a', 1);
    await settled();
    runs[0]?.end(frameOf('pca', 1, 'done'));
    await settled();
    const count = asked.length;
    state.projection.value = 'tsne';
    projecting.showKept(frameOf('tsne', 5, 'done'));
    await settled();
    projecting.more(10);
    await settled();
    expect(asked.slice(count).filter((one) => one.startsWith('more'))).toEqual([]);
    expect(projecting.picture.value?.isKept).toBe(true);
    expect(projecting.space.value?.[0]).toBe(5);
  });

  test('a picture of before is said to be so until there is another one, and is not measured', async () => {
    const trust = new Latest<Trust>();
    const selected = signal<readonly number[]>([]);
    const desk = { context: { state }, open, selected, projecting, trust } as unknown as ProjectorDesk;
    const end = effect(() => measureTrust(desk));
    open.value = embedding('a', 1);
    await settled();
    runs[0]?.end(frameOf('pca', 1, 'done'));
    await settled();
    expect(projecting.awaited.value).toBeUndefined();
    expect(trust.value.value?.whole.share).toBe(1);
    state.projection.value = 'tsne';
    await settled();
    runs[1]?.send({ ...frameOf('tsne', 2, 'neighbours'), positions: new Float32Array() });
    projecting.pause();
    await settled();
    expect(projecting.picture.value?.options.method).toBe('pca');
    expect(projecting.awaited.value?.method).toBe('tsne');
    expect(trust.value.value).toBeUndefined();
    runs[1]?.send(frameOf('tsne', 2, 'layout'));
    await settled();
    expect(trust.value.value?.whole.share).toBe(1);
    expect(projecting.picture.value?.options.method).toBe('tsne');
    expect(projecting.awaited.value).toBeUndefined();
    end();
  });

  test('a paused run that was left is seen as far as it came, and does not run unasked', async () => {
    state.projection.value = 'tsne';
    open.value = embedding('a', 1);
    await settled();
    runs[0]?.send(frameOf('tsne', 2, 'layout'));
    projecting.pause();
    state.projection.value = 'pca';
    await settled();
    runs[1]?.end(frameOf('pca', 1, 'done'));
    const count = asked.length;
    state.projection.value = 'tsne';
    await settled();
    expect(asked.length).toBe(count);
    expect(projecting.running.value).toBe('off');
    expect(projecting.picture.value?.frame).toEqual(frameOf('tsne', 2, 'layout'));
    projecting.restart();
    await settled();
    expect(asked.at(-1)).toBe('start 1 tsne');
    expect(projecting.running.value).toBe('running');
  });

  for (const [step, isShown] of [
    [2, true],
    [4, false],
  ] as const)
    test(`what was kept of step 2 is ${isShown ? '' : 'not '}shown once step ${step} is open`, async () => {
      open.value = embedding('a', 1, 6);
      projecting.showKept(frameOf('pca', 5, 'done'), 2);
      await settled();
      expect(projecting.picture.value?.isKept).not.toBe(true);
      open.value = embedding('a', 2, step);
      await settled();
      expect(projecting.picture.value?.isKept === true).toBe(isShown);
      expect(asked.includes('start 2 pca')).toBe(!isShown);
    });
});
