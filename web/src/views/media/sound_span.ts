/** What is drawn of a sound over time, in seconds. Pure. */
import type { Span } from './sound_desk';

/** Less shows nothing more: some tens of samples. */
const LEAST = 0.001;

/** Wider or narrower by a factor, with one place where it was; never beyond the sound. */
export function spanAbout({ from, to }: Span, factor: number, about: number, length: number): Span {
  const width = Math.min(length, Math.max(LEAST, (to - from) * factor));
  const start = about - ((about - from) / (to - from)) * width;
  return spanMoved({ from: start, to: start + width }, 0, length);
}

/** Moved as far as there is sound. */
export function spanMoved({ from, to }: Span, by: number, length: number): Span {
  const start = Math.max(0, Math.min(length - (to - from), from + by));
  return { from: start, to: Math.min(length, start + (to - from)) };
}
