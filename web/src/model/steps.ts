/** One step for many series: which there are, where they lie on a track, which point of a series stands for one. Pure. */
import type { StepUnion } from '../engine/values/values';

/** Index of the last step at or before `wanted`; −1 = all are later. `steps` are in order. */
export function indexAtOrBefore(steps: BigInt64Array, wanted: bigint): number {
  let [low, high] = [0, steps.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((steps[middle] as bigint) <= wanted) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/**
 * The point of a series that stands for a step: that of the nearest step at or before it, the last one written of
 * several; undefined = all are later.
 *
 * @param steps in order.
 * @param wanted undefined = the last step that there is.
 */
export function pointAt(steps: BigInt64Array, wanted: bigint | undefined): number | undefined {
  const index = wanted === undefined ? steps.length - 1 : indexAtOrBefore(steps, wanted);
  return index < 0 ? undefined : index;
}

/** Index of the step that is shown; undefined = there is none. Before the first one, it is the first. */
export function shownIndex({ steps }: StepUnion, step: bigint | undefined): number | undefined {
  if (steps.length === 0) return undefined;
  return step === undefined ? steps.length - 1 : Math.max(0, indexAtOrBefore(steps, step));
}

/** The step of an index as it is kept: the last one is not named, so that it stays the last when later ones come. */
export function stepOfIndex({ steps }: StepUnion, index: number): bigint | undefined {
  return index >= steps.length - 1 ? undefined : steps[Math.max(0, index)];
}

/** What is kept when a person names a step: beyond the last one, it is the last one; before the first one, the first. */
export function namedStep({ steps }: StepUnion, step: bigint): bigint | undefined {
  const [first, last] = [steps[0], steps.at(-1)];
  if (first === undefined || last === undefined) return step;
  return step >= last ? undefined : step < first ? first : step;
}

const SI_POWERS: Partial<Record<string, number>> = { k: 3, m: 6, g: 9, t: 12, p: 15, e: 18 };

/**
 * The step that a person writes, whatever separates the digits: "42,400", "42.4k", "1e9", "−5". undefined = it is no whole
 * number of 64 bits.
 */
export function writtenStep(text: string): bigint | undefined {
  const plain = text
    .replace(/[\s_’']/g, '')
    .replace('−', '-')
    .toLowerCase();
  // Dots and commas separate thousands where three digits follow each of them, and they are all the same.
  const whole = /^-?\d{1,3}(?:(?:,\d{3})+|(?:\.\d{3})+)$/.test(plain) ? plain.replace(/[.,]/g, '') : plain;
  const match = /^(-?)(\d{1,19})(?:[.,](\d{1,18}))?(?:e\+?(\d{1,2})|([kmgtpe]))?$/.exec(whole);
  if (!match) return undefined;
  const [, sign = '', digits = '', decimals = '', exponent = '0', prefix] = match;
  const power = (prefix === undefined ? Number(exponent) : (SI_POWERS[prefix] ?? 0)) - decimals.length;
  const size = BigInt(digits + decimals) * 10n ** BigInt(Math.max(0, power));
  const divisor = 10n ** BigInt(Math.max(0, -power));
  const step = (sign === '-' ? -size : size) / divisor;
  return size % divisor === 0n && BigInt.asIntN(64, step) === step ? step : undefined;
}

/** Where a step is on the track, 0 … 1. The only one there is is at the end. */
export function placeOf({ steps }: StepUnion, step: bigint): number {
  const [first, last] = [steps[0], steps.at(-1)];
  if (first === undefined || last === undefined || first === last) return 1;
  return Math.max(0, Math.min(1, Number(step - first) / Number(last - first)));
}

/** Index of the step nearest to a place on the track. */
export function indexNear(union: StepUnion, place: number): number {
  const { steps } = union;
  // Halves the track as often as it takes: places of big steps are not exact, but in order.
  let [low, high] = [0, steps.length - 1];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (placeOf(union, steps[middle] as bigint) <= place) low = middle;
    else high = middle;
  }
  const distance = (index: number): number => Math.abs(placeOf(union, steps[index] as bigint) - place);
  return high > low && distance(high) <= distance(low) ? high : low;
}

/** Ticks of a track, in px from its start. */
export interface Ticks {
  tall: number[];
  /** Every step there is missing in some run. */
  short: number[];
}

/** One tick in each pixel that has a step, however many steps there are. */
export function ticksOf(union: StepUnion, width: number): Ticks {
  const { steps, inEveryRun } = union;
  const ticks: Ticks = { tall: [], short: [] };
  const pixelOf = (index: number): number => Math.round(placeOf(union, steps[index] as bigint) * width);
  for (let index = 0; index < steps.length;) {
    const pixel = pixelOf(index);
    // The first step of another pixel.
    let [end, beyond] = [index + 1, steps.length];
    while (end < beyond) {
      const middle = (end + beyond) >> 1;
      if (pixelOf(middle) === pixel) end = middle + 1;
      else beyond = middle;
    }
    const isTall = inEveryRun.subarray(index, end).includes(1);
    (isTall ? ticks.tall : ticks.short).push(pixel);
    index = end;
  }
  return ticks;
}
