/** How points look, wherever they are drawn: sizes in px of the window. */
import type { ChartTheme } from '../../../charts/chart_theme';
import type { View } from './point_camera';
import type { PointCloud } from './point_cloud';
import { EMPHASIS, NO_CELL, type PointsPicture } from './points_picture';

/** Around every dot, in the ground colour, so that dots on each other are told apart. */
export const HALO = 0.7;
/** Part of the ground that is mixed into the farthest points. */
export const FOG = 0.4;
/** Of the ring of ink around a selected point, which keeps its colour, and of the frame of sprites. */
export const RING = 2.5;
export const FRAME = 1.5;
/** Of the lines of sequences; how much of their colour they have, the rest is ground. */
export const LINE_WIDTH = 1.8;
export const LINE_SHARE = { plain: 0.75, dimmed: 0.3 } as const;
/** The longer side of a sprite, and the height of a text, for each px of a dot. */
const SPRITE = 7;
const TEXT = 2.7;
/** Nothing grows more than this. */
export const GROWN = 9;

/** How much larger than others a dot is for standing out, px; `points_shader.ts` does the same. */
export function grownBy(state: number): number {
  return state === EMPHASIS.selected ? GROWN : state === EMPHASIS.lit ? 3.5 : 0;
}

/** How wide the frame of a sprite is, px; `points_shader.ts` does the same. Beyond FRAME it is the ring, if one is selected. */
export function framedBy(state: number): number {
  return FRAME + (state === EMPHASIS.selected ? RING : state === EMPHASIS.lit ? 1 : 0);
}

export interface Shape {
  width: number;
  height: number;
  round: boolean;
}

/** What stands for a point that does not stand out; of sprites, that of those that have one. */
export function shapeOf({ form, sprites, size }: PointsPicture): Shape {
  if (form !== 'sprites' || !sprites) return { width: size, height: size, round: true };
  const scale = (SPRITE * size) / Math.max(sprites.width, sprites.height);
  return { width: sprites.width * scale, height: sprites.height * scale, round: false };
}

/** The same of one point: without a thumbnail it is a dot. */
export function shapeOfPoint(picture: PointsPicture, point: number): Shape {
  const isDot = picture.sprites?.cells[point] === NO_CELL;
  return shapeOf(isDot ? { ...picture, form: 'dots' } : picture);
}

/** Font size of texts that stand for points, px. */
export function textSize({ size }: PointsPicture): number {
  return Math.min(40, Math.max(9, TEXT * size));
}

/** Width of the soft spot that a point is for density, px; as high as 1 at its middle, exp(-4.5) at its edge. */
export function spotSize({ size }: PointsPicture): number {
  return Math.max(8, 3 * size);
}

/** So many points on each other are the end of the ramp: some thirty times the mean of what is fitted. */
export function densest(picture: PointsPicture, cloud: PointCloud, { scale }: View): number {
  const [across, down] = cloud.frameNow().half.map((half) => 2 * half * scale) as [number, number];
  const spot = (Math.PI / 4.5 / 4) * spotSize(picture) ** 2;
  return Math.max(8, (30 * cloud.shown * spot) / (across * down));
}

/** Where on the ramp a count is, 0…1; `points_shader.ts` does the same. */
export function densityShare(count: number, most: number): number {
  return count < 1 ? 0.25 * count : 0.25 + 0.75 * Math.min(1, Math.log(count) / Math.log(most));
}

/** How far a point has gone into the fog, 0…1. */
export function farness(w: number, { fog, is3d }: View): number {
  return is3d ? Math.min(1, Math.max(0, (w - fog[0]) / (fog[1] - fog[0]))) : 0;
}

/** How much of its own colour a dimmed point has: more than a line, being smaller. */
export function dimmed({ dimOpacity }: ChartTheme): number {
  return 1.6 * dimOpacity;
}

/** How much of its own colour a point that does not stand out has; the rest is ground. */
export function strengthOf(state: number, opacity: number, theme: ChartTheme): number {
  return state === EMPHASIS.dimmed ? dimmed(theme) : state === EMPHASIS.plain ? opacity : 1;
}
