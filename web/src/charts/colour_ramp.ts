/** Colours of a scale of values. Pure. */

/** A ramp has so many colours. */
export const RAMP = 256;

/** RGB of every colour between the stops, which are `#rrggbb`, evenly apart. */
export function rampOf(stops: readonly string[]): Uint8ClampedArray {
  const channels = stops.map(channelsOf);
  const ramp = new Uint8ClampedArray(3 * RAMP);
  for (let i = 0; i < RAMP; i++) {
    const place = (i / (RAMP - 1)) * (channels.length - 1);
    const stop = Math.min(Math.floor(place), channels.length - 2);
    const [from, to] = [channels[stop] ?? [], channels[stop + 1] ?? []];
    for (let channel = 0; channel < 3; channel++) {
      const [a, b] = [from[channel] ?? 0, to[channel] ?? 0];
      ramp[3 * i + channel] = a + (b - a) * (place - stop);
    }
  }
  return ramp;
}

/** Red, green, blue of `#rrggbb`. */
export function channelsOf(colour: string): number[] {
  return [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16));
}

/** Which colour of a ramp a value has; all values the same: the one in the middle. */
export function rampIndex(value: number, min: number, max: number): number {
  if (!(max > min)) return RAMP >> 1;
  // Halved first: the span of two doubles may be beyond one.
  return Math.round(((value / 2 - min / 2) / (max / 2 - min / 2)) * (RAMP - 1));
}

/** Paints cells of a heat map as RGBA; what is not finite has a colour of its own. */
export function paintCells(
  values: Float64Array,
  [min, max]: readonly [number, number],
  ramp: Uint8ClampedArray,
  notFinite: readonly number[],
  pixels: Uint8ClampedArray,
): void {
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number;
    const at = 4 * i;
    const index = Number.isFinite(value) ? 3 * rampIndex(value, min, max) : -1;
    for (let channel = 0; channel < 3; channel++) {
      pixels[at + channel] = index < 0 ? (notFinite[channel] ?? 0) : (ramp[index + channel] as number);
    }
    pixels[at + 3] = 255;
  }
}
