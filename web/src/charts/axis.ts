/** The mathematics of an axis: how a value becomes a place, which range is drawn, and where its ticks are. No DOM. */
import type { XKind } from '../engine/protocol';
import type { YScale } from '../model/state';

/** A value on its way to a place: strictly increasing, with its inverse. */
export interface Mapping {
  to(value: number): number;
  from(place: number): number;
}

export interface Tick {
  value: number;
  label: string;
}

/** Everything needed to draw one axis. */
export class Axis {
  constructor(
    readonly min: number,
    readonly max: number,
    readonly mapping: Mapping,
    readonly ticks: readonly Tick[],
  ) {}

  /** Where a value lies: 0 at the beginning of the axis, 1 at its end. */
  fraction(value: number): number {
    const start = this.mapping.to(this.min);
    return (this.mapping.to(value) - start) / (this.mapping.to(this.max) - start);
  }

  /** The inverse of {@link fraction}. */
  valueAt(fraction: number): number {
    const start = this.mapping.to(this.min);
    return this.mapping.from(start + fraction * (this.mapping.to(this.max) - start));
  }
}

const linear: Mapping = { to: (value) => value, from: (place) => place };
const log: Mapping = { to: (value) => Math.log10(value), from: (place) => 10 ** place };

/** Logarithmic on both sides of zero, linear below `threshold`. */
export function symlog(threshold: number): Mapping {
  return {
    to: (value) => Math.sign(value) * Math.log10(1 + Math.abs(value) / threshold),
    from: (place) => Math.sign(place) * threshold * (10 ** Math.abs(place) - 1),
  };
}

/** An end of x this near to a round number moves there, as a share of the range: 59,800 steps read as 60k. */
const SNAP = 0.015;

/**
 * @param exact the range was chosen by hand: it is kept as it is.
 * @param most how many ticks fit.
 */
export function xAxis(kind: XKind, min: number, max: number, exact: boolean, most: number): Axis {
  if (!(max > min)) [min, max] = Number.isFinite(min) ? [min - 0.5, min + 0.5] : [0, 1];
  if (kind === 'relative') return new Axis(min, max, linear, relativeTicks(min, max, most));
  if (kind === 'wall') return new Axis(min, max, linear, wallTicks(min, max, most));
  // Steps are whole numbers.
  const step = Math.max(1, niceStep(min, max, most));
  if (!exact) {
    const room = (max - min) * SNAP;
    const [low, high] = [Math.floor(min / step) * step, Math.ceil(max / step) * step];
    if (min - low <= room) min = low;
    if (high - max <= room) max = high;
  }
  return new Axis(min, max, linear, numberTicks(steppedValues(min, max, step)));
}

/**
 * The y axis.
 * @param exact the range was chosen by hand: it is kept as it is. Otherwise it grows to round numbers.
 */
export function yAxis(scale: YScale, min: number, max: number, exact: boolean): Axis {
  if (!Number.isFinite(min) || !Number.isFinite(max)) [min, max] = scale === 'log' ? [0.1, 10] : [0, 1];
  if (scale === 'log' && min <= 0) [min, max] = max > 0 ? [max / 1e3, max] : [0.1, 10];
  if (!(max > min)) {
    const room = Math.abs(min) * 0.1 || 1;
    [min, max] = scale === 'log' ? [min / 2, min * 2] : [min - room, max + room];
  }
  switch (scale) {
    case 'linear': {
      const step = niceStep(min, max, 6);
      if (!exact) [min, max] = [-roundUp(-min, step), roundUp(max, step)];
      return new Axis(min, max, linear, numberTicks(steppedValues(min, max, step)));
    }
    case 'log': {
      const room = exact ? 1 : (max / min) ** 0.04;
      return padded(min / room, max * room, log, logValues(min / room, max * room));
    }
    case 'symlog': {
      const mapping = symlog(10 ** Math.floor(Math.log10(Math.max(Math.abs(min), Math.abs(max)))) / 100);
      const room = exact ? 0 : (mapping.to(max) - mapping.to(min)) * 0.04;
      const [low, high] = [mapping.from(mapping.to(min) - room), mapping.from(mapping.to(max) + room)];
      return padded(low, high, mapping, symlogValues(low, high, mapping));
    }
  }
}

/** The multiple of `step` above a value; a value that is hardly beyond one stays, with a little room. */
function roundUp(value: number, step: number): number {
  const below = Math.floor(value / step + 1e-9) * step;
  if (value - below <= 1e-9 * step) return below;
  return value - below < 0.15 * step ? value + 0.05 * step : below + step;
}

function padded(min: number, max: number, mapping: Mapping, values: number[]): Axis {
  if (values.length < 2) values = steppedValues(min, max, niceStep(min, max, 6));
  return new Axis(min, max, mapping, numberTicks(values));
}

/** The smallest of 1, 2, 2.5, 5 × 10ᵏ that puts at most `most` ticks on [min, max], grown as by `roundUp`. */
function niceStep(min: number, max: number, most: number): number {
  const rough = (max - min) / most;
  let power = 10 ** (Math.floor(Math.log10(rough)) - 1);
  for (; ; power *= 10) {
    for (const factor of [1, 2, 2.5, 5]) {
      const step = factor * power;
      if (Math.floor(max / step + 0.85) - Math.ceil(min / step - 0.85) + 1 <= most) return step;
    }
  }
}

function steppedValues(min: number, max: number, step: number): number[] {
  const first = Math.ceil(min / step - 1e-9);
  const last = Math.floor(max / step + 1e-9);
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => (first + i) * step);
}

/** Powers of ten, and as many multiples between them as it takes to have three. */
function logValues(min: number, max: number): number[] {
  for (const factors of [[1], [1, 3], [1, 2, 5], [1, 1.5, 2, 3, 5, 7]]) {
    const values: number[] = [];
    for (let power = Math.floor(Math.log10(min)); power <= Math.ceil(Math.log10(max)); power++) {
      for (const factor of factors) {
        const value = factor * 10 ** power;
        if (value >= min * (1 - 1e-9) && value <= max * (1 + 1e-9)) values.push(value);
      }
    }
    if (values.length >= 3) return thinned(values);
  }
  return [];
}

function symlogValues(min: number, max: number, mapping: Mapping): number[] {
  const values: number[] = [];
  const top = Math.ceil(Math.log10(Math.max(Math.abs(min), Math.abs(max))));
  for (let power = top - 4; power <= top; power++) values.push(10 ** power, -(10 ** power));
  values.push(0);
  // Nothing nearer than a twelfth of the axis to a tick that is already there; zero, then the far ends, come first.
  const room = (mapping.to(max) - mapping.to(min)) / 12;
  const kept: number[] = [];
  for (const value of values.reverse()) {
    if (value < min || value > max) continue;
    if (kept.every((other) => Math.abs(mapping.to(other) - mapping.to(value)) >= room)) kept.push(value);
  }
  return thinned(kept.sort((a, b) => a - b));
}

function thinned(values: number[]): number[] {
  const every = Math.ceil(values.length / 6);
  return values.filter((_, i) => i % every === 0);
}

function numberTicks(values: number[]): Tick[] {
  const sizes = values.map(Math.abs);
  const largest = Math.max(...sizes);
  // Over many powers of ten each tick has its own unit.
  const smallest = Math.min(...sizes.filter((size) => size > 0));
  if (values.length > 1 && largest / smallest >= 1e4) return values.flatMap((value) => numberTicks([value]));
  const [divisor, unit] = largest >= 1e12 ? [1, ''] : largest >= 1e9 ? [1e9, 'G'] : largest >= 1e6 ? [1e6, 'M'] : largest >= 1e4 ? [1e3, 'k'] : [1, '']; // prettier-ignore
  const scientific = largest !== 0 && (largest < 1e-3 || largest >= 1e12);
  const plain = (value: number, digits: number): string =>
    value === 0
      ? '0'
      : scientific
        ? value.toExponential(digits).replace(/\.?0*e\+?/, 'e')
        : `${trimmed((value / divisor).toFixed(digits))}${unit}`;
  // The fewest digits that tell all ticks apart and are true.
  let digits = 0;
  const tells = (): boolean =>
    new Set(values.map((value) => plain(value, digits))).size === values.length &&
    values.every((value, i) => {
      const step = Math.abs((values[i + 1] ?? values[i - 1] ?? 0) - value) || Math.abs(value);
      const shown = scientific
        ? Number(value.toExponential(digits))
        : Number((value / divisor).toFixed(digits)) * divisor;
      return Math.abs(shown - value) <= step * 1e-3;
    });
  while (digits < 12 && !tells()) digits++;
  return values.map((value) => ({ value, label: plain(value, digits).replaceAll('-', '−') }));
}

const trimmed = (text: string): string => (text.includes('.') ? text.replace(/\.?0+$/, '') : text);

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
// prettier-ignore
const TIME_STEPS = [
  1, 2, 5, 10, 15, 30, MINUTE, 2 * MINUTE, 5 * MINUTE, 10 * MINUTE, 15 * MINUTE, 30 * MINUTE,
  HOUR, 2 * HOUR, 3 * HOUR, 6 * HOUR, 12 * HOUR, DAY, 2 * DAY, 7 * DAY, 14 * DAY, 30 * DAY, 90 * DAY, 365 * DAY,
];

function timeStep(min: number, max: number, most: number): number | undefined {
  if (max - min < 2) return undefined;
  return TIME_STEPS.find((step) => Math.floor(max / step) - Math.ceil(min / step) + 1 <= most) ?? 3650 * DAY;
}

function relativeTicks(min: number, max: number, most: number): Tick[] {
  const step = timeStep(min, max, most);
  if (step === undefined) {
    const ticks = numberTicks(steppedValues(min, max, niceStep(min, max, most)));
    return ticks.map(({ value, label }) => ({ value, label: value === 0 ? '0' : `${label} s` }));
  }
  const [unit, name] =
    step >= DAY ? [DAY, 'd'] : step >= HOUR ? [HOUR, 'h'] : step >= MINUTE ? [MINUTE, 'm'] : [1, ' s'];
  return steppedValues(min, max, step).map((value) => ({
    value,
    label: value === 0 ? '0' : `${trimmed((value / unit).toFixed(1)).replace('-', '−')}${name}`,
  }));
}

const clock = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
const clockWithSeconds = new Intl.DateTimeFormat(undefined, { timeStyle: 'medium', hourCycle: 'h23' });
const day = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short' });
const month = new Intl.DateTimeFormat(undefined, { month: 'short', year: 'numeric' });

/** Wall time in seconds since 1970, at round moments of the reader's own clock. */
function wallTicks(min: number, max: number, most: number): Tick[] {
  const step = timeStep(min, max, most) ?? 1;
  const offset = -new Date(min * 1e3).getTimezoneOffset() * MINUTE;
  const style = step >= 30 * DAY ? month : step >= DAY ? day : step >= MINUTE ? clock : clockWithSeconds;
  let before = '';
  return steppedValues(min + offset, max + offset, step).map((local) => {
    const date = new Date((local - offset) * 1e3);
    const today = day.format(date);
    // The first tick of a later day carries its date in place of the hour.
    const label = step < DAY && before !== '' && today !== before ? today : style.format(date);
    before = today;
    return { value: local - offset, label };
  });
}
