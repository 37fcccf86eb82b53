/** Which frame of an animation is seen when. Pure; seconds. */

/** When each frame ends, from how long each is shown. */
export function endsOf(times: readonly number[]): Float64Array {
  const ends = new Float64Array(times.length);
  times.forEach((time, i) => (ends[i] = (ends[i - 1] ?? 0) + time));
  return ends;
}

/** The frame that is seen at a time: the last one from the end on. */
export function frameAt(ends: Float64Array, time: number): number {
  let [low, high] = [0, ends.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (time < (ends[middle] as number)) high = middle;
    else low = middle + 1;
  }
  return Math.max(0, low);
}

/** When a frame begins, so that `frameAt` gives that frame. */
export function startOf(ends: Float64Array, frame: number): number {
  return frame <= 0 ? 0 : (ends[Math.min(frame, ends.length - 1) - 1] as number);
}

/** Up to `count` frames, evenly apart from the first to the last. */
export function stripOf(frames: number, count: number): number[] {
  const shown = Math.min(frames, count);
  return Array.from({ length: shown }, (_, i) => (shown < 2 ? 0 : Math.round((i * (frames - 1)) / (shown - 1))));
}

/** "20 fps", or "5–20 fps" where frames are shown for different times; '' of a single one. */
export function rateText(times: readonly number[]): string {
  if (times.length < 2) return '';
  const rate = (time: number): string => String(Number((1 / time).toPrecision(3)));
  const [slowest, fastest] = [rate(Math.max(...bounded(times))), rate(Math.min(...bounded(times)))];
  return slowest === fastest ? `${fastest} fps` : `${slowest}–${fastest} fps`;
}

/** As many as may be spread into arguments. */
function bounded(times: readonly number[]): readonly number[] {
  return times.slice(0, 10_000);
}
