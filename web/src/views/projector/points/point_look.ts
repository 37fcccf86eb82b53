/** How points look, wherever they are drawn: sizes in px of the window. */
import type { ChartTheme } from '../../../charts/chart_theme';
import { EMPHASIS, type PointsPicture } from './points_picture';

/** Around every dot, in the ground colour, so that dots on each other are told apart. */
export const HALO = 0.7;
/** Part of the ground that is mixed into the farthest points. */
export const FOG = 0.6;
/** Of the ring of the selected point, and of the frame of sprites. */
export const RING = 2.5;
export const FRAME = 1.5;
/** The longer side of a sprite, and the height of a text, for each px of a dot. */
const SPRITE = 7;
const TEXT = 2.7;
/** Nothing grows more than this. */
export const GROWN = 9;

/** How much larger than others a dot is for standing out, px; `points_shader.ts` does the same. */
export function grownBy(state: number): number {
  return state === EMPHASIS.selected ? GROWN : state === EMPHASIS.lit ? 3.5 : 0;
}

/** Width and height of what stands for a point that does not stand out. */
export function shapeOf({ form, sprites, size }: PointsPicture): { width: number; height: number; round: boolean } {
  if (form !== 'sprites' || !sprites) return { width: size, height: size, round: true };
  const scale = (SPRITE * size) / Math.max(sprites.width, sprites.height);
  return { width: sprites.width * scale, height: sprites.height * scale, round: false };
}

/** Font size of texts that stand for points, px. */
export function textSize({ size }: PointsPicture): number {
  return Math.min(40, Math.max(9, TEXT * size));
}

/** How much of its own colour a point that does not stand out has; the rest is ground. */
export function strengthOf(state: number, opacity: number, theme: ChartTheme): number {
  return state === EMPHASIS.dimmed ? theme.dimOpacity * opacity : state === EMPHASIS.plain ? opacity : 1;
}
