/** Which ranges of numbers can be told from a single value. */

/** A range narrower than this share of its values, or than this in all, is drawn as a single value. */
export const NARROW = 1e-12;
export const NARROWEST = 1e-300;

export function isNarrow(min: number, max: number): boolean {
  return max - min <= Math.max(NARROWEST, Math.max(Math.abs(min), Math.abs(max)) * NARROW);
}

/** Whether an axis can be drawn over exactly this range. */
export function isRange(min: number, max: number): boolean {
  return Number.isFinite(min) && Number.isFinite(max) && min < max && !isNarrow(min, max);
}
