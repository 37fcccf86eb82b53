/** Puts round dots into pixels: a canvas would put off the work, and then do it all at once. Pure. */

/** A pixel has A, B, G, R from the top, as `colour_ramp.ts` has it. */
export interface Pixels {
  data: Uint32Array;
  width: number;
  height: number;
}

/** What a dot covers: of each pixel, how much is the dot, and how much is the dot or the ground around it; 0…256. */
interface Mask {
  reach: number;
  inner: Uint16Array;
  outer: Uint16Array;
}

/** A dot can be at so many places within a pixel, each way; radii differ by as much at least. */
const PHASES = 4;

export class DotRaster {
  private readonly masks = new Map<number, Mask>();

  /** @param halo how wide a ring of the ground is around dots, px */
  constructor(
    private readonly pixels: Pixels,
    private readonly ground: number,
    private readonly halo: number,
  ) {}

  dot(x: number, y: number, radius: number, colour: number): void {
    const { data, width, height } = this.pixels;
    const [left, top] = [Math.floor(x), Math.floor(y)];
    const [phaseX, phaseY] = [Math.floor((x - left) * PHASES), Math.floor((y - top) * PHASES)];
    const { reach, inner, outer } = this.mask(Math.max(1, Math.round(radius * PHASES)), phaseX, phaseY);
    const side = 2 * reach + 1;
    const [fromX, toX] = [Math.max(0, left - reach), Math.min(width - 1, left + reach)];
    const [fromY, toY] = [Math.max(0, top - reach), Math.min(height - 1, top + reach)];
    for (let py = fromY; py <= toY; py++)
      for (let px = fromX; px <= toX; px++) {
        const of = (py - top + reach) * side + px - left + reach;
        const cover = outer[of] as number;
        if (cover === 0) continue;
        const own = inner[of] as number;
        const shown = own === 256 ? colour : mix(this.ground, colour, own);
        const pixel = py * width + px;
        data[pixel] = cover === 256 ? shown : mix(data[pixel] as number, shown, cover);
      }
  }

  private mask(radius: number, phaseX: number, phaseY: number): Mask {
    const key = (radius * PHASES + phaseX) * PHASES + phaseY;
    const known = this.masks.get(key);
    if (known) return known;
    const exact = radius / PHASES;
    const reach = Math.ceil(exact + this.halo + 0.5);
    const side = 2 * reach + 1;
    const mask: Mask = { reach, inner: new Uint16Array(side * side), outer: new Uint16Array(side * side) };
    const part = (distance: number, edge: number): number =>
      Math.round(256 * Math.min(1, Math.max(0, edge - distance + 0.5)));
    for (let dy = -reach; dy <= reach; dy++)
      for (let dx = -reach; dx <= reach; dx++) {
        // From the middle of the pixel to that of the dot, which is in the middle of its phase.
        const distance = Math.hypot(dx + 0.5 - (phaseX + 0.5) / PHASES, dy + 0.5 - (phaseY + 0.5) / PHASES);
        const at = (dy + reach) * side + dx + reach;
        mask.inner[at] = part(distance, exact);
        mask.outer[at] = part(distance, exact + this.halo);
      }
    this.masks.set(key, mask);
    return mask;
  }
}

/** So much of the second colour, 0…256; opaque. */
export function mix(a: number, b: number, part: number): number {
  const rest = 256 - part;
  const redBlue = ((a & 0xff00ff) * rest + (b & 0xff00ff) * part) >>> 8;
  const green = ((a & 0xff00) * rest + (b & 0xff00) * part) >>> 8;
  return ((redBlue & 0xff00ff) | (green & 0xff00) | 0xff000000) >>> 0;
}
