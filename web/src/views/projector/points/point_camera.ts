/** Where points are seen from: the way from their places to pixels of the window. Pure. */
import type { PointsCamera } from './points_picture';
import type { Frame, Place } from './point_spread';

export interface Size {
  width: number;
  height: number;
}

/**
 * A camera in a window: all that turns a place into pixels. With v = axes · (place − origin): w = 1 − v.z · tilt, and the
 * pixel is the middle of the window + scale · (v.x, −v.y) / w. The shaders (`points_shader.ts`) do the same.
 */
export interface View extends Size {
  is3d: boolean;
  origin: Place;
  /** Unit vectors: to the right, up, and towards who looks. */
  axes: readonly [Place, Place, Place];
  /** Pixels of a unit where w is 1. */
  scale: number;
  /** 1 / distance of who looks from the origin; 0 = all is seen from afar, nothing is smaller for being behind. */
  tilt: number;
  /** w of the nearest and the farthest of what is fitted: between them points fade into the ground. */
  fog: readonly [number, number];
}

/** Nearer to who looks than this w, nothing is seen. */
export const NEAREST = 0.05;
/** Where 3-D is seen from at first: x to the right, z up, y to the back. */
const AZIMUTH = -Math.PI / 3;
const ELEVATION = Math.PI / 7;
/** Distance of who looks, in radii of what is fitted: some perspective, no fish eye. */
const DISTANCE = 3.5;
/** Part of the window that what is fitted takes. */
const FILLED = 0.88;
/** In 3-D nothing is fitted by going nearer than this: what is in front would fill the window. */
const MAX_FITTED_ZOOM = 2.5;
/** Each brings what is fitted nearer to the middle, and to the edges. */
const FITTING_PASSES = 4;
const MAX_ZOOM = 5000;
/** A drag so long turns halfway round, px. */
const HALF_TURN_PX = 600;

/** In 3-D not the ball is fitted, but what is seen of the points from there. */
export function fitted(frame: Frame, size: Size): PointsCamera {
  const { is3d, centre, corners } = frame;
  let camera: PointsCamera = { target: centre, azimuth: is3d ? AZIMUTH : 0, elevation: is3d ? ELEVATION : 0, zoom: 1 };
  for (let pass = 0; corners.length > 0 && pass < FITTING_PASSES; pass++) {
    const view = viewOf(camera, frame, size);
    const [from, to] = [[Infinity, Infinity], [-Infinity, -Infinity]] as [[number, number], [number, number]]; // prettier-ignore
    const at = new Float64Array(3);
    for (const corner of corners) {
      project(view, ...corner, at);
      for (const axis of [0, 1] as const) {
        from[axis] = Math.min(from[axis], at[axis] as number);
        to[axis] = Math.max(to[axis], at[axis] as number);
      }
    }
    camera = pan(camera, view, (size.width - from[0] - to[0]) / 2, (size.height - from[1] - to[1]) / 2);
    camera = { ...camera, zoom: zoomToFit(camera, frame, size) };
  }
  return camera;
}

/** The most that leaves all corners in the window: `project` solved for the zoom, of which scale and tilt are multiples. */
function zoomToFit(camera: PointsCamera, frame: Frame, size: Size): number {
  const { axes, scale, tilt, origin } = viewOf({ ...camera, zoom: 1 }, frame, size);
  const limits = [size.width, size.height].map((side) => (side / 2) * FILLED) as [number, number];
  let zoom = MAX_FITTED_ZOOM;
  for (const corner of frame.corners) {
    const from = minus(corner, origin);
    const near = tilt * dot(axes[2], from);
    for (const axis of [0, 1] as const) {
      const needed = (scale * Math.abs(dot(axes[axis], from))) / limits[axis] + near;
      if (needed * zoom > 1) zoom = 1 / needed;
    }
  }
  return zoom;
}

export function viewOf(camera: PointsCamera, frame: Frame, size: Size): View {
  const { is3d, half } = frame;
  const { width, height } = size;
  const zoom = clampZoom(camera.zoom, frame);
  const scale = (Math.min(width / half[0], height / half[1]) / 2) * FILLED * zoom;
  const axes = is3d ? turned(camera) : FLAT;
  const tilt = is3d ? zoom / (DISTANCE * half[0]) : 0;
  const middle = dot(axes[2], minus(frame.centre, camera.target));
  const fog: [number, number] = [1 - (middle + half[0]) * tilt, 1 - (middle - half[0]) * tilt];
  return { width, height, is3d, origin: camera.target, axes, scale, tilt, fog };
}

/** Writes x, y (px) and w (how far away; ≤ NEAREST = not seen) of a place. */
export function project(view: View, x: number, y: number, z: number, to: Float64Array | number[]): void {
  const [right, up, near] = view.axes;
  x -= view.origin[0];
  y -= view.origin[1];
  z -= view.origin[2];
  const w = 1 - (near[0] * x + near[1] * y + near[2] * z) * view.tilt;
  const scale = view.scale / w;
  to[0] = view.width / 2 + scale * (right[0] * x + right[1] * y + right[2] * z);
  to[1] = view.height / 2 - scale * (up[0] * x + up[1] * y + up[2] * z);
  to[2] = w;
}

/** How much larger something is drawn for being near: a hint, not the truth, so that nothing covers the window. */
export function nearness(w: number): number {
  return Math.min(1.6, Math.max(0.6, 1 / w));
}

/** Turns what is seen along with a drag: about z, and over. */
export function rotate(camera: PointsCamera, dx: number, dy: number): PointsCamera {
  const turn = Math.PI / HALF_TURN_PX;
  const [s, c] = [Math.sin(camera.roll ?? 0), Math.cos(camera.roll ?? 0)];
  const elevation = Math.min(Math.PI / 2, Math.max(-Math.PI / 2, camera.elevation + (c * dy - s * dx) * turn));
  const azimuth = camera.azimuth - (c * dx + s * dy) * turn;
  return { ...camera, azimuth: azimuth - 2 * Math.PI * Math.round(azimuth / (2 * Math.PI)), elevation };
}

/** Moves what is seen along with a drag. */
export function pan(camera: PointsCamera, view: View, dx: number, dy: number): PointsCamera {
  const [right, up] = view.axes;
  const [x, y] = [-dx / view.scale, dy / view.scale];
  return {
    ...camera,
    target: camera.target.map((at, i) => at + x * (right[i] as number) + y * (up[i] as number)) as unknown as Place,
  };
}

/** Zooms; what is at this pixel, as far away as the target, stays there. */
export function zoomAt(
  camera: PointsCamera,
  view: View,
  frame: Frame,
  x: number,
  y: number,
  factor: number,
): PointsCamera {
  const zoom = clampZoom(camera.zoom * factor, frame);
  const moved = 1 - camera.zoom / zoom;
  return { ...pan(camera, view, (view.width / 2 - x) * moved, (view.height / 2 - y) * moved), zoom };
}

/** Short enough for a link, and exact enough to be the same pixels. */
export function rounded(camera: PointsCamera, frame: Frame): PointsCamera {
  const { target, azimuth, elevation, roll, zoom } = camera;
  const unit = 10 ** Math.floor(Math.log10(Math.min(...frame.half) / zoom) - 3);
  const kept = target.map((at) => Number((Math.round(at / unit) * unit).toPrecision(12))) as unknown as Place;
  const angle = (radians: number): number => Number(radians.toFixed(3));
  const turned = roll ? { roll: angle(roll) } : {};
  return { target: kept, azimuth: angle(azimuth), elevation: angle(elevation), ...turned, zoom: Number(zoom.toPrecision(4)) }; // prettier-ignore
}

/** The farthest point can always be brought into the window. */
function clampZoom(zoom: number, { half, reach }: Frame): number {
  return Math.min(MAX_ZOOM, Math.max(Math.min(0.25, Math.min(...half) / reach / 2), zoom));
}

const FLAT: View['axes'] = [
  [1, 0, 0],
  [0, 1, 0],
  [0, 0, 1],
];

function turned({ azimuth, elevation, roll = 0 }: PointsCamera): View['axes'] {
  const [sa, ca, se, ce] = [Math.sin(azimuth), Math.cos(azimuth), Math.sin(elevation), Math.cos(elevation)];
  const [sr, cr] = [Math.sin(roll), Math.cos(roll)];
  const right: Place = [-sa, ca, 0];
  const up: Place = [-se * ca, -se * sa, ce];
  const mixed = (a: number, b: number): Place =>
    right.map((at, i) => a * at + b * (up[i] as number)) as unknown as Place;
  return [mixed(cr, sr), mixed(-sr, cr), [ce * ca, ce * sa, se]];
}

function minus(a: Place, b: Place): Place {
  return [a[0] - b[0], a[1] - b[1], a[2] - b[2]];
}

function dot(a: Place, b: Place): number {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}
