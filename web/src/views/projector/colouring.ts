/** What points are coloured by: a colour of each, and what the colours mean. No DOM. */
import { colourOf, RAMP, rampOf } from '../../charts/colour_ramp';
import type { Categories, MetadataColumn } from '../../engine/embeddings/embeddings';
import { Fault } from '../../faults/fault';
import { Turns } from '../../engine/turns';
import { formatExact, formatValue } from '../../model/format';

/** Colours are `#rrggbb`. */
export interface PointPalette {
  /** Of classes, in the order of the legend (--tp-run-1 …): so many, the most frequent ones, have one of their own. */
  classes: readonly string[];
  /** Of all other classes together (--tp-ctl-line). */
  other: string;
  /** Of what has no value. */
  none: string;
  /** From the least to the most, as `dotScale` has them. */
  sequential: readonly string[];
  /** Of points that are coloured by nothing. */
  plain: string;
}

/** Classes that are not seen. A class is known by its text; '' is that of empty cells. */
export interface HiddenClasses {
  texts: ReadonlySet<string>;
  /** All classes that have no colour of their own. */
  others: boolean;
}

export type ColourSource =
  | { kind: 'nothing' }
  | { kind: 'classes'; categories: Categories; hidden: HiddenClasses }
  | { kind: 'numbers'; values: Float64Array; scale: 'linear' | 'log' }
  /** Of each point to what is selected; near ones stand out. */
  | { kind: 'distances'; values: Float32Array };

/** A line of the legend that can be hidden. */
export interface LegendClass {
  /** What it is known by; undefined = all that have no colour of their own. */
  text: string | undefined;
  label: string;
  colour: string;
  points: number;
  isHidden: boolean;
}

export interface LegendTick {
  /** 0 to 1, from the first colour to the last. */
  at: number;
  label: string;
}

export type Legend =
  | { kind: 'nothing' }
  | { kind: 'classes'; classes: LegendClass[] }
  /** `stops` are colours evenly apart; `without` points have no value that could be shown, and the colour `none`. */
  | { kind: 'range'; stops: string[]; ticks: LegendTick[]; without: number; none: string };

export interface Colouring {
  /** R, G, B, A of each point; what is hidden has A = 0. */
  colours: Uint8Array<ArrayBuffer>;
  legend: Legend;
}

/**
 * Of the colours of a scale (--tp-seq-0 …) those that a dot can have: the first two are for areas, and next to the ground.
 * The others have a contrast of more than 2.5 with it, in both themes, so that dots of the usual opacity have about 2.
 */
export function dotScale(sequential: readonly string[]): string[] {
  return sequential.slice(2);
}

/** Of points without a value: that of other classes, nearer to the ground, with a contrast of more than 2.5 to it. */
export function noValue(other: string, ground: string): string {
  const mixed = rampOf([other, ground])[Math.round(0.2 * (RAMP - 1))] as number;
  return `#${[0, 8, 16].map((at) => ((mixed >> at) & 255).toString(16).padStart(2, '0')).join('')}`;
}

/** As many distinct values as TensorBoard colours by class (vz_projector/data.ts, `tooManyUniqueValues`). */
const MAX_OF_NUMBERS = 50;

/**
 * In which ways points can be coloured by a column, the usual one first. Numbers are a scale, as in TensorBoard, and few
 * distinct ones also classes; texts are classes, however many.
 */
export function waysOf({ type, distinct }: MetadataColumn): ('numbers' | 'classes')[] {
  if (type !== 'number') return ['classes'];
  return distinct <= MAX_OF_NUMBERS ? ['numbers', 'classes'] : ['numbers'];
}

/**
 * Colours all points, many of them in slices between which the page lives on.
 *
 * @throws Fault `cancelled` when the signal aborts
 */
export async function colourPoints(
  points: number,
  source: ColourSource,
  palette: PointPalette,
  signal: AbortSignal,
): Promise<Colouring> {
  const colours = new Uint8Array(4 * points);
  // As colour_ramp.ts packs them, four bytes are one number.
  const packed = new Uint32Array(colours.buffer);
  const turns = new Turns();
  const slices: Slices = async (work) => {
    for (let from = 0; from < points; from += SLICE) {
      work(from, Math.min(points, from + SLICE));
      await turns.end();
      if (signal.aborted) throw new Fault({ code: 'cancelled' });
    }
  };
  try {
    switch (source.kind) {
      case 'nothing':
        packed.fill(colourOf(palette.plain));
        return { colours, legend: { kind: 'nothing' } };
      case 'classes':
        return { colours, legend: await colourClasses(packed, source.categories, source.hidden, palette, slices) };
      case 'numbers': {
        const { values, scale } = source;
        return {
          colours,
          legend: await colourNumbers(packed, values, scale, palette.sequential, palette.none, slices),
        };
      }
      case 'distances': {
        const nearFirst = [...palette.sequential].reverse();
        return {
          colours,
          legend: await colourNumbers(packed, source.values, 'linear', nearFirst, palette.none, slices),
        };
      }
    }
  } finally {
    turns.close();
  }
}

/** Points that are coloured in one go. */
const SLICE = 1 << 16;
/** Goes over all points, from one to another at a time. */
type Slices = (work: (from: number, to: number) => void) => Promise<void>;

async function colourClasses(
  packed: Uint32Array,
  { values, of }: Categories,
  hidden: HiddenClasses,
  palette: PointPalette,
  slices: Slices,
): Promise<Legend> {
  const classes: LegendClass[] = [];
  const colourOfValue = new Uint32Array(values.length);
  const othersColour = hidden.others ? 0 : colourOf(palette.other);
  const frequent = values.filter(({ text }) => text !== '').slice(0, palette.classes.length);
  // Numbers are looked for in their order.
  if (frequent.every(({ text }) => Number.isFinite(Number(text)))) frequent.sort((a, b) => +a.text - +b.text);
  const colours = new Map(frequent.map(({ text }, nth) => [text, palette.classes[nth] as string]));
  for (const { text, count } of frequent)
    classes.push({ text, label: text, colour: colours.get(text) ?? '', points: count, isHidden: hidden.texts.has(text) }); // prettier-ignore
  let [empty, others] = [0, 0];
  values.forEach(({ text, count }, i) => {
    const own = text === '' ? palette.none : colours.get(text);
    if (text === '') empty = count;
    if (own === undefined) others++;
    colourOfValue[i] = own === undefined ? othersColour : hidden.texts.has(text) ? 0 : colourOf(own);
  });
  let unknown = 0;
  await slices((from, to) => {
    for (let point = from; point < to; point++) {
      const value = of[point] as number;
      if (value < 0) unknown++;
      packed[point] = value < 0 ? othersColour : (colourOfValue[value] as number);
    }
  });
  if (empty > 0) {
    const isHidden = hidden.texts.has('');
    classes.push({ text: '', label: 'no value', colour: palette.none, points: empty, isHidden });
  }
  const shown = classes.reduce((sum, one) => sum + one.points, 0);
  if (others > 0 || unknown > 0) {
    // Of a column with very many, not all are known.
    const label = `${unknown > 0 ? 'over ' : ''}${formatExact(others)} other ${others === 1 && unknown === 0 ? 'class' : 'classes'}`;
    classes.push({ text: undefined, label, colour: palette.other, points: packed.length - shown, isHidden: hidden.others }); // prettier-ignore
  }
  return { kind: 'classes', classes };
}

/** Of so many numbers, evenly taken, it is told what range most are in. */
const SAMPLE = 16_384;
/** A range so many times as wide as that of most numbers is one of outliers. */
const OUTLYING = 3;

async function colourNumbers(
  packed: Uint32Array,
  values: Float64Array | Float32Array,
  scale: 'linear' | 'log',
  stops: readonly string[],
  none: string,
  slices: Slices,
): Promise<Legend> {
  let [min, max] = [Infinity, -Infinity];
  await slices((from, to) => {
    for (let point = from; point < to; point++) {
      const value = values[point] as number;
      if (!isShown(value, scale)) continue;
      if (value < min) min = value;
      if (value > max) max = value;
    }
  });
  const { low, high } = clipped(values, scale, min, max);
  const place = (value: number): number => (scale === 'log' ? Math.log(value) : value) / 2;
  // Halves: the span of two doubles may be beyond one.
  const [first, last] = [place(low), place(high)];
  const ramp = rampOf(stops);
  const noneColour = colourOf(none);
  const step = last > first ? (RAMP - 1) / (last - first) : 0;
  let without = 0;
  await slices((from, to) => {
    for (let point = from; point < to; point++) {
      const value = values[point] as number;
      if (!isShown(value, scale)) {
        packed[point] = noneColour;
        without++;
        continue;
      }
      const inside = value < low ? low : value > high ? high : value;
      packed[point] = ramp[step === 0 ? RAMP >> 1 : Math.round((place(inside) - first) * step)] as number;
    }
  });
  const ticks: LegendTick[] = [];
  if (low < high) {
    ticks.push({ at: 0, label: `${min < low ? '≤ ' : ''}${formatValue(low)}` });
    ticks.push({ at: 1, label: `${max > high ? '≥ ' : ''}${formatValue(high)}` });
  } else if (low === high) ticks.push({ at: 0.5, label: formatValue(low) });
  return { kind: 'range', stops: [...stops], ticks, without, none };
}

function isShown(value: number, scale: 'linear' | 'log'): boolean {
  return scale === 'log' ? value > 0 && value < Infinity : value - value === 0;
}

/** The range that colours are over: that from the 1st to the 99th percentile, if a few numbers lie far outside of it. */
function clipped(
  values: Float64Array | Float32Array,
  scale: 'linear' | 'log',
  min: number,
  max: number,
): { low: number; high: number } {
  const every = Math.max(1, Math.ceil(values.length / SAMPLE));
  const sample = new Float64Array(Math.ceil(values.length / every));
  let count = 0;
  for (let i = 0; i < values.length; i += every) {
    const value = values[i] as number;
    if (isShown(value, scale)) sample[count++] = value;
  }
  const sorted = sample.subarray(0, count).sort();
  const [low, high] = [sorted[Math.floor(0.01 * (count - 1))], sorted[Math.ceil(0.99 * (count - 1))]];
  if (low === undefined || high === undefined || low === high) return { low: min, high: max };
  const width = (a: number, b: number): number => (scale === 'log' ? Math.log(b) - Math.log(a) : b / 2 - a / 2);
  return width(min, max) > OUTLYING * width(low, high) ? { low, high } : { low: min, high: max };
}
