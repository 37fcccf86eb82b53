import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { rampOf } from '../../web/src/charts/colour_ramp';
import type { Categories } from '../../web/src/engine/embeddings/embeddings';
import { Fault } from '../../web/src/faults/fault';
import {
  colourPoints as colour,
  dotScale,
  noValue,
  waysOf,
  type ColourSource,
  type HiddenClasses,
  type Legend,
} from '../../web/src/views/projector/colouring';
import { contrast } from '../../web/src/views/graphs/look';
import { Random } from './random';

const PALETTE = {
  classes: ['#010000', '#020000', '#030000'],
  other: '#0000ff',
  none: '#00ff00',
  sequential: ['#000000', '#ff0000'],
  plain: '#abcdef',
};
const LIVE = new AbortController().signal;
const colourPoints = (points: number, source: ColourSource) => colour(points, source, PALETTE, LIVE);
const SHOWN: HiddenClasses = { texts: new Set(), others: false };

/** As the engine makes them, with at most `most` values. */
function categoriesOf(cells: readonly string[], most = 1000): Categories {
  const counts = new Map<string, number>();
  for (const cell of cells) counts.set(cell, (counts.get(cell) ?? 0) + 1);
  const values = [...counts].map(([text, count]) => ({ text, count })).sort((a, b) => b.count - a.count);
  const kept = values.slice(0, most);
  const places = new Map(kept.map(({ text }, i) => [text, i]));
  return { values: kept, of: Int32Array.from(cells, (cell) => places.get(cell) ?? -1) };
}

const hexOf = (colours: Uint8Array, point: number): string =>
  `#${Array.from(colours.subarray(4 * point, 4 * point + 4), (byte) => byte.toString(16).padStart(2, '0')).join('')}`;

const classesOf = (legend: Legend) => (legend.kind === 'classes' ? legend.classes : []);
const rangeOf = (legend: Legend) => {
  if (legend.kind !== 'range') throw new Error('no range');
  return legend;
};

test('by nothing', async () => {
  const { colours, legend } = await colourPoints(2, { kind: 'nothing' });
  expect([hexOf(colours, 0), hexOf(colours, 1)]).toEqual(['#abcdefff', '#abcdefff']);
  expect(legend).toEqual({ kind: 'nothing' });
});

test('ways of columns', () => {
  const column = { name: 'a', empty: 0 };
  expect(waysOf({ ...column, type: 'text', distinct: 1001 })).toEqual(['classes']);
  expect(waysOf({ ...column, type: 'category', distinct: 5 })).toEqual(['classes']);
  expect(waysOf({ ...column, type: 'number', distinct: 50 })).toEqual(['numbers', 'classes']);
  expect(waysOf({ ...column, type: 'number', distinct: 51 })).toEqual(['numbers']);
});

describe('classes', () => {
  const cells = ['a', 'b', '', 'c', 'a', 'd', 'e', 'b', 'a', 'c'];
  const paint = async (hidden: HiddenClasses) => {
    const { colours, legend } = await colourPoints(cells.length, {
      kind: 'classes',
      categories: categoriesOf(cells),
      hidden,
    });
    return { of: (cell: string) => hexOf(colours, cells.indexOf(cell)), classes: classesOf(legend) };
  };

  test('numbers are in their order', async () => {
    const numbers = ['10', '2', '10', '9', '10', '2', '7'];
    const { legend } = await colourPoints(7, { kind: 'classes', categories: categoriesOf(numbers), hidden: SHOWN });
    expect(classesOf(legend).map(({ label, colour }) => `${label} ${colour}`)).toEqual([
      '2 #010000', '9 #020000', '10 #030000', '1 other class #0000ff',
    ]); // prettier-ignore
  });

  test('the most frequent have colours of their own', async () => {
    const { of, classes } = await paint(SHOWN);
    expect(['a', 'b', 'c', 'd', 'e', ''].map(of)).toEqual([
      '#010000ff', '#020000ff', '#030000ff', '#0000ffff', '#0000ffff', '#00ff00ff',
    ]); // prettier-ignore
    expect(classes.map(({ label, points }) => `${label} ${points}`)).toEqual([
      'a 3', 'b 2', 'c 2', 'no value 1', '2 other classes 2',
    ]); // prettier-ignore
    expect(classes.map(({ text }) => text)).toEqual(['a', 'b', 'c', '', undefined]);
  });

  test('hidden ones are not seen', async () => {
    const { of, classes } = await paint({ texts: new Set(['b', '', 'nowhere']), others: true });
    expect(['a', 'b', 'd', ''].map(of)).toEqual(['#010000ff', '#00000000', '#00000000', '#00000000']);
    expect(classes.filter(({ isHidden }) => isHidden).map(({ text }) => text)).toEqual(['b', '', undefined]);
  });

  test('a class that is not among the first cannot be hidden alone', async () => {
    expect((await paint({ texts: new Set(['e']), others: false })).of('e')).toBe('#0000ffff');
  });

  test('more values than are known', async () => {
    const many = Array.from({ length: 40 }, (_, i) => String(i % 20));
    const source = { kind: 'classes', categories: categoriesOf(many, 10), hidden: SHOWN } as const;
    const { legend } = await colourPoints(many.length, source);
    expect(classesOf(legend).at(-1)).toMatchObject({ label: 'over 7 other classes', points: 34 });
  });

  test('one other, and none', async () => {
    const legendOf = async (texts: string[]) => {
      const source = { kind: 'classes', categories: categoriesOf(texts), hidden: SHOWN } as const;
      return classesOf((await colourPoints(texts.length, source)).legend);
    };
    expect((await legendOf(['a', 'b', 'c', 'd'])).at(-1)?.label).toBe('1 other class');
    expect(await legendOf(['a', 'b', 'c'])).toHaveLength(3);
  });

  test('texts that objects have of themselves', async () => {
    const odd = ['__proto__', 'constructor', '(empty)', ''];
    const { legend } = await colourPoints(4, { kind: 'classes', categories: categoriesOf(odd), hidden: SHOWN });
    expect(classesOf(legend).map(({ text }) => text)).toEqual(odd);
  });
});

describe('numbers', () => {
  const paint = async (values: readonly number[], scale: 'linear' | 'log' = 'linear') => {
    const source = { kind: 'numbers', values: Float64Array.from(values), scale } as const;
    const { colours, legend } = await colourPoints(values.length, source);
    return { reds: values.map((_, i) => colours[4 * i]), colours, legend: rangeOf(legend) };
  };

  test('are on the ramp from the least to the most', async () => {
    const { reds, legend } = await paint([0, 5, 10, 2.5]);
    expect(reds).toEqual([0, 128, 255, 64]);
    expect(legend.ticks).toEqual([
      { at: 0, label: '0' },
      { at: 1, label: '10' },
    ]);
  });

  test('NaN and infinity have no place', async () => {
    const { colours, legend } = await paint([1, NaN, 2, Infinity]);
    expect([0, 1, 2, 3].map((i) => hexOf(colours, i))).toEqual(['#000000ff', '#00ff00ff', '#ff0000ff', '#00ff00ff']);
    expect(legend.without).toBe(2);
    expect((await paint([NaN, NaN])).legend.ticks).toEqual([]);
  });

  test('a single value has the colour in the middle', async () => {
    const { reds, legend } = await paint([3, 3]);
    expect(reds).toEqual([128, 128]);
    expect(legend.ticks).toEqual([{ at: 0.5, label: '3' }]);
  });

  test('on a log scale', async () => {
    const { reds, legend } = await paint([1, 10, 100, 0, -5], 'log');
    expect(reds).toEqual([0, 128, 255, 0, 0]);
    expect(legend.without).toBe(2);
  });

  test('the largest doubles there are', async () => {
    expect((await paint([-Number.MAX_VALUE, 0, Number.MAX_VALUE])).reds).toEqual([0, 128, 255]);
  });

  test('outliers are clipped and flagged', async () => {
    const values = Array.from({ length: 1000 }, (_, i) => i / 1000);
    const { legend, reds } = await paint([...values, 1e6]);
    expect(legend.ticks[0]?.label).toMatch(/^≤ 0\.0/);
    expect(legend.ticks[1]?.label).toMatch(/^≥ 0\.99/);
    expect(reds.at(-1)).toBe(255);
    expect(reds[500]).toBeGreaterThan(120);
    // Most are the same: without what is not, there would be no range.
    expect((await paint([...values.map(() => 0), 1])).legend.ticks.map(({ label }) => label)).toEqual(['0', '1']);
  });

  test('of two, the greater one is never lighter', async () => {
    const random = new Random(3);
    for (let round = 0; round < 50; round++) {
      const values = Array.from({ length: 40 }, () => (random.next() - 0.3) * 10 ** random.below(6));
      for (const scale of ['linear', 'log'] as const) {
        const { reds } = await paint(values, scale);
        const order = values.map((value, i) => [value, reds[i] as number] as const).sort(([a], [b]) => a - b);
        const shown = order.filter(([value]) => scale === 'linear' || value > 0).map(([, red]) => red);
        expect(shown).toEqual([...shown].sort((a, b) => a - b));
      }
    }
  });
});

test('near points stand out', async () => {
  const { colours, legend } = await colourPoints(3, { kind: 'distances', values: Float32Array.of(0, 1, NaN) });
  expect([0, 1, 2].map((i) => hexOf(colours, i))).toEqual(['#ff0000ff', '#000000ff', '#00ff00ff']);
  expect(rangeOf(legend).stops).toEqual(['#ff0000', '#000000']);
});

test('many points, in slices, and called off', async () => {
  const values = Float64Array.from({ length: 200_000 }, (_, i) => i);
  const source = { kind: 'numbers', values, scale: 'linear' } as const;
  const { colours } = await colourPoints(values.length, source);
  expect([0, 100_000, 199_999].map((i) => colours[4 * i])).toEqual([0, 128, 255]);
  const abort = new AbortController();
  const colouring = colour(values.length, source, PALETTE, abort.signal);
  abort.abort();
  await expect(colouring).rejects.toEqual(new Fault({ code: 'cancelled' }));
});

test('every colour of a scale is told from the ground, and that of no value, in both themes', () => {
  const tokens = readFileSync(new URL('../../web/src/tokens.css', import.meta.url), 'utf8');
  // The light theme, and the dark one twice: as the system has it, and as a person chose it.
  const all = (name: string): string[] =>
    Array.from(tokens.matchAll(new RegExp(`--tp-${name}: (#[0-9a-f]{6});`, 'g')), ([, colour]) => colour ?? '');
  const grounds = all('bg');
  const stops = [0, 1, 2, 3, 4].map((i) => all(`seq-${i}`));
  expect([grounds, ...stops].map(({ length }) => length)).toEqual(Array(6).fill(3));
  const others = all('ctl-line');
  for (const [theme, ground] of grounds.entries()) {
    const other = others[theme] ?? '';
    expect(contrast(noValue(other, ground), ground)).toBeGreaterThan(2.5);
    expect(contrast(other, noValue(other, ground))).toBeGreaterThan(1.25);
    for (const packed of rampOf(dotScale(stops.map((of) => of[theme] ?? '')))) {
      const [red, green, blue] = [packed & 255, (packed >> 8) & 255, (packed >> 16) & 255];
      const hex = `#${[red, green, blue].map((one) => one.toString(16).padStart(2, '0')).join('')}`;
      expect(contrast(hex, ground)).toBeGreaterThan(2.5);
    }
  }
});
