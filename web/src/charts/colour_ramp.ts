/** Colours of a scale of values. Pure. A colour is one number, as a canvas has it in memory: A, B, G, R from the top. */

/** A ramp has so many colours. */
export const RAMP = 256;

/** Every colour between the stops, which are `#rrggbb`, evenly apart. */
export function rampOf(stops: readonly string[]): Uint32Array {
  const channels = stops.map(channelsOf);
  return Uint32Array.from({ length: RAMP }, (_, i) => {
    const place = (i / (RAMP - 1)) * (channels.length - 1);
    const stop = Math.min(Math.floor(place), channels.length - 2);
    const [from, to] = [channels[stop] ?? [], channels[stop + 1] ?? []];
    return packed(from.map((channel, j) => channel + ((to[j] ?? 0) - channel) * (place - stop)));
  });
}

/** A colour that is `#rrggbb`. */
export function colourOf(hex: string): number {
  return packed(channelsOf(hex));
}

function channelsOf(hex: string): number[] {
  return [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16));
}

function packed([red = 0, green = 0, blue = 0]: readonly number[]): number {
  return ((255 << 24) | (Math.round(blue) << 16) | (Math.round(green) << 8) | Math.round(red)) >>> 0;
}

/**
 * Paints cells of a heat map. All values the same: the colour in the middle. What is not finite has a colour of its own.
 *
 * @param pixels as many as there are values.
 */
export function paintCells(
  values: Float64Array,
  [min, max]: readonly [number, number],
  ramp: Uint32Array,
  notFinite: number,
  pixels: Uint32Array,
): void {
  // Halves: the span of two doubles may be beyond one.
  const low = min / 2;
  const scale = max > min ? (RAMP - 1) / (max / 2 - low) : 0;
  const offset = max > min ? 0.5 : RAMP / 2;
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number;
    const isFinite = value - value === 0;
    pixels[i] = isFinite ? (ramp[((value / 2 - low) * scale + offset) | 0] as number) : notFinite;
  }
}
