import { beforeEach, describe, expect, it } from 'vitest';
import { paletteOf } from '../../web/src/model/colours';
import { createShown, type Shown } from '../../web/src/model/shown';
import { createState, type State } from '../../web/src/model/state';
import { FakeEngine } from './fake_engine';

let state: State;
let shown: Shown;
let engine: FakeEngine;

beforeEach(async () => {
  engine = new FakeEngine();
  state = createState();
  shown = createShown(engine.catalogue, state, () => paletteOf(false));
  await engine.open();
});

const runsOf = (series: readonly number[]): string[] => series.map((one) => engine.catalogue.runName(one));

describe('what is shown', () => {
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
  it('gives ten runs ten colours', () => {
    expect(new Set(shown.runs.value.map((run) => shown.lineStyle(run).colour)).size).toBe(10);
  });
  it('has the last value of the first tag beside the runs, or the values at the crosshair', () => {
    expect(shown.valueColumn(undefined).tag).toBe('acc/top1');
    expect(shown.valueColumn(undefined).of('resnet50/base')).toBeGreaterThan(50);
    const hovered = { tag: 'loss/val', at: '42.4k', byRun: new Map([['resnet50/base', 1.5]]) };
    expect(shown.valueColumn(hovered)).toMatchObject({ title: 'loss/val @ 42.4k' });
    expect(shown.valueColumn(hovered).of('resnet50/base')).toBe(1.5);
  });
});
