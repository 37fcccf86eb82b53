import { deflateRawSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { GRAPH_COLOURS, TABLE_COLUMNS, TRACE_DIRECTIONS } from '../../web/src/engine/graphs/graphs';
import { FREQUENCY_SCALES } from '../../web/src/engine/values/media';
import { METRICS, PREPARATIONS, PROJECTION_METHODS } from '../../web/src/engine/projections/projections';
import { PURGES } from '../../web/src/engine/protocol';
import {
  type AxisTerms,
  COLOUR_SCALES,
  createState,
  FIRST_GRAPH,
  GRAPH_FORMS,
  type GraphPlace,
  HISTOGRAM_TAG_MODES,
  IMAGE_AXES,
  IMAGE_CHANNELS,
  IMAGE_COMPARISONS,
  IMAGE_FITS,
  type ImagePlace,
  POINT_COLOURINGS,
  POINT_DRAGS,
  POINT_FORMS,
  SOUND_PICTURES,
  TEXT_COMPARISONS,
  TEXT_FORMATS,
  type State,
  type YScale,
} from '../../web/src/model/state';
import { closedUnder } from '../../web/src/model/graph_paths';
import { addAllFields, applyState, encodeState, upgraders, VERSION } from '../../web/src/model/url_state';
import { Random } from './random';

await addAllFields();

const values = (state: State): unknown =>
  Object.fromEntries(Object.entries(state).map(([key, { value }]) => [key, value]));

function randomState(random: Random): State {
  const state = createState();
  const names = (): string[] => random.list(random.next() < 0.1 ? 200 : 4, () => random.name());
  const range = (): [number, number] => {
    if (random.next() < 0.2) return [NaN, NaN];
    const from = random.pick([0, -1.5, 1e-290, 42_400, 2 ** 53 + 2, random.next()]);
    return [from, from + random.pick([1, 1e5, 1e290]) * (1 + Math.abs(from))];
  };
  const scale = (): YScale => random.pick(['linear', 'log', 'symlog']);
  const some = (set: () => void): void => void (random.next() < 0.5 && set());
  const rows = (): number[] => [...new Set(random.list(20, () => Math.floor(random.next() * 60)))];
  const coordinate = (): number => random.pick([0, -1.5, 12.3456, 1e-7]);
  some(() => (state.embedding.value = { run: random.name(), name: random.name() }));
  some(() => (state.projection.value = random.pick(PROJECTION_METHODS)));
  some(() => (state.projectionIs3d.value = false));
  some(() => (state.preparation.value = random.pick(PREPARATIONS)));
  some(() => {
    const axis = (): AxisTerms =>
      random.next() < 0.5
        ? { kind: 'dimension', index: 7 }
        : { kind: 'between', from: random.name(), to: random.name() };
    state.projectionSettings.value = {
      perplexity: random.pick([2, 30, 99.5]),
      learningRate: random.pick([0, 1200]),
      neighbours: random.pick([2, 15, 100]),
      minDistance: random.pick([0, 0.25]),
      metric: random.pick(METRICS),
      seed: random.pick([0, 42, 0xffffffff]),
      components: [random.pick([0, 9]), random.pick([1, 5]), random.pick([2, 8])],
      axes: [axis(), axis(), axis()],
    };
  });
  some(() => {
    const by = random.pick(POINT_COLOURINGS);
    state.pointColour.value = { by, column: by === 'column' ? random.name() : '' };
  });
  some(() => (state.colourScale.value = random.pick(COLOUR_SCALES)));
  some(() => (state.hiddenClasses.value = new Set(names())));
  some(() => (state.otherClassesHidden.value = true));
  some(() => (state.pointLabel.value = random.name()));
  some(() => (state.points.value = rows()));
  some(() => (state.isolatedPoints.value = rows()));
  some(() => (state.hiddenPoints.value = rows()));
  some(() => (state.pointSearch.value = random.name()));
  some(() => (state.pointMetric.value = random.pick(METRICS)));
  some(() => (state.neighbourCount.value = random.pick([1, 12, 999])));
  some(() => (state.pointForm.value = random.pick(POINT_FORMS)));
  some(() => (state.pointSize.value = random.pick([1, 5, 24])));
  some(() => (state.pointOpacity.value = random.pick([0.05, 0.7, 1])));
  some(() => (state.clusterNames.value = false));
  some(() => (state.density.value = true));
  some(() => (state.sequences.value = false));
  some(() => (state.pointDrag.value = random.pick(POINT_DRAGS)));
  some(() => (state.lasso.value = true));
  some(() => {
    const target = [coordinate(), coordinate(), coordinate()] as const;
    const roll = random.pick([{}, { roll: -1.5 }]);
    state.pointCamera.value = { target, azimuth: coordinate(), elevation: coordinate(), ...roll, zoom: random.pick([0.5, 3]) }; // prettier-ignore
  });
  some(() => (state.pointTable.value = true));
  some(() => (state.view.value = random.name()));
  some(() => (state.runFilter.value = random.name()));
  some(() => (state.tagFilter.value = random.name()));
  some(() => (state.selection.value = { shownByDefault: random.next() < 0.5, exceptions: new Set(names()) }));
  some(() => (state.fold.value = random.next() < 0.5));
  some(() => (state.smoothing.value = random.pick([0, 0.6, 0.999, random.next() * 0.999])));
  some(() => (state.x.value = random.pick(['step', 'relative', 'wall'])));
  some(() => (state.y.value = scale()));
  some(() => (state.yOfTag.value = new Map(names().map((tag) => [tag, scale()]))));
  some(() => (state.clipOutliers.value = random.next() < 0.5));
  some(() => (state.purge.value = random.pick(PURGES)));
  some(() => (state.zoom.value = new Map(names().map((tag) => [tag, { x: range(), y: range() }]))));
  some(() => (state.closedGroups.value = new Set(names())));
  some(() => (state.enlarged.value = new Map([[random.name(), random.name()]])));
  some(() => (state.closedFolders.value = new Set(names())));
  some(() => (state.panelHidden.value = true));
  some(() => (state.imageGain.value = random.pick([1, 20])));
  some(() => (state.colours.value = new Map(names().map((run) => [run, random.pick([0, 11, 47])]))));
  some(() => (state.step.value = random.pick([0n, -5n, 42_400n, 2n ** 63n - 1n, -(2n ** 63n)])));
  some(() => (state.histogramMode.value = random.pick([...HISTOGRAM_TAG_MODES, 'tags'])));
  some(() => (state.histogramModeOfTag.value = new Map(names().map((tag) => [tag, random.pick(HISTOGRAM_TAG_MODES)]))));
  some(() => (state.matrixNumbers.value = true));
  some(() => (state.textFormat.value = random.pick(TEXT_FORMATS)));
  some(() => (state.textList.value = true));
  some(() => (state.textWrap.value = false));
  some(() => (state.textSearch.value = random.name()));
  some(() => (state.textComparison.value = random.pick(TEXT_COMPARISONS)));
  some(() => (state.textAgainst.value = random.pick([0n, -5n, 2n ** 63n - 1n])));
  some(() => (state.textAgainstRun.value = random.name()));
  some(() => (state.soundPicture.value = random.pick(SOUND_PICTURES)));
  some(() => (state.frequencyScale.value = random.pick(FREQUENCY_SCALES)));
  some(() => (state.soundRange.value = random.pick([-200, -60, -1.5])));
  some(() => (state.normalise.value = true));
  some(() => (state.loopSounds.value = true));
  some(() => (state.playInSync.value = false));
  some(() => (state.imageRows.value = random.pick(IMAGE_AXES)));
  some(() => (state.imageColumns.value = random.pick(IMAGE_AXES)));
  some(() => (state.imageFit.value = random.pick(IMAGE_FITS)));
  some(() => (state.imageHeight.value = random.pick([32, 100, 512])));
  some(() => (state.smoothImages.value = true));
  const look = () => ({
    brightness: random.next() * 2,
    contrast: random.next() * 5,
    channel: random.pick(IMAGE_CHANNELS),
    falseColour: random.next() < 0.5,
  });
  some(() => (state.imageLooks.value = new Map(names().map((group) => [group, look()]))));
  const place = (): ImagePlace => ({
    tag: random.name(),
    run: random.name(),
    sample: random.pick([0, 999]),
    step: random.pick([undefined, -5n, 2n ** 63n - 1n]),
  });
  some(() => (state.imageA.value = place()));
  some(() => (state.imageB.value = place()));
  some(() => (state.imageTarget.value = place()));
  some(() => (state.imageSample.value = random.pick([1, 7, 999])));
  some(() => (state.imageComparison.value = random.pick(IMAGE_COMPARISONS)));
  const graph = (): GraphPlace => ({
    run: random.name(),
    form: random.pick([...GRAPH_FORMS, 'file', '']),
    tag: random.name(),
    step: random.pick([undefined, -5n, 2n ** 63n - 1n]),
    time: random.pick([undefined, 1764250000.25]),
  });
  some(() => (state.graph.value = graph()));
  some(() => (state.graphAgainst.value = random.pick([graph(), FIRST_GRAPH])));
  some(() => (state.graphOpen.value = closedUnder(names().filter((name) => name !== ''))));
  some(() => (state.graphNode.value = random.name()));
  some(() => (state.graphArea.value = [...new Set(names())]));
  some(() => (state.graphPathTo.value = random.name()));
  some(() => (state.graphColour.value = random.pick(GRAPH_COLOURS)));
  some(() => (state.graphTrace.value = random.pick(['off', ...TRACE_DIRECTIONS])));
  some(() => (state.graphTraceDepth.value = random.pick([1, 3, 999, Infinity])));
  some(() => (state.graphSearch.value = random.name()));
  some(() => (state.graphPutBack.value = [...new Set(names())]));
  some(() => (state.graphTakenOut.value = [...new Set(names())]));
  some(() => (state.graphTable.value = { column: random.pick(TABLE_COLUMNS), descending: random.next() < 0.5 }));
  const [x, y] = random.pick<[number, number]>([
    [NaN, NaN],
    [-120, 0.5],
  ]);
  some(() => (state.graphCamera.value = { path: random.name(), x, y, zoom: random.pick([0.005, 1, 8]) }));
  some(() => (state.theme.value = random.pick(['auto', 'light', 'dark'])));
  return state;
}

describe('the hash of a state', () => {
  test('gives back any state', async () => {
    const random = new Random(4);
    let deflated = 0;
    for (let round = 0; round < 300; round++) {
      const state = randomState(random);
      const hash = await encodeState(state);
      const read = randomState(random);
      expect(await applyState(read, `#${hash}`)).toBe('applied');
      expect(values(read)).toEqual(values(state));
      expect(hash).toMatch(/^(v=1&[!-~]*)?$/);
      if (hash.includes('&z=')) deflated++;
    }
    expect(deflated).toBeGreaterThan(0);
  });

  test('is empty by default and readable when short', async () => {
    const state = createState();
    expect(await encodeState(state)).toBe('');
    state.smoothing.value = 0.9;
    state.selection.value = { shownByDefault: false, exceptions: new Set(['lr/1', 'lr/2']) };
    expect(await encodeState(state)).toBe('v=1&shown=none,lr/1,lr/2&smoothing=0.9');
  });

  test('beyond 1 kB is deflated', async () => {
    const state = createState();
    state.closedGroups.value = new Set(Array.from({ length: 500 }, (_, i) => `group${i}`));
    const hash = await encodeState(state);
    expect(hash).toMatch(/^v=1&z=[\w-]+$/);
    expect(hash.length).toBeLessThan(1500);
  });

  test('of a newer version is not applied', async () => {
    const state = createState();
    expect(await applyState(state, `#v=${VERSION + 1}&smoothing=0.1`)).toBe('newer');
    expect(values(state)).toEqual(values(createState()));
  });

  test.each(['#smoothing=0.1', '#v=x', '#v=0', '#v=1&z=%%%', '#v=1&z=AAAA', '#top'])('%s is bad', async (hash) => {
    const state = createState();
    expect(await applyState(state, hash)).toBe('bad');
    expect(values(state)).toEqual(values(createState()));
  });

  test('ignores names and values that it does not know', async () => {
    const state = createState();
    const hash = '#v=1&constructor=1&__proto__=1&new=1&smoothing=7&x=up&y=&zoom=a,1:2&yof=a,cubic&theme=dark';
    expect(await applyState(state, hash)).toBe('applied');
    const expected = createState();
    expected.theme.value = 'dark';
    expect(values(state)).toEqual(values(expected));
  });

  test.each(['1:1:0:1', '2:1:0:1', '0:Infinity:0:1', '0:1::1', '0:1:1:1.00000000000001', '0:1e-301::', '0:1'])(
    'a zoom to %s is none',
    async (range) => {
      const state = createState();
      expect(await applyState(state, `#v=1&zoom=loss,${range},acc,0:10::&theme=dark`)).toBe('applied');
      expect([...state.zoom.value]).toEqual([['acc', { x: [0, 10], y: [NaN, NaN] }]]);
      expect(state.theme.value).toBe('dark');
    },
  );

  test('that inflates to more than a megabyte is not read', async () => {
    const zipped = (plain: string): string => deflateRawSync(plain).toString('base64url');
    const state = createState();
    const hash = `#v=1&z=${zipped(`runs=${'a'.repeat(300 << 20)}`)}`;
    const before = process.memoryUsage().rss;
    expect(await applyState(state, hash)).toBe('long');
    expect(process.memoryUsage().rss - before).toBeLessThan(100 << 20);
    expect(values(state)).toEqual(values(createState()));
    expect(await applyState(state, `#v=1&z=${zipped(`runs=${'a'.repeat(1000 << 10)}`)}`)).toBe('applied');
  });

  test('can be upgraded from every version', () => {
    for (let version = 1; version < VERSION; version++) expect(upgraders[version]).toBeTypeOf('function');
  });
});
