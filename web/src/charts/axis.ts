/** The mathematics of an axis: how a value becomes a place, which range is drawn, and where its ticks are. No DOM. */
import type { XKind } from '../engine/protocol';
import { isNarrow, NARROW, NARROWEST } from '../model/range';
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
/** For ranges whose width is beyond the largest number. */
const linearOfHuge: Mapping = { to: (value) => value / 4, from: (place) => place * 4 };
const log: Mapping = { to: (value) => Math.log10(value), from: (place) => 10 ** place };

/** Logarithmic on both sides of zero, linear below `threshold`. */
export function symlog(threshold: number): Mapping {
  return {
    to: (value) => Math.sign(value) * Math.log10(1 + Math.abs(value) / threshold),
    from: (place) => Math.sign(place) * threshold * (10 ** Math.abs(place) - 1),
  };
}

/** No axis has more ticks, whatever it shows. */
const MAX_TICKS = 12;
/** An end of x this near to a round number moves there, as a share of the range: 59,800 steps read as 60k. */
const SNAP = 0.015;

/**
 * @param exact the range was chosen by hand: it is kept as it is.
 * @param most how many ticks fit, at least 2.
 */
export function xAxis(kind: XKind, min: number, max: number, exact: boolean, most: number): Axis {
  if (!isOrdered(min, max)) [min, max] = [0, 1];
  // Steps and seconds: a single one has half of one on either side.
  if (isNarrow(min, max)) [min, max] = around(min, Math.max(0.5, Math.abs(min) * 1e-11));
  if (kind === 'relative') return linearAxis(min, max, relativeTicks(min, max, most));
  if (kind === 'wall') return linearAxis(min, max, wallTicks(min, max, most));
  // Steps are whole numbers.
  const fraction = niceStep(min, max, most);
  const step = fraction < 1 ? 1 : fraction === 2.5 ? 5 : fraction;
  if (!exact) {
    const room = max * SNAP - min * SNAP;
    const [low, high] = [Math.floor(min / step) * step, Math.ceil(max / step) * step];
    if (min - low <= room) min = low;
    if (high - max <= room) max = high;
  }
  const whole = steppedValues(min, max, step);
  // Between two steps there is none.
  return linearAxis(min, max, numberTicks(whole.length > 0 ? whole : steppedValues(min, max, fraction)));
}

/**
 * The y axis.
 * @param exact the range was chosen by hand: it is kept as it is. Otherwise it grows to round numbers.
 */
export function yAxis(scale: YScale, min: number, max: number, exact: boolean): Axis {
  if (scale === 'log') return logAxis(min, max, exact);
  if (!isOrdered(min, max)) [min, max] = [0, 1];
  if (isNarrow(min, max)) [min, max] = around(min, Math.abs(min) * 0.1 > NARROWEST ? Math.abs(min) * 0.1 : 1);
  if (scale === 'linear') {
    const step = niceStep(min, max, 6);
    if (!exact) [min, max] = [finite(-roundUp(-min, step)), finite(roundUp(max, step))];
    return linearAxis(min, max, numberTicks(steppedValues(min, max, step)));
  }
  const mapping = symlog(10 ** Math.floor(Math.log10(Math.max(Math.abs(min), Math.abs(max)))) / 100);
  if (!exact) {
    const [low, high] = [mapping.to(min), mapping.to(max)];
    const room = (high - low) * 0.04;
    [min, max] = [finite(mapping.from(low - room)), finite(mapping.from(high + room))];
  }
  return new Axis(min, max, mapping, numberTicks(atLeastTwo(symlogValues(min, max, mapping), min, max)));
}

function logAxis(min: number, max: number, exact: boolean): Axis {
  if (!isOrdered(min, max) || max <= 0) [min, max] = [0.1, 10];
  if (min <= 0) min = max / 1e3;
  [min, max] = [positive(min), positive(max)];
  if (max - min <= max * NARROW) [min, max] = [positive(min / 2), positive(max * 2)];
  if (!exact) {
    // As powers: the ratio of the ends may be beyond the largest number.
    const [low, high] = [Math.log10(min), Math.log10(max)];
    const room = (high - low) * 0.04;
    [min, max] = [Math.min(min, positive(10 ** (low - room))), Math.max(max, positive(10 ** (high + room)))];
  }
  return new Axis(min, max, log, numberTicks(atLeastTwo(logValues(min, max), min, max)));
}

function linearAxis(min: number, max: number, ticks: readonly Tick[]): Axis {
  return new Axis(min, max, Number.isFinite(max - min) ? linear : linearOfHuge, ticks);
}

function isOrdered(min: number, max: number): boolean {
  return Number.isFinite(min) && Number.isFinite(max) && min <= max;
}

const around = (value: number, room: number): [number, number] => [finite(value - room), finite(value + room)];
const finite = (value: number): number => Math.min(Number.MAX_VALUE, Math.max(-Number.MAX_VALUE, value));
const positive = (value: number): number => Math.min(Number.MAX_VALUE, Math.max(Number.MIN_VALUE, value));

/** The multiple of `step` above a value; a value that is hardly beyond one stays, with a little room. */
function roundUp(value: number, step: number): number {
  const below = Math.floor(value / step + 1e-9) * step;
  if (value - below <= 1e-9 * step) return below;
  return value - below < 0.15 * step ? value + 0.05 * step : below + step;
}

function atLeastTwo(values: number[], min: number, max: number): number[] {
  return values.length >= 2 ? values : steppedValues(min, max, niceStep(min, max, 6));
}

/**
 * The smallest of 1, 2, 2.5, 5 × 10ᵏ that puts at most `most` ticks on [min, max], grown as by `roundUp`; a smaller one
 * where that puts none on it as it is.
 */
function niceStep(min: number, max: number, most: number): number {
  const rough = max / most - min / most;
  const smallest = Math.floor(Math.log10(rough)) - 1;
  let best = positive(rough);
  // 1000 times the smallest is at least ten times as wide as a tick's share: one of them fits.
  for (let power = smallest; power <= smallest + 3; power++) {
    for (const factor of [1, 2, 2.5, 5]) {
      const step = positive(factor * 10 ** power);
      const count = Math.floor(max / step + 1e-9) - Math.ceil(min / step - 1e-9) + 1;
      if (count >= 1 && count <= MAX_TICKS) best = step;
      if (Math.floor(max / step + 0.85) - Math.ceil(min / step - 0.85) + 1 <= most) return best;
    }
  }
  return best;
}

/** Multiples of `step` inside the range, ascending; `offset` moves all of them. */
function steppedValues(min: number, max: number, step: number, offset = 0): number[] {
  const first = Math.ceil((min - offset) / step - 1e-9);
  const last = Math.floor((max - offset) / step + 1e-9);
  const count = Math.min(MAX_TICKS, Math.max(0, last - first + 1));
  return inside(
    Array.from({ length: count }, (_, i) => (first + i) * step + offset),
    min,
    max,
  );
}

/** Ascending values without what rounding carried over an end, or onto the one before. */
function inside(values: readonly number[], min: number, max: number): number[] {
  const clamped = values.map((value) => Math.min(max, Math.max(min, value)));
  return clamped.filter((value, i) => i === 0 || value > (clamped[i - 1] as number));
}

/** Powers of ten, and as many multiples between them as it takes to have three. */
function logValues(min: number, max: number): number[] {
  for (const factors of [[1], [1, 3], [1, 2, 5], [1, 1.5, 2, 3, 5, 7]]) {
    const values: number[] = [];
    for (let power = Math.floor(Math.log10(min)); power <= Math.ceil(Math.log10(max)); power++) {
      for (const factor of factors) {
        const value = factor * 10 ** power;
        if (value >= min * (1 - 1e-9) && value <= finite(max * (1 + 1e-9))) values.push(value);
      }
    }
    if (values.length >= 3) return thinned(inside(values, min, max));
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
  while (digits < 16 && !tells()) digits++;
  return values.map((value) => ({ value, label: plain(value, digits).replaceAll('-', '−') }));
}

const trimmed = (text: string): string => (text.includes('.') ? text.replace(/\.?0+$/, '') : text);

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const YEAR = 365 * DAY;
// prettier-ignore
const TIME_STEPS = [
  1, 2, 5, 10, 15, 30, MINUTE, 2 * MINUTE, 5 * MINUTE, 10 * MINUTE, 15 * MINUTE, 30 * MINUTE,
  HOUR, 2 * HOUR, 3 * HOUR, 6 * HOUR, 12 * HOUR, DAY, 2 * DAY, 7 * DAY, 14 * DAY,
];
/** Further steps where no calendar is meant. */
const LONG_STEPS = [...TIME_STEPS, 30 * DAY, 90 * DAY, YEAR];
/** Further steps by the calendar. */
const MONTH_STEPS = [1, 2, 3, 6, 12];
/** A Date holds no moment further from 1970, seconds. */
const LAST_MOMENT = 8.64e12;

/** The smallest of the steps that puts at most `most` ticks on the range, though never none; undefined = none is as wide. */
function timeStep(steps: readonly number[], min: number, max: number, most: number): number | undefined {
  const count = (step: number): number => Math.floor(max / step) - Math.ceil(min / step) + 1;
  const at = steps.findIndex((step) => count(step) <= most);
  return at > 0 && count(steps[at] as number) === 0 ? steps[at - 1] : steps[at];
}

/** Seconds as plain numbers. */
function secondTicks(min: number, max: number, most: number): Tick[] {
  const ticks = numberTicks(steppedValues(min, max, niceStep(min, max, most)));
  return ticks.map(({ value, label }) => ({ value, label: value === 0 ? '0' : `${label} s` }));
}

function relativeTicks(min: number, max: number, most: number): Tick[] {
  if (max - min < 2 || min < -LAST_MOMENT || max > LAST_MOMENT) return secondTicks(min, max, most);
  const step = timeStep(LONG_STEPS, min, max, most) ?? Math.max(1, niceStep(min / YEAR, max / YEAR, most)) * YEAR;
  const [unit, name] =
    step >= YEAR ? [YEAR, 'y'] : step >= DAY ? [DAY, 'd'] : step >= HOUR ? [HOUR, 'h'] : step >= MINUTE ? [MINUTE, 'm'] : [1, ' s']; // prettier-ignore
  return steppedValues(min, max, step).map((value) => ({
    value,
    label: value === 0 ? '0' : `${trimmed((value / unit).toFixed(1)).replace('-', '−')}${name}`,
  }));
}

const milliseconds = new Intl.DateTimeFormat(undefined, { minute: '2-digit', second: '2-digit', fractionalSecondDigits: 3 }); // prettier-ignore
const clock = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
const clockWithSeconds = new Intl.DateTimeFormat(undefined, { timeStyle: 'medium', hourCycle: 'h23' });
const day = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short' });
const month = new Intl.DateTimeFormat(undefined, { month: 'short', year: 'numeric' });
const year = new Intl.DateTimeFormat(undefined, { year: 'numeric' });

/** Wall time in seconds since 1970, at round moments of the reader's own clock and calendar. */
function wallTicks(min: number, max: number, most: number): Tick[] {
  if (min < -LAST_MOMENT || max > LAST_MOMENT) return secondTicks(min, max, most);
  const offset = new Date(min * 1e3).getTimezoneOffset() * MINUTE;
  if (max - min < 2) {
    return steppedValues(min, max, niceStep(min, max, most), offset).map((value) => dated(value, milliseconds));
  }
  const step = timeStep(TIME_STEPS, min - offset, max - offset, most);
  if (step === undefined) {
    const months = monthTicks(min, max, most);
    if (months.length > 0) return months;
  }
  const every = step ?? 14 * DAY;
  const style = every >= DAY ? day : every >= MINUTE ? clock : clockWithSeconds;
  let before = '';
  return steppedValues(min, max, every, offset).map((value) => {
    const today = dated(value, day).label;
    // The first tick of a later day carries its date in place of the hour.
    const label = every < DAY && before !== '' && today !== before ? today : dated(value, style).label;
    before = today;
    return { value, label };
  });
}

function dated(value: number, style: Intl.DateTimeFormat): Tick {
  return { value, label: style.format(new Date(value * 1e3)) };
}

/** At the beginning of months or years, from that of the range on. */
function monthTicks(min: number, max: number, most: number): Tick[] {
  const monthOf = (seconds: number): number => {
    const date = new Date(seconds * 1e3);
    return date.getFullYear() * 12 + date.getMonth();
  };
  const [first, last] = [monthOf(Math.max(min - 1, -LAST_MOMENT)) + 1, monthOf(max)];
  const step =
    timeStep(MONTH_STEPS, first, last, most) ?? Math.round(12 * Math.max(1, niceStep(first / 12, last / 12, most)));
  const ticks: Tick[] = [];
  for (let at = Math.ceil(first / step); at <= Math.floor(last / step) && ticks.length < MAX_TICKS; at++) {
    // Not by `new Date(year, …)`, which takes the year 99 for 1999.
    const date = new Date(2000, 0, 1);
    date.setFullYear(Math.floor((at * step) / 12), (((at * step) % 12) + 12) % 12);
    const value = date.getTime() / 1e3;
    if (value >= min && value <= max) ticks.push(dated(value, step % 12 === 0 ? year : month));
  }
  return ticks;
}
