/** An {@link Engine} over made-up data, for looking at and testing the page without a worker. */
import { signal } from '@preact/signals-core';
import type { Engine, Pick } from '../../web/src/engine/engine';
import type { ChartLines, Line } from '../../web/src/engine/lines';
import type {
  CatalogueDelta,
  ChartQuery,
  FileProgress,
  FileReport,
  RestartReport,
  XKind,
} from '../../web/src/engine/protocol';
import type { OpenFile } from '../../web/src/sources/event_files';
import type { WireError } from '../../web/src/faults/fault';
import type { Columns, PointValue, SeriesPoints, StepUnion } from '../../web/src/engine/values/values';
import { Catalogue } from '../../web/src/model/catalogue';
import type { RunOrigin } from '../../web/src/model/fold';
import type { HParams } from '../../web/src/model/hparams_file';
import type { Neighbour } from '../../web/src/sources/find_neighbours';

const POINTS = 300;
const STEP = 200;
const START = 1_731_000_000;

const RUNS = [
  'convnext-t/base', 'convnext-t/ema', 'convnext-t/no-aug',
  'resnet50/base', 'resnet50/cosine', 'resnet50/label-smooth',
  'vit-s16/base', 'vit-s16/lr-1e-3', 'vit-s16/no-warmup', 'vit-s16/warmup-10k',
]; // prettier-ignore
const SCALARS = [
  'loss/train', 'loss/val', 'loss/distill', 'loss/reg', 'acc/top1', 'acc/top5', 'acc/worst_class',
  'optim/lr', 'optim/grad_norm', 'optim/weight_norm', 'perf/images_per_s', 'perf/gpu_mem_gb', 'perf/data_wait_ms', 'epoch',
  ...Array.from({ length: 24 }, (_, i) => `layers/block${i}/act_std`),
]; // prettier-ignore
const OTHERS: [string, string][] = [
  ['histograms', 'weights/head'], ['histograms', 'weights/stem'], ['images', 'samples/val'], ['text', 'config/text_summary'],
]; // prettier-ignore

/** Strings that the catalogue knows. */
export const STRINGS = [
  ...RUNS,
  ...SCALARS,
  ...OTHERS.map(([, tag]) => tag),
  'scalars',
  'histograms',
  'images',
  'text',
];
/** How many strings the catalogue knows: the index of the next one. */
export const STRING_COUNT = STRINGS.length;

/** A repeatable number in 0…1. */
function noise(seed: number): number {
  const x = Math.sin(seed * 12.9898) * 43758.5453;
  return x - Math.floor(x);
}

interface Series {
  x: Record<XKind, Float64Array>;
  values: Float64Array;
}

function makeSeries(run: number, tag: string, index: number): Series {
  const ends = run === 4 ? 240 : POINTS;
  const relative = Float64Array.from({ length: ends }, (_, i) => i * (52 + run * 3));
  const values = Float64Array.from({ length: ends }, (_, i) => {
    const t = i / POINTS;
    const rough = noise(index * 977 + i * 31 + run) - 0.5;
    if (RUNS[run] === 'vit-s16/no-warmup' && i > 93) return NaN;
    if (tag.startsWith('acc')) return (70 + run * 1.5) * (1 - Math.exp(-5 * t)) + rough * 3;
    if (tag === 'optim/grad_norm')
      return 0.7 + 3 * Math.exp(-8 * t) + (noise(i * 7 + run) > 0.96 ? 3 : 0.3) * Math.abs(rough);
    if (tag === 'epoch') return Math.floor(i / 3);
    if (tag === 'optim/lr') return 1e-3 * 0.5 * (1 + Math.cos(Math.PI * t));
    return 1.2 + run * 0.08 + 3.3 * Math.exp(-(4 + run / 5) * t) + rough * 0.2;
  });
  const wall = relative.map((seconds) => START + run * 3600 + seconds);
  return { x: { step: Float64Array.from({ length: ends }, (_, i) => i * STEP), relative, wall }, values };
}

function smooth(values: Float64Array, weight: number): Float64Array {
  let [last, count] = [0, 0];
  return values.map((value) => {
    if (!Number.isFinite(value)) return value;
    last = last * weight + (1 - weight) * value;
    return last / (1 - weight ** ++count);
  });
}

const interleaved = (x: Float64Array, y: Float64Array): Float64Array =>
  Float64Array.from({ length: 2 * x.length }, (_, i) => (i % 2 === 0 ? x[i >> 1] : y[i >> 1]) as number);

export class FakeEngine implements Engine {
  readonly catalogue = new Catalogue();
  readonly files = signal<readonly OpenFile[]>([]);
  readonly progress = signal<readonly FileProgress[]>([]);
  readonly loading = signal(false);
  readonly report = signal<readonly FileReport[]>([]);
  readonly restarts = signal<ReadonlyMap<string, RestartReport>>(new Map());
  readonly rootNames = signal<ReadonlyMap<string, string>>(new Map());
  readonly beside = signal<readonly Neighbour[]>([]);
  readonly hparams = signal<ReadonlyMap<string, HParams>>(new Map());
  readonly bookmarkCount = signal(0);
  readonly origins = signal<ReadonlyMap<string, RunOrigin>>(new Map());
  readonly fatal = signal<WireError | undefined>(undefined);
  private readonly series: Series[] = [];

  /** Fills the catalogue, as if files had been read. */
  open(): Promise<boolean> {
    const delta: Record<string, number[]> = {};
    const push = (name: string, value: number): unknown => (delta[name] ??= []).push(value);
    const add = (run: number, tag: string, plugin: string): void => {
      const made = makeSeries(run, tag, this.series.length);
      const { x, values } = made;
      push('series', this.series.push(made) - 1);
      push('run', run);
      push('tag', STRINGS.indexOf(tag));
      push('plugin', STRINGS.indexOf(plugin));
      push('count', values.length);
      push('minStep', 0);
      push('maxStep', x.step.at(-1) as number);
      push('firstWall', x.wall[0] as number);
      push('lastWall', x.wall.at(-1) as number);
      push('lastValue', plugin === 'scalars' ? (values.at(-1) as number) : NaN);
      push('nonFinite', values.filter((value) => !Number.isFinite(value)).length);
      push('restarts', 0);
      push('superseded', 0);
      push('restartStep', NaN);
      push('dropped', 0);
      push('isMatrix', 0);
    };
    RUNS.forEach((_, run) => {
      for (const tag of SCALARS) add(run, tag, 'scalars');
      for (const [plugin, tag] of OTHERS) add(run, tag, plugin);
    });
    const numbers = ['count', 'minStep', 'maxStep', 'firstWall', 'lastWall', 'lastValue', 'nonFinite', 'restarts', 'superseded', 'restartStep', 'dropped', 'isMatrix']; // prettier-ignore
    const columns = Object.fromEntries(
      Object.entries(delta).map(([name, column]) => [
        name,
        numbers.includes(name) ? Float64Array.from(column) : Uint32Array.from(column),
      ]),
    );
    this.catalogue.apply({
      strings: STRINGS,
      runs: Uint32Array.from(RUNS.keys()),
      ...columns,
    } as unknown as CatalogueDelta);
    return Promise.resolve(true);
  }

  cancel(): void {
    this.loading.value = false;
  }

  lines(_key: string, query: ChartQuery): Promise<ChartLines> {
    const [from, to] = Number.isFinite(query.from) ? [query.from, query.to] : [-Infinity, Infinity];
    let [xMin, xMax] = [Infinity, -Infinity];
    const seen: number[] = [];
    const lines = [...query.series].map((id): Line => {
      const { x, values } = this.series[id] as Series;
      const xs = x[query.x];
      const part = [...xs.keys()].filter((i) => (xs[i] as number) >= from && (xs[i] as number) <= to);
      for (const i of part) [xMin, xMax] = [Math.min(xMin, xs[i] as number), Math.max(xMax, xs[i] as number)];
      const cut = (y: Float64Array): Float64Array => interleaved(xs.filter((_, i) => part.includes(i)), y.filter((_, i) => part.includes(i))); // prettier-ignore
      const smoothed = query.smoothing > 0 ? cut(smooth(values, query.smoothing)) : new Float64Array(0);
      const raw = cut(values);
      const main = smoothed.length > 0 ? smoothed : raw;
      for (let i = 1; i < main.length; i += 2) {
        const y = main[i] as number;
        if (Number.isFinite(y) && (!query.logY || y > 0)) seen.push(y);
      }
      const marks = part.filter((i) => !Number.isFinite(values[i])).flatMap((i) => [xs[i] as number, 0]);
      return { smoothed, raw, marks: Float64Array.from(marks) };
    });
    seen.sort((a, b) => a - b);
    const yMin = seen[query.clipOutliers ? Math.ceil(0.05 * (seen.length - 1)) : 0] ?? NaN;
    const yMax = seen[query.clipOutliers ? Math.floor(0.95 * (seen.length - 1)) : seen.length - 1] ?? NaN;
    const clipped = seen.filter((y) => y < yMin || y > yMax).length;
    return Promise.resolve({ xMin, xMax, yMin, yMax, clipped, lines });
  }

  pick(_key: string, series: Uint32Array, x: XKind, at: number, smoothing: number): Promise<(Pick | undefined)[]> {
    const picks = [...series].map((id): Pick => {
      const { x: axes, values } = this.series[id] as Series;
      const xs = axes[x];
      let best = 0;
      xs.forEach((one, i) => {
        if (Math.abs(one - at) < Math.abs((xs[best] as number) - at)) best = i;
      });
      const smoothed = smooth(values, smoothing)[best] as number;
      const [step, wall, relative] = [axes.step[best], axes.wall[best], axes.relative[best]] as [
        number,
        number,
        number,
      ];
      return {
        x: xs[best] as number,
        value: values[best] as number,
        smoothed,
        step: BigInt(step),
        wall,
        relative,
        part: 0,
        parts: 0,
      };
    });
    return Promise.resolve(picks);
  }

  steps(): Promise<StepUnion> {
    const steps = BigInt64Array.from({ length: POINTS }, (_, i) => BigInt(i * STEP));
    return Promise.resolve({ steps, inEveryRun: Uint8Array.from(steps, (_, i) => Number(i < 240)) });
  }

  points(series: number): Promise<SeriesPoints> {
    const { x } = this.series[series] as Series;
    return Promise.resolve({
      steps: BigInt64Array.from([...x.step], BigInt),
      wallTimes: x.wall,
      points: Uint32Array.from(x.step, (_, i) => i),
      hasPayload: new Uint8Array(x.step.length),
    });
  }

  columns(series: number): Promise<Columns> {
    const { x, values } = this.series[series] as Series;
    return Promise.resolve({
      steps: BigInt64Array.from([...x.step], BigInt),
      wallTimes: Float64Array.from(x.wall),
      values: Float64Array.from(values),
    });
  }

  value(): Promise<PointValue | undefined> {
    return Promise.resolve(undefined);
  }

  media(): Promise<undefined> {
    return Promise.resolve(undefined);
  }
  openGif(): Promise<never> {
    return Promise.reject(new Error('no clips here'));
  }
  openSound(): Promise<never> {
    return Promise.reject(new Error('no clips here'));
  }
  content(): Promise<ArrayBuffer | undefined> {
    return Promise.resolve(undefined);
  }

  histogramFacts(): Promise<Float64Array> {
    return Promise.resolve(new Float64Array());
  }

  histogramGrid(): Promise<Float64Array> {
    return Promise.resolve(new Float64Array());
  }

  compatibleBins(): Promise<undefined> {
    return Promise.resolve(undefined);
  }

  histogramDistance(): Promise<number> {
    return Promise.resolve(NaN);
  }

  graphs(): Promise<never> {
    return Promise.reject(new Error('no graph is looked at'));
  }

  embeddings(): Promise<never> {
    return Promise.reject(new Error('no embedding is looked at'));
  }

  projections(): Promise<never> {
    return Promise.reject(new Error('no embedding is looked at'));
  }

  setPurge(): void {
    // No run of it was restarted.
  }

  end(): void {}

  idle(): Promise<void> {
    return Promise.resolve();
  }
}
