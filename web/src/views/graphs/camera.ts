/** Where a drawing is seen from: the way between its pixels and those of the window. Pure. */
import { GRAPH_ZOOMS, type GraphCamera } from '../../model/state';
import { parentOf } from '../../model/graph_paths';
import type { SceneIndex } from './scene_index';

export interface Size {
  width: number;
  height: number;
}

export interface Rect extends Size {
  /** Top left. */
  x: number;
  y: number;
}

/** What of the drawing is in the middle of the window, and pixels of the window for each of the drawing. */
export interface Camera {
  x: number;
  y: number;
  zoom: number;
}

/** Around a drawing that is fitted, px of the window. */
const MARGIN = 20;
/** Small drawings are not blown up to fit. */
const MAX_FIT = 1.25;
/** Windows of phones are no wider, px (shell.css). */
const PHONE = 640;
/** At this zoom and beyond words are readable: those of 12 px (look.ts) have 7. */
const READABLE = 0.6;
/** The same on a phone: they have 9 px. */
const READABLE_ON_PHONE = 0.75;

export function clampZoom(zoom: number): number {
  return Math.min(GRAPH_ZOOMS[1], Math.max(GRAPH_ZOOMS[0], zoom));
}

/** Shows all of a rectangle, however large it is. */
export function fit({ x, y, width, height }: Rect, view: Size, most = MAX_FIT): Camera {
  const across = Math.max(1, view.width - 2 * MARGIN) / Math.max(1, width);
  const down = Math.max(1, view.height - 2 * MARGIN) / Math.max(1, height);
  return { x: x + width / 2, y: y + height / 2, zoom: Math.min(across, down, most) };
}

/** From the window to the drawing. */
export function toDrawing(camera: Camera, view: Size, x: number, y: number): [x: number, y: number] {
  return [camera.x + (x - view.width / 2) / camera.zoom, camera.y + (y - view.height / 2) / camera.zoom];
}

/** From the drawing to the window. */
export function toWindow(camera: Camera, view: Size, x: number, y: number): [x: number, y: number] {
  return [(x - camera.x) * camera.zoom + view.width / 2, (y - camera.y) * camera.zoom + view.height / 2];
}

/** Zooms; what is at a place of the window stays there. */
export function zoomAt(camera: Camera, view: Size, x: number, y: number, factor: number): Camera {
  // What was fitted may be smaller than what is zoomed to.
  const zoom = factor < 1 ? Math.min(camera.zoom, clampZoom(camera.zoom * factor)) : clampZoom(camera.zoom * factor);
  const [atX, atY] = toDrawing(camera, view, x, y);
  return { x: atX - (x - view.width / 2) / zoom, y: atY - (y - view.height / 2) / zoom, zoom };
}

export function panBy(camera: Camera, dx: number, dy: number): Camera {
  return { ...camera, x: camera.x - dx / camera.zoom, y: camera.y - dy / camera.zoom };
}

/** The part of the drawing that is seen. */
export function seenOf(camera: Camera, view: Size): Rect {
  const [width, height] = [view.width / camera.zoom, view.height / camera.zoom];
  return { x: camera.x - width / 2, y: camera.y - height / 2, width, height };
}

/** The whole drawing within a map of this size: where its corner is, and how much smaller it is. */
export function mapOf(drawing: Size, map: Size): Camera {
  const zoom = Math.min(map.width / Math.max(1, drawing.width), map.height / Math.max(1, drawing.height));
  return { x: drawing.width / 2, y: drawing.height / 2, zoom };
}

/** Index of the box of a path or, where that is not drawn by itself, of the one that holds it; -1 = none does. */
export function boxOf(index: SceneIndex, path: string): number {
  for (let at = path; at !== ''; at = parentOf(at)) {
    const box = index.byPath.get(at) ?? index.stackOf(at);
    if (box !== undefined) return box;
  }
  return -1;
}

/** What of a window is covered by something else, px: at its right, at its bottom. */
export interface Covered {
  right: number;
  bottom: number;
}

const NOTHING: Covered = { right: 0, bottom: 0 };

/** A camera for what is not covered, as one for the whole window. */
function beside({ x, y, zoom }: Camera, { right, bottom }: Covered): Camera {
  return { x: x + right / 2 / zoom, y: y + bottom / 2 / zoom, zoom };
}

/** What is not covered of a window. */
export function free({ width, height }: Size, { right, bottom }: Covered): Size {
  return { width: width - right, height: height - bottom };
}

/** Shows all of an area that was marked, as large as it can be, in what is not covered. */
export function fitArea(area: Rect, whole: Size, covered: Covered): Camera {
  return beside(fit(area, free(whole, covered), GRAPH_ZOOMS[1]), covered);
}

/**
 * Where a drawing is seen from at first: all of it or, where nobody could read that, where its longest way begins, with as
 * much as there is room for.
 */
export function firstLook(index: SceneIndex, whole: Size, covered: Covered = NOTHING): Camera {
  const all = resolve(undefined, index, whole, covered);
  const zoom = whole.width <= PHONE ? READABLE_ON_PHONE : READABLE;
  const box = index.scene.boxes[index.first()];
  if (all.zoom >= zoom || !box) return all;
  const view = free(whole, covered);
  const { width } = index.scene;
  // Not beyond its edges, as long as there is more to be seen.
  const beyond = (view.width / 2 - MARGIN) / zoom;
  const x = width <= 2 * beyond ? width / 2 : Math.min(width - beyond, Math.max(beyond, box.x + box.width / 2));
  return bringIn(beside({ x, y: (view.height / 2 - MARGIN) / zoom, zoom }, covered), box, whole, covered);
}

/** Pans as little as brings a box into what is not covered; of a larger one, its head and as much as there is room for. */
export function bringIn(camera: Camera, { x, y, width, height }: Rect, whole: Size, covered: Covered): Camera {
  const view = free(whole, covered);
  const [left, top] = toWindow(camera, whole, x, y);
  const dx = shiftInto(left, width * camera.zoom, view.width);
  const dy = shiftInto(top, height * camera.zoom, view.height);
  return dx === 0 && dy === 0 ? camera : panBy(camera, dx, dy);
}

function shiftInto(start: number, length: number, room: number): number {
  if (start >= 0 && start + length <= room) return 0;
  if (start < 0 || length > room - 2 * MARGIN) return MARGIN - start;
  return room - MARGIN - start - length;
}

/** Which part of a drawing is within a rectangle, 0 to 1. */
export function partSeen({ x, y, width, height }: Rect, drawing: Size): number {
  const part = (from: number, length: number, all: number): number =>
    Math.max(0, Math.min(all, from + length) - Math.max(0, from)) / Math.max(1, all);
  return part(x, width, drawing.width) * part(y, height, drawing.height);
}

/** Where a kept camera looks in this drawing, if its box, or one around it, is there. */
export function resolve(
  kept: GraphCamera | undefined,
  index: SceneIndex,
  whole: Size,
  covered: Covered = NOTHING,
): Camera {
  const view = free(whole, covered);
  const all = (): Camera =>
    beside(fit({ x: 0, y: 0, width: index.scene.width, height: index.scene.height }, view), covered);
  if (!kept) return all();
  const zoom = clampZoom(kept.zoom);
  if (kept.path === '') return Number.isNaN(kept.x) ? all() : { x: -kept.x, y: -kept.y, zoom };
  const box = index.scene.boxes[boxOf(index, kept.path)];
  if (!box) return all();
  if (Number.isNaN(kept.x) || box.path !== kept.path) {
    // Of a box that is larger than the window, the head is what tells it.
    const room = (view.height / zoom) * 0.8;
    return beside({ x: box.x + box.width / 2, y: box.y + Math.min(box.height, room) / 2, zoom }, covered);
  }
  return { x: box.x - kept.x, y: box.y - kept.y, zoom };
}

/** A camera as it is kept: by the box that is nearest to the middle of the window, or by one that is named. */
export function keep(camera: Camera, index: SceneIndex, path?: string): GraphCamera {
  const named = path === undefined ? undefined : index.byPath.get(path);
  const box = index.scene.boxes[named ?? nearest(index, camera)];
  const zoom = Number(clampZoom(camera.zoom).toPrecision(3));
  const { path: to, x, y } = box ?? { path: '', x: 0, y: 0 };
  return { path: to, x: tenth(x - camera.x), y: tenth(y - camera.y), zoom };
}

/** Exact enough to be the same pixel, and short. */
function tenth(pixels: number): number {
  return Math.round(10 * pixels) / 10;
}

/** A box in the middle of the window, at a zoom at which it can be read. */
export function centred(path: string, zoom: number): GraphCamera {
  return { path, x: NaN, y: NaN, zoom: Number(Math.max(READABLE, zoom).toPrecision(3)) };
}

function nearest({ scene }: SceneIndex, { x, y }: Camera): number {
  let [found, least] = [-1, Infinity];
  scene.boxes.forEach((box, i) => {
    if (box.open) return;
    const dx = Math.max(box.x - x, 0, x - box.x - box.width);
    const dy = Math.max(box.y - y, 0, y - box.y - box.height);
    const distance = dx * dx + dy * dy;
    if (distance < least) [found, least] = [i, distance];
  });
  return found;
}
