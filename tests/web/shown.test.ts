import { effect } from '@preact/signals-core';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { CatalogueDelta, FileReport } from '../../web/src/engine/protocol';
import type { WireError } from '../../web/src/faults/fault';
import { paletteOf } from '../../web/src/model/colours';
import { createShown, type Shown } from '../../web/src/model/shown';
import { createState, type State } from '../../web/src/model/state';
import { FakeEngine, STRING_COUNT, STRINGS } from './fake_engine';

let state: State;
let shown: Shown;
let engine: FakeEngine;

beforeEach(async () => {
  // On a busy machine filters would end their slice early.
  vi.spyOn(performance, 'now').mockReturnValue(0);
  engine = new FakeEngine();
  state = createState();
  shown = createShown(engine, state, () => paletteOf(false));
  await engine.open();
});

const [none, noNumbers] = [new Uint32Array(), new Float64Array()];
const NO_SERIES: Omit<CatalogueDelta, 'strings' | 'runs'> = {
  series: none,
  run: none,
  tag: none,
  plugin: none,
  count: noNumbers,
  minStep: noNumbers,
  maxStep: noNumbers,
  firstWall: noNumbers,
  lastWall: noNumbers,
  lastValue: noNumbers,
  nonFinite: noNumbers,
  restarts: noNumbers,
  superseded: noNumbers,
  restartStep: noNumbers,
  dropped: noNumbers,
  isMatrix: noNumbers,
};

const fault = (run: string, name: string, error: WireError): FileReport => {
  return { run, name, size: 0, records: 0, error, counts: [], places: [] };
};

const runsOf = (series: readonly number[]): string[] => series.map((one) => engine.catalogue.runName(one));

describe('what is shown', () => {
  it('gives runs the same colours however they arrive', () => {
    // More than there are colours, so that they contend for them.
    const names = ['a/1700000000.5', ...Array.from({ length: 20 }, (_, i) => `run${i}`)];
    const origins = new Map(names.map((run) => [run, { opening: 0, path: run, files: [] }]));
    const slotsOf = (batches: string[][]): unknown[] => {
      const log = new FakeEngine();
      log.origins.value = origins;
      const seen = createShown(log, createState(), () => paletteOf(false));
      batches.forEach((strings, i) => {
        const first = batches.slice(0, i).flat().length;
        log.catalogue.apply({ ...NO_SERIES, strings, runs: Uint32Array.from(strings, (_, at) => first + at) });
        if (strings[0]) seen.lineStyle(strings[0]);
      });
      return names.map((run) => seen.lineStyle(run));
    };
    expect(slotsOf([names])).toEqual(slotsOf(names.map((name) => [name]).reverse()));
  });
  it('tells a link the colours that are chosen, and those that another load would not give', () => {
    const names = Array.from({ length: 30 }, (_, i) => `run${i}`);
    const open = (batches: string[][], colours: ReadonlyMap<string, number>): Shown => {
      const log = new FakeEngine();
      const told = createState();
      told.colours.value = colours;
      const seen = createShown(log, told, () => paletteOf(false));
      batches.forEach((strings, i) => {
        const first = batches.slice(0, i).flat().length;
        log.catalogue.apply({ ...NO_SERIES, strings, runs: Uint32Array.from(strings, (_, at) => first + at) });
        if (strings[0]) seen.lineStyle(strings[0]);
      });
      return seen;
    };
    const slots = (seen: Shown): number[] => names.map((run) => seen.slot(run));
    expect(open([names], new Map()).coloursToTell.value.size).toBe(0);
    const chosen = new Map([['run3', 40]]);
    expect(open([names], chosen).coloursToTell.value).toEqual(chosen);

    const late = open([names.slice(15), names.slice(0, 15)], chosen);
    const told = late.coloursToTell.value;
    expect(told.size).toBeGreaterThan(1);
    const fresh = open([names], told);
    expect(slots(fresh)).toEqual(slots(late));
    expect(fresh.coloursToTell.value).toEqual(told);

    fresh.setSlot('run0', 7);
    expect([fresh.slot('run0'), fresh.styleOfSlot(7)]).toEqual([7, fresh.lineStyle('run0')]);
    late.setSlot('run3', undefined);
    expect(late.slot('run3')).not.toBe(40);
  });
  it('counts embeddings of logs before anybody has looked, but not those of files', () => {
    const log = new FakeEngine();
    const seen = createShown(log, createState(), () => paletteOf(false));
    const both = Float64Array.of(1, 1);
    log.catalogue.apply({ ...NO_SERIES, strings: ['run', 'a', 'b', 'tensors'], runs: Uint32Array.of(0), series: Uint32Array.of(0, 1), run: Uint32Array.of(0, 0), tag: Uint32Array.of(1, 2), plugin: Uint32Array.of(3, 3), count: both, minStep: both, maxStep: both, firstWall: both, lastWall: both, lastValue: both, nonFinite: both, restarts: both, superseded: both, restartStep: both, dropped: both, isMatrix: Float64Array.of(1, 0) }); // prettier-ignore
    expect(seen.tagCount('projector')).toBe(1);
    log.beside.value = [{ path: 'model.ckpt-1.index', kind: 'checkpoint', source: { id: 1, path: 'model.ckpt-1.index', url: 'x' } }]; // prettier-ignore
    expect(seen.tagCount('projector')).toBeUndefined();
    seen.noteEmbeddings(seen.embeddingFiles.value, seen.matrices.value, 7);
    expect(seen.tagCount('projector')).toBe(7);
  });
  it('counts tags by view', () => {
    expect(shown.tagCount('scalars')).toBe(38);
    expect(shown.tagCount('histograms')).toBe(2);
    expect(shown.tagCount('audio')).toBe(0);
  });
  it('filters runs for the panel and for charts alike', () => {
    state.runFilter.value = 'resnet';
    expect(shown.matching.value).toEqual(['resnet50/base', 'resnet50/cosine', 'resnet50/label-smooth']);
    expect(runsOf(shown.seriesOf('scalars', 'loss/val'))).toEqual(shown.matching.value);
  });
  it('keeps the last good result while a pattern is bad', () => {
    state.tagFilter.value = 'acc';
    expect(shown.tags('scalars')).toHaveLength(3);
    state.tagFilter.value = '/(/';
    expect(shown.tagFilterError.value).not.toBe('');
    expect(shown.tags('scalars')).toHaveLength(3);
  });
  it('goes back from Only to what it was', () => {
    shown.show(['vit-s16/base'], false);
    shown.only(['resnet50/base']);
    expect([...shown.visible.value]).toEqual(['resnet50/base']);
    expect(shown.isOnly(['resnet50/base'])).toBe(true);
    shown.only(['resnet50/base']);
    expect(shown.visible.value.size).toBe(9);
    expect(shown.visible.value.has('vit-s16/base')).toBe(false);
  });
  it('goes from one Only to another and back to the beginning', () => {
    shown.only(['resnet50/base']);
    shown.only(['vit-s16/base']);
    shown.only(['vit-s16/base']);
    expect(shown.visible.value.size).toBe(10);
  });
  it('goes back to the rule that shows every run when all are shown again', () => {
    shown.only(['vit-s16/base']);
    shown.show(shown.matching.value, true);
    expect(state.selection.value).toEqual({ shownByDefault: true, exceptions: new Set() });
    shown.show(shown.matching.value, false);
    expect(shown.visible.value.size).toBe(0);
    for (const run of shown.runs.value) shown.show([run], true);
    expect(state.selection.value).toEqual({ shownByDefault: true, exceptions: new Set() });
  });
  it('says what hides every run', () => {
    expect(shown.hidden.value).toBeUndefined();
    state.runFilter.value = 'no such run';
    expect(shown.hidden.value).toBe('filter');
    state.runFilter.value = 'resnet';
    expect(shown.hidden.value).toBeUndefined();
    shown.show(shown.matching.value, false);
    expect(shown.hidden.value).toBe('selection');
  });
  it('has no run for a file of another kind, but one for a file without data', () => {
    const { catalogue, report } = engine;
    const strings = ['pictures', 'empty'];
    const [first, count] = [STRING_COUNT, catalogue.runs.length];
    catalogue.apply({ ...NO_SERIES, strings, runs: Uint32Array.of(first, first + 1) });
    expect(catalogue.runs.slice(count)).toEqual(strings);
    report.value = [fault('pictures', 'random.png', { code: 'not_an_event_file' })];
    expect(shown.runs.value).toHaveLength(11);
    expect(shown.runs.value).toContain('empty');
    expect(shown.totals.value.runs).toBe(11);
    expect(shown.lineStyle('empty')).toBeDefined();
    // Known to have data, it is a run whatever else lies beside it.
    report.value = [fault('vit-s16/base', 'random.png', { code: 'not_an_event_file' })];
    expect(shown.runs.value).toHaveLength(12);
  });
  it('says how far a run was read whose reading was cancelled', () => {
    engine.report.value = [
      fault('vit-s16/base', 'a', { code: 'cancelled', offset: 40, size: 100 }),
      fault('resnet50/base', 'a', { code: 'cancelled', offset: 0, size: 100 }),
    ];
    expect(shown.cancelledText('vit-s16/base')).toBe('read to 40 %');
    expect(shown.cancelledText('resnet50/base')).toBe('read in part');
    expect(shown.cancelledText('resnet50/cosine')).toBe('');
  });
  it('calls the run at the root what was opened', () => {
    engine.rootNames.value = new Map([['.', 'logs']]);
    expect(shown.runLabel('.')).toBe('logs');
    expect(shown.runLabel('vit-s16/base')).toBe('vit-s16/base');
  });
  it('keeps the last good result while a pattern is being typed', () => {
    state.tagFilter.value = 'acc';
    expect(shown.tags('scalars')).toHaveLength(3);
    for (const text of ['/', '/l', '/lo(', '/lo(/']) {
      state.tagFilter.value = text;
      expect(shown.tags('scalars')).toHaveLength(3);
    }
    expect(shown.tagFilterError.value).not.toBe('');
    state.tagFilter.value = '/loss/';
    expect(shown.tags('scalars')).toHaveLength(4);
  });
  it('a run keeps its colour when others arrive, wherever they stand in the order', () => {
    const { catalogue } = engine;
    const before = shown.runs.value.map((run) => [run, shown.lineStyle(run)] as const);
    const [count, first] = [catalogue.runs.length, STRING_COUNT];
    const strings = Array.from({ length: 20 }, (_, i) => `${i % 2 === 0 ? 'a' : 'z'}${i}`);
    catalogue.apply({ ...NO_SERIES, strings, runs: Uint32Array.from(strings, (_, i) => first + i) });
    expect(shown.runs.value).toHaveLength(count + 20);
    expect(shown.runs.value[0]).toBe('a0');
    for (const [run, style] of before) expect([run, shown.lineStyle(run)]).toEqual([run, style]);
  });
  it('has the same tags for a view until there are new ones, or another filter', () => {
    const { catalogue } = engine;
    const tags = shown.tags('scalars');
    catalogue.apply({ ...NO_SERIES, strings: [], runs: none });
    expect(shown.tags('scalars')).toBe(tags);
    state.tagFilter.value = 'acc';
    expect(shown.tags('scalars')).toEqual(['acc/top1', 'acc/top5', 'acc/worst_class']);
  });
  it('tells of new series and of runs that are hidden, not of new points', () => {
    const { catalogue } = engine;
    const [, second, third] = shown.runs.value as [string, string, string];
    const told: string[][] = [];
    const stop = effect(() => void told.push(runsOf(shown.seriesOf('scalars', 'acc/top1'))));
    const add = (tag: string): void => {
      const one = { strings: [tag], runs: none, series: Uint32Array.of(catalogue.seriesCount), run: Uint32Array.of(0) };
      const plugin = Uint32Array.of(STRINGS.indexOf('scalars'));
      const numbers = Object.fromEntries(
        Object.entries(NO_SERIES).flatMap(([name, of]) => (of === noNumbers ? [[name, Float64Array.of(1)]] : [])),
      );
      catalogue.apply({ ...NO_SERIES, ...numbers, ...one, plugin, tag: Uint32Array.of(STRING_COUNT) });
    };
    catalogue.apply({ ...NO_SERIES, strings: [], runs: none });
    expect(told).toHaveLength(1);
    add('another tag');
    expect(told).toEqual([shown.runs.value, shown.runs.value]);
    shown.show([second], false);
    expect(told.at(-1)).toEqual(shown.runs.value.filter((run) => run !== second));
    shown.only([third]);
    expect(told.at(-1)).toEqual([third]);
    stop();
  });
  it('gives ten runs ten colours', () => {
    expect(new Set(shown.runs.value.map((run) => shown.lineStyle(run).colour)).size).toBe(10);
  });
  it('has the last value of the first tag beside the runs, or the values at the crosshair', () => {
    expect(shown.valueColumn(undefined).tag).toBe('acc/top1');
    expect(shown.valueColumn(undefined).of('resnet50/base')).toBeGreaterThan(50);
    const hovered = { tag: 'loss/val', at: '42.4k', byRun: new Map([['resnet50/base', 1.5]]) };
    expect(shown.valueColumn(hovered)).toMatchObject({ tag: 'loss/val', at: ' @ 42.4k' });
    expect(shown.valueColumn(hovered).of('resnet50/base')).toBe(1.5);
  });
});
