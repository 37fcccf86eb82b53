import { describe, expect, test } from 'vitest';
import { yAxis, xAxis } from '../../web/src/charts/axis';
import { factsAt } from '../../web/src/engine/values/histograms';
import { decodeHistograms, stretchesOf } from '../../web/src/engine/values/histogram_reading';
import { WasmValues } from '../../web/src/engine/values/wasm_values';
import { isReadable, sampledSeries, sharedRange } from '../../web/src/views/histograms/group_ranges';
import { columnsOf, edgesOf, inOrder, nearestPoint, rangeOf, thinned, topOf, xOf } from '../../web/src/views/histograms/layout'; // prettier-ignore
import { FakeWasm } from './fake_wasm';
import { seeded } from './random';

const payload = (point: number, file: number, offset: number, length: number) => ({
  ...{ point, file, offset, length },
  storage: 4,
  split: false,
});

describe('payloads', () => {
  test('that lie near each other are read at once', () => {
    const near = [payload(0, 1, 100, 50), payload(2, 1, 1000, 50), payload(1, 1, 200, 50)];
    expect(stretchesOf(near)).toEqual([{ file: 1, from: 100, to: 1050, payloads: [near[0], near[2], near[1]] }]);
    const far = [payload(0, 1, 0, 10), payload(1, 1, 1e6, 10), payload(2, 2, 20, 10)];
    expect(stretchesOf(far).map(({ file, from, to }) => [file, from, to])).toEqual([[1, 0, 10], [1, 1e6, 1e6 + 10], [2, 20, 30]]); // prettier-ignore
    const large = Array.from({ length: 10 }, (_, i) => payload(i, 0, i * 1e6, 1e6));
    expect(stretchesOf(large).map(({ from, to }) => to - from)).toEqual([4e6, 4e6, 2e6]);
  });

  test('are decoded from their own bytes', async () => {
    const wasm = new FakeWasm();
    const bytes = new TextEncoder().encode('ab123cd');
    const reads: object[] = [];
    const wanted = [payload(7, 0, 2, 3), payload(8, 0, 5, 2)];
    await decodeHistograms(WasmValues.of(wasm.values), 4, wanted, ({ file, offset, length }) => {
      reads.push({ file, offset, length });
      return Promise.resolve(bytes.subarray(offset, offset + length));
    });
    expect(reads).toEqual([{ file: 0, offset: 2, length: 5 }]);
    expect(wasm.decoded.map((one) => [one.point, new TextDecoder().decode(one.bytes)])).toEqual([[7, '123'], [8, 'cd']]); // prettier-ignore
  });

  test('that are more than may be kept say so', async () => {
    const wasm = new FakeWasm();
    wasm.maxDecoded = 1;
    const wanted = [payload(0, 0, 0, 1), payload(1, 0, 1, 1)];
    const read = () => Promise.resolve(new Uint8Array(2));
    const decoding = decodeHistograms(WasmValues.of(wasm.values), 4, wanted, read);
    await expect(decoding).rejects.toMatchObject({ error: { code: 'histograms_too_big' } });
  });
});

test('facts of a point are its row', () => {
  const facts = Float64Array.from({ length: 32 }, (_, i) => (i === 31 ? 1 : i));
  expect(factsAt(facts, 1)).toEqual({
    percentiles: Float64Array.from({ length: 9 }, (_, i) => 16 + i),
    count: 25,
    mean: 26,
    deviation: 27,
    zeros: 28,
    min: 29,
    max: 30,
    mended: true,
  });
});

describe('layout', () => {
  test('order keeps what is equal as it was written', () => {
    expect([...inOrder(Float64Array.of(3, 1, 2, 1))]).toEqual([1, 3, 2, 0]);
    expect([
      ...thinned(
        Uint32Array.from({ length: 100 }, (_, i) => i),
        4,
      ),
    ]).toEqual([0, 33, 66, 99]);
    expect([...thinned(Uint32Array.of(4, 5), 4)]).toEqual([4, 5]);
    expect(nearestPoint(Float64Array.of(0, 10, 20), 16, Uint32Array.of(0, 1, 2))).toBe(2);
    expect(nearestPoint(Float64Array.of(0, 10, 20), 16, Uint32Array.of(0, 1))).toBe(1);
    expect(nearestPoint(new Float64Array(), 1, new Uint32Array())).toBeUndefined();
  });

  test('what has no place on the axis is left out', () => {
    const points = { steps: new BigInt64Array(4), wallTimes: Float64Array.of(NaN, 12, -Infinity, 15), points: new Uint32Array(4), hasPayload: new Uint8Array(4) }; // prettier-ignore
    const x = xOf(points, 'relative');
    expect([x[1], x[3]]).toEqual([0, 3]);
    expect([...inOrder(x)]).toEqual([1, 3]);
    const { columnOf, borders } = columnsOf(x, xAxis('relative', 0, 3, false, 5), 100);
    expect([...columnOf]).toEqual([0, 1]);
    expect(borders).toHaveLength(3);
    const none = columnsOf(Float64Array.of(NaN), xAxis('relative', 0, 0, false, 5), 100);
    expect([none.columnOf.length, none.order.length]).toEqual([0, 0]);
  });

  test('edges ascend from one end to the other, whatever the axis', () => {
    for (const [scale, min, max] of [
      ['linear', -1, 3],
      ['log', 1e-9, 1e9],
      ['symlog', -1e6, 1e-3],
      ['linear', 1, 1 + 1e-15],
      ['linear', -1.7e308, 1.7e308],
    ] as const) {
      const axis = yAxis(scale, min, max, false);
      const edges = edgesOf(axis, 300);
      expect(edges[0]).toBe(axis.min);
      expect(edges.at(-1)).toBe(axis.max);
      expect(edges.length).toBeGreaterThan(1);
      expect(edges.every((edge, i) => i === 0 || edge > (edges[i - 1] as number))).toBe(true);
    }
  });

  test('every point has a column, columns ascend and fill the width', () => {
    const random = seeded(5);
    for (const count of [1, 2, 50, 5000]) {
      const x = Float64Array.from({ length: count }, () => Math.floor(random() * 1e4));
      const order = inOrder(x);
      const axis = xAxis('step', x[order[0] ?? 0] ?? 0, x[order.at(-1) ?? 0] ?? 0, false, 5);
      const { columnOf, borders } = columnsOf(x, axis, 300);
      expect(columnOf).toHaveLength(count);
      expect(columnOf[0]).toBe(0);
      expect(columnOf.every((column, i) => i === 0 || column - (columnOf[i - 1] as number) <= 1)).toBe(true);
      expect(columnOf.at(-1)).toBe(borders.length - 2);
      expect(borders.length - 1).toBeLessThanOrEqual(301);
      expect([borders[0], borders.at(-1)]).toEqual([0, 300]);
      expect(borders.every((border, i) => i === 0 || border > (borders[i - 1] as number))).toBe(true);
    }
  });

  test('a few narrow peaks are cut, nothing else is', () => {
    const flat = Float64Array.from({ length: 1000 }, (_, i) => i % 10);
    expect(topOf(flat, 'density')).toEqual({ height: 9, largest: 9 });
    flat[5] = 1000;
    expect(topOf(flat, 'count')).toEqual({ height: 13.5, largest: 1000 });
    expect(topOf(new Float64Array(10), 'density').height).toBe(1);
    // A height means the same in every card.
    expect(topOf(Float64Array.of(0, 0.2, 0.9), 'cumulative')).toEqual({ height: 1, largest: 1 });
    // The peak is seen wherever it is among very many.
    const many = new Float64Array(100_001).fill(1);
    many[77_777] = 50;
    expect(topOf(many, 'density')).toEqual({ height: 1.5, largest: 50 });
  });
});

describe('the range of a group', () => {
  test('is that of all that are about as wide', () => {
    expect(sharedRange([], 'linear')).toBeUndefined();
    expect(sharedRange([[-1, 1], [-0.5, 2], [0, 0.4]], 'linear')).toEqual([-1, 2]); // prettier-ignore
    // A weight that runs away, and a bias.
    const ranges = [[-1, 1], [-2, 1], [0, 2], [-1e6, 1e6], [-0.01, 0.01]] as const; // prettier-ignore
    expect(sharedRange(ranges, 'linear')).toEqual([-2, 2]);
    // Of three kernels and a bias, the kernels: one of them would be just about readable beside the bias.
    const layer = [[-0.2, 50], [-3.1, 3], [-3, 3.4], [-3.5, 4.1]] as const; // prettier-ignore
    expect(sharedRange(layer, 'linear')).toEqual([-3.5, 4.1]);
    // Where nothing has a width there is still a range.
    expect(sharedRange([[3, 3], [5, 5]], 'linear')).toEqual([3, 5]); // prettier-ignore
  });

  test('is that of those that would be bars on a linear scale, where the scale lets them be seen', () => {
    const ranges = [[1e-4, 1e-2], [1e-2, 1], [1, 100]] as const; // prettier-ignore
    expect(sharedRange(ranges, 'log')).toEqual([1e-4, 100]);
    expect(isReadable([1e-4, 1e-2], [1e-4, 100], 'log')).toBe(true);
    expect(isReadable([1e-4, 1e-2], [1e-4, 100], 'linear')).toBe(false);
  });

  test('is not for what it would make a bar of, or has no place for', () => {
    expect(isReadable([0, 0.2], [-0.5, 0.5], 'linear')).toBe(true);
    expect(isReadable([0, 0.1], [-0.5, 0.5], 'linear')).toBe(false);
    expect(isReadable([0, 2], [-0.5, 0.5], 'linear')).toBe(false);
    // What never is more than a bar may be one among the others.
    expect(isReadable([0, 0], [-0.5, 0.5], 'linear')).toBe(true);
    expect(isReadable([7, 7], [-0.5, 0.5], 'linear')).toBe(false);
  });

  test('is of all series of the group or, of very many points, of some from its first to its last', () => {
    const series = Array.from({ length: 200 }, (_, i) => i);
    expect(sampledSeries(series, () => 250)).toEqual(series);
    const some = sampledSeries(series, () => 1000);
    expect([some.length, some[0], some.at(-1)]).toEqual([50, 0, 199]);
  });
});

test('a range is that of all points, or of those that are shown at some steps', () => {
  const points = { steps: BigInt64Array.of(0n, 5n, 9n), wallTimes: new Float64Array(3), points: new Uint32Array(3), hasPayload: new Uint8Array(3) }; // prettier-ignore
  const facts = new Float64Array(3 * 16).fill(NaN);
  const ranges = [[-9, 9], [-1, 2], [NaN, NaN]] as const; // prettier-ignore
  ranges.forEach(([min, max], i) => facts.set([min, max], i * 16 + 13));
  const one = { series: 0, points, facts };
  expect(rangeOf(one)).toEqual([-9, 9]);
  expect(rangeOf(one, [7n])).toEqual([-1, 2]);
  expect(rangeOf(one, [7n, 1n])).toEqual([-9, 9]);
  // The last one is damaged; before the first there is none.
  expect(rangeOf(one, [undefined])).toBeUndefined();
  expect(rangeOf(one, [-1n])).toBeUndefined();
});
