/** The camera of a bookmark as TensorBoard has it, and as we have it. Pure. */
import { numberOf, numbersOf, type Fields } from './bookmark_fields';
import type { Bookmark } from './bookmarks';

/** Where TensorBoard's camera stands at first, from the middle of a cube of 2 (scatterPlot.ts); in 2-D above it. */
const START_DISTANCE = Math.hypot(0.45, 0.9, 1.6);
const START_HEIGHT = 4;

/** The middle of what is drawn, and half of its longest side: TensorBoard fits them into a cube from -1 to 1. */
function boxOf(
  drawn: readonly number[],
  positions: Bookmark['positions'],
): { centre: [number, number, number]; half: number } {
  const centre: [number, number, number] = [0, 0, 0];
  let half = 0;
  if (positions) {
    const { columns, values } = positions;
    drawn.forEach((column, axis) => {
      let [least, most] = [Infinity, -Infinity];
      for (let at = column; at < values.length; at += columns) {
        const value = values[at] as number;
        if (value < least) least = value;
        if (value > most) most = value;
      }
      if (!(least <= most)) return;
      centre[axis] = (least + most) / 2;
      half = Math.max(half, (most - least) / 2);
    });
  }
  return { centre, half: half || 1 };
}

/**
 * TensorBoard's camera looks from `position` to `target`, y upwards (scatterPlot.ts, `makeCamera3D`: three.js's lookAt, and up is
 * as it is at first), and comes nearer where ours zooms. It has no roll: what is seen here with z upwards is turned there.
 */
export function cameraDefOf({ camera, drawn, positions }: Bookmark): Fields | undefined {
  if (!camera) return undefined;
  const { centre, half } = boxOf(drawn, positions);
  const target = camera.target.map((at, i) => (at - (centre[i] as number)) / half);
  const [x = 0, y = 0, z = 0] = target;
  const { azimuth, elevation, zoom } = camera;
  if (drawn.length === 2) return { orthographic: true, target, position: [x, y, z + START_HEIGHT], zoom };
  const distance = START_DISTANCE / zoom;
  const across = distance * Math.cos(elevation);
  const position = [x + across * Math.cos(azimuth), y + across * Math.sin(azimuth), z + distance * Math.sin(elevation)];
  return { orthographic: false, target, position, zoom: 1 };
}

/** Of TensorBoard's, `cameraDef`; undefined = it has none that can be used. */
export function cameraOf(
  def: Fields | undefined,
  drawn: readonly number[],
  positions: Bookmark['positions'],
): Bookmark['camera'] {
  const [target, position] = [numbersOf(def?.['target']), numbersOf(def?.['position'])];
  if (target?.length !== 3 || position?.length !== 3) return undefined;
  const { centre, half } = boxOf(drawn, positions);
  const ours = centre.map((at, i) => at + (target[i] as number) * half) as [number, number, number];
  const theirZoom = numberOf(def?.['zoom']) ?? 1;
  if (!(theirZoom > 0)) return undefined;
  if (drawn.length === 2) return { target: ours, azimuth: 0, elevation: 0, zoom: theirZoom };
  const [x = 0, y = 0, z = 0] = position.map((at, i) => at - (target[i] as number));
  const distance = Math.hypot(x, y, z);
  if (distance === 0) return undefined;
  const zoom = (theirZoom * START_DISTANCE) / distance;
  const [azimuth, elevation] = [Math.atan2(y, x), Math.asin(z / distance)];
  return { target: ours, azimuth, elevation, roll: rollOf(azimuth, elevation), zoom };
}

/**
 * How far a camera is turned about its line of sight so that y is upwards. Along y, where nothing is upwards, three.js looks
 * past it by a little z (Matrix4.lookAt).
 */
function rollOf(azimuth: number, elevation: number): number {
  const [across, up] = [Math.cos(azimuth), -Math.sin(elevation) * Math.sin(azimuth)];
  if (Math.hypot(across, up) > 1e-6) return Math.atan2(-across, up);
  return Math.sin(azimuth) > 0 ? Math.PI : 0;
}

/** Ours, as a file of ours has it. */
export function ownCamera(own: Fields | undefined): Bookmark['camera'] {
  const target = numbersOf(own?.['target']);
  const [azimuth, elevation, zoom] = ['azimuth', 'elevation', 'zoom'].map((key) => numberOf(own?.[key]));
  if (target?.length !== 3 || azimuth === undefined || elevation === undefined || zoom === undefined || zoom <= 0)
    return undefined;
  const roll = numberOf(own?.['roll']);
  return { target: target as [number, number, number], azimuth, elevation, ...(roll ? { roll } : {}), zoom };
}
