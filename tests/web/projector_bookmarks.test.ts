import { PerspectiveCamera, Vector3 } from 'three';
import { describe, expect, test } from 'vitest';
import { countBookmarks } from '../../web/src/model/bookmarks';
import { columnNamed, type Bookmark } from '../../web/src/views/projector/bookmarks';
import { viewOf } from '../../web/src/views/projector/points/point_camera';
import { frameOf } from '../../web/src/views/projector/points/point_spread';
import { bookmarkFaultText, readBookmarks } from '../../web/src/views/projector/read_bookmarks';
import { bookmarkTexts } from '../../web/src/views/projector/write_bookmarks';
import { ended } from './ended';

const PLAIN = { hidden: { texts: [], others: false }, byClass: false, search: { text: '', isPattern: false } };
const UNSET = { colourBy: undefined, labelBy: undefined };

const textOf = (bookmarks: readonly Bookmark[]): string => [...bookmarkTexts(bookmarks)].join('');

describe('round trip', () => {
  const trip = async (...bookmarks: Bookmark[]) => {
    const [{ points, dimensions } = { points: 0, dimensions: 0 }] = bookmarks;
    const text = textOf(bookmarks);
    expect(countBookmarks(text)).toBe(bookmarks.length);
    expect(await readBookmarks(text, { points, dimensions })).toEqual({ bookmarks, faults: [] });
    return JSON.parse(text);
  };

  test('none, and what has only what it needs', async () => {
    expect(await trip()).toEqual([]);
    const pca: Bookmark = { ...PLAIN, ...UNSET, name: '', points: 3, dimensions: 5, projection: { method: 'pca' }, drawn: [0, 1, 2], selected: [] }; // prettier-ignore
    await trip(pca, { ...pca, name: 'of two' });
  });

  test('all there is', async () => {
    const values = Float32Array.from({ length: 8 }, (_, i) => i / 3 - 1);
    values.set([NaN, NaN], 2);
    const bookmark: Bookmark = {
      name: 'cats “and” "projections":[ dogs',
      embedding: { run: 'a/b', name: 'default', step: NaN },
      points: 4,
      dimensions: 7,
      preparation: 'sphereized',
      projection: { method: 'tsne', dimensions: 2, perplexity: 12, learningRate: 200, steps: 750, metric: 'euclidean', seed: 0 }, // prettier-ignore
      drawn: [0, 1],
      positions: { columns: 2, values },
      camera: { target: [1, 2, 0], azimuth: 0.5, elevation: -0.25, zoom: 3 },
      selected: [3, 1],
      hidden: { texts: ['', '__proto__', 'a"b'], others: true },
      colourBy: '',
      byClass: true,
      labelBy: 'No color map',
      search: { text: '/tig.r/', isPattern: true },
    };
    const [state] = await trip(bookmark);
    expect(state).toMatchObject({
      selectedProjection: 'tsne',
      dataSetDimensions: [4, 7],
      tSNEIteration: 750,
      tSNEPerplexity: 12,
      tSNEis3d: false,
      selectedPoints: [3, 1],
      selectedColorOptionName: 'label',
      cameraDef: { orthographic: true, zoom: 3 },
    });
    expect(state.projections).toHaveLength(4);
    expect(state.projections[1]).toEqual({});
    expect(Math.fround(state.projections[2]['tsne-1'])).toBe(values[5]);
  });

  test('few of many points', async () => {
    const values = new Float32Array(15).fill(NaN);
    values.set([1, 2, 3], 12);
    values.set([4, 5, 6], 3);
    const [state] = await trip({
      ...PLAIN,
      ...UNSET,
      name: 'isolated',
      points: 5,
      dimensions: 2,
      projection: { method: 'umap', dimensions: 3, neighbours: 5, minDistance: 0, spread: 1.5 },
      drawn: [0, 1, 2],
      positions: { columns: 3, values },
      selected: [1, 2],
      only: [4, 1],
    });
    // Of what is filtered, as TensorBoard has them.
    expect(state).toMatchObject({ filteredPoints: [4, 1], selectedPoints: [1], umapNeighbors: 5, umapMinDist: 0 });
    expect(state.projections).toEqual([
      { 'umap-0': 1, 'umap-1': 2, 'umap-2': 3 },
      { 'umap-0': 4, 'umap-1': 5, 'umap-2': 6 },
    ]);
  });

  test('axes, and many points', async () => {
    const values = Float32Array.from({ length: 20_000 }, (_, i) => Math.sin(i));
    await trip({
      ...PLAIN,
      ...UNSET,
      name: 'axes',
      points: 10_000,
      dimensions: 3,
      projection: { method: 'axes', axes: [{ kind: 'dimension', index: 2 }, { kind: 'between', from: [], to: [4, 9] }] }, // prettier-ignore
      drawn: [0, 1],
      positions: { columns: 2, values },
      selected: [],
    });
  });
});

test('axes are kept as they were said, whatever number of points is meant', async () => {
  const from = Array.from({ length: 3000 }, (_, i) => i);
  const axes = [{ kind: 'between', from: 'label = 4', to: '' }, { kind: 'dimension', index: 2 }, { kind: 'dimension', index: 0 }] as const; // prettier-ignore
  const kept: Bookmark = { ...PLAIN, ...UNSET, name: 'a', points: 4000, dimensions: 3, projection: { method: 'axes', axes: [{ kind: 'between', from, to: [] }] }, axes, drawn: [0, 1], selected: [] }; // prettier-ignore
  const size = { points: 4000, dimensions: 3 };
  expect((await readBookmarks(textOf([kept]), size)).bookmarks[0]?.axes).toEqual(axes);
  for (const bad of [axes.slice(1), [...axes.slice(1), { kind: 'between', from: 4 }], 'label'] as never[]) {
    expect((await readBookmarks(textOf([{ ...kept, axes: bad }]), size)).bookmarks[0]?.axes).toBeUndefined();
  }
});

/** Written by hand after `State`, with what a person has seen in TensorBoard: PCA in 3-D, seen from its first place. */
const THEIRS = `[ {
  "label" : "State 0", "isSelected": true, "selectedProjection": "pca", "dataSetDimensions": [3, 4],
  "tSNEIteration": 0, "tSNEPerplexity": 0, "tSNELearningRate": 0, "tSNEis3d": true, "umapIs3d": true, "umapNeighbors": 15,
  "pcaComponentDimensions": [2, 0, 1],
  "projections" : [
    { "pca-0": 0, "pca-1": 10, "pca-2": -4, "tsne-0": 7 },
    { "pca-0": 2, "pca-1": 20, "pca-2": 4 }, { "pca-0": null, "pca-1": 12 }
  ],
  "selectedPoints": [1, 1, 9, -1, "2"],
  "cameraDef": { "orthographic": false, "position": [0.45, 0.9, 1.6], "target": [0, 0, 0], "zoom": 1 },
  "selectedColorOptionName": "No color map", "selectedLabelOption": "label"
} ]`;

describe('TensorBoard’s own', () => {
  test('a state', async () => {
    const { bookmarks, faults } = await readBookmarks(THEIRS, { points: 3, dimensions: 4 });
    expect(faults).toEqual([]);
    const [bookmark] = bookmarks;
    expect(bookmark).toEqual({
      ...PLAIN,
      name: 'State 0',
      points: 3,
      dimensions: 4,
      projection: { method: 'pca' },
      drawn: [2, 0, 1],
      positions: { columns: 3, values: Float32Array.of(0, 10, -4, 2, 20, 4, NaN, 12, NaN) },
      camera: expect.anything(),
      selected: [1],
      colourBy: undefined,
      labelBy: 'label',
    });
    // The cube is around the middle of what is drawn: component 2, 0 and 1.
    expect(bookmark?.camera?.target).toEqual([0, 1, 15]);
    expect(bookmark?.camera?.zoom).toBeCloseTo(1);
    expect(bookmark?.camera?.azimuth).toBeCloseTo(Math.atan2(0.9, 0.45));
    expect(columnNamed(bookmark?.labelBy, [{ name: '' }])).toBe(0);
    expect(columnNamed(bookmark?.labelBy, [{ name: 'a' }, { name: 'label' }])).toBe(1);
  });

  test.each([
    [0.45, 0.9, 1.6],
    [-2, 0.1, 0.3],
    [0, -3, 1],
    [0.5, 0.2, -2],
    [0, 0, 1],
    [0, 2, 0],
    [0, -2, 0],
  ])('is seen as its camera sees it, y upwards: from %d, %d, %d', async (...position) => {
    const state = { ...(JSON.parse(THEIRS) as object[])[0], cameraDef: { position, target: [0, 0, 0], zoom: 1 } };
    const { bookmarks } = await readBookmarks(JSON.stringify([state]), { points: 3, dimensions: 4 });
    const camera = bookmarks[0]?.camera;
    if (!camera) throw new Error('no camera');
    const theirs = new PerspectiveCamera();
    theirs.position.set(...position);
    theirs.lookAt(0, 0, 0);
    theirs.updateMatrixWorld();
    const frame = ended(frameOf(Float32Array.of(-1, -1, -1, 1, 1, 1), new Uint8Array(2), true));
    const expected = [0, 1, 2].map((axis) => new Vector3().setFromMatrixColumn(theirs.matrixWorld, axis).toArray());
    viewOf(camera, frame, { width: 800, height: 600 }).axes.forEach((axis, i) =>
      axis.forEach((at, k) => expect(at).toBeCloseTo(expected[i]?.[k] as number, 3)),
    );
  });

  test('fields that are missing are as at first', async () => {
    const size = { points: 2, dimensions: 3 };
    const read = await readBookmarks('[{"selectedProjection": "tsne"}, {"selectedProjection": "custom"}]', size);
    const first = { ...PLAIN, ...UNSET, ...size, name: '', selected: [] };
    expect(read.bookmarks).toEqual([
      { ...first, projection: { method: 'tsne', dimensions: 3 }, drawn: [0, 1, 2] },
      { ...first, projection: { method: 'axes', axes: [] }, drawn: [0, 1] },
    ]);
  });

  test('of a filtered data set, whose size it has', async () => {
    const text = `[{"selectedProjection": "umap", "umapIs3d": false, "dataSetDimensions": [2, 3], "filteredPoints": [3, 1],
      "selectedPoints": [0], "projections": [{"umap-0": 1, "umap-1": 2}, {"umap-0": 3, "umap-1": 4}]}]`;
    const { bookmarks } = await readBookmarks(text, { points: 4, dimensions: 3 });
    expect(bookmarks).toMatchObject([{ points: 4, only: [3, 1], selected: [3], drawn: [0, 1] }]);
    expect([...(bookmarks[0]?.positions?.values ?? [])]).toEqual([NaN, NaN, 3, 4, NaN, NaN, 1, 2]);
  });

  test('a camera comes back where it was', async () => {
    const camera = { target: [3, -1, 2] as [number, number, number], azimuth: 2.5, elevation: -0.7, zoom: 0.8 };
    const bookmark: Bookmark = { ...PLAIN, name: '', points: 2, dimensions: 9, projection: { method: 'pca' }, drawn: [0, 1, 2], selected: [], camera, positions: { columns: 3, values: Float32Array.of(-1, 0, 5, 9, 2, 4) } }; // prettier-ignore
    const states = JSON.parse(textOf([bookmark]));
    delete states[0].tensorpane;
    const { bookmarks } = await readBookmarks(JSON.stringify(states), bookmark);
    const read = bookmarks[0]?.camera;
    read?.target.forEach((at, i) => expect(at).toBeCloseTo(camera.target[i] as number));
    expect([read?.azimuth, read?.elevation, read?.zoom].map((one) => one?.toFixed(6))).toEqual(['2.500000', '-0.700000', '0.800000']); // prettier-ignore
  });
});

describe('what cannot be used', () => {
  const SIZE = { points: 3, dimensions: 4 };
  const faultsOf = async (text: string) => {
    const { bookmarks, faults } = await readBookmarks(text, SIZE);
    return { count: bookmarks.length, texts: faults.map((fault) => bookmarkFaultText(fault, SIZE)) };
  };

  test.each([
    ['', 'no JSON'],
    [THEIRS.slice(0, -1), 'no JSON'],
    [THEIRS.slice(0, 400), 'no JSON'],
    [THEIRS.replace('"pca-1": 20', '"pca-1": oops'), 'no JSON'],
    ['{"selectedProjection": "pca"}', 'no list'],
    ['null', 'no list'],
  ])('a file: %.20s', async (text, why) => {
    expect(await faultsOf(text)).toEqual({
      count: 0,
      texts: [expect.stringMatching(new RegExp(`^The bookmarks could not be read: .*${why}`))],
    });
  });

  test('states among others', async () => {
    const theirs = THEIRS.slice(1, -1);
    const other = theirs.replace('[3, 4]', '[1500, 4]').replace('State 0', 'other');
    expect(await faultsOf(`[7, ${theirs}, {"a": 1}, ${other}, ${theirs}, {"selectedProjection": "pca", "dataSetDimensions": [3, 5]}]`)).toEqual({
      count: 2,
      texts: [
        'Bookmark 1 is left out: it is no state that the projector has saved',
        'Bookmark 3 is left out: it is no state that the projector has saved',
        'Bookmark 4 (“other”) is left out: it is of an embedding of 1,500 × 4, and this one is 3 × 4',
        'Bookmark 6 is left out: it is of an embedding of 3 × 5, and this one is 3 × 4',
      ],
    }); // prettier-ignore
  });

  test('fields of another type', async () => {
    const odd = `[{"selectedProjection": "pca", "label": 5, "pcaComponentDimensions": [0, "x", 99], "projections": [[1], 2],
      "selectedPoints": {}, "cameraDef": {"target": [1], "position": "far"}, "dataSetDimensions": "big",
      "tensorpane": {"drawn": [0], "camera": {"zoom": -1}, "hidden": [], "search": 3, "selected": "all", "embedding": {}}}]`;
    const { bookmarks, faults } = await readBookmarks(odd, SIZE);
    expect(faults.map(({ kind }) => kind)).toEqual(['not_json']);
    expect(bookmarks).toEqual([]);
    const read = await readBookmarks(odd.replace('[[1], 2]', '[1, 2]'), SIZE);
    expect(read.bookmarks).toEqual([
      { ...PLAIN, ...UNSET, ...SIZE, name: '', projection: { method: 'pca' }, drawn: [0, 1, 2], selected: [] },
    ]);
  });

  test('more places than there are points are none', async () => {
    const text = THEIRS.replace('{ "pca-0": null', '{}, { "pca-0": null');
    const { bookmarks } = await readBookmarks(text, SIZE);
    expect(bookmarks[0]).not.toHaveProperty('positions');
  });
});
