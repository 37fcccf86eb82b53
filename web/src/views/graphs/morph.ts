/** The way from one drawing to the next, by path: what both have moves, what is new comes out of what it was in. Pure. */
import type { Box } from '../../engine/graphs/graphs';
import { parentOf } from '../../model/graph_paths';
import { boxOf, type Camera } from './camera';
import type { SceneIndex } from './scene_index';

/** How long it takes, ms. */
export const MORPH_MS = 150;

export interface Morph {
  /** x, y, width, height of each box before; as many as the next scene has. */
  from: Float64Array;
  /** 1 = the box was there before. */
  was: Uint8Array;
}

export function morphOf(before: SceneIndex, after: SceneIndex): Morph {
  const { boxes } = after.scene;
  const from = new Float64Array(4 * boxes.length);
  const was = new Uint8Array(boxes.length);
  for (const i of after.order) {
    const box = boxes[i] as Box;
    const known = before.byPath.get(box.path);
    const old = before.scene.boxes[known ?? -1];
    if (old) {
      was[i] = 1;
      from.set([old.x, old.y, old.width, old.height], 4 * i);
      continue;
    }
    // Within the box around as it was: where it will be there.
    const parent = boxes[box.parent];
    const shiftX = parent ? (from[4 * box.parent] as number) - parent.x : 0;
    const shiftY = parent ? (from[4 * box.parent + 1] as number) - parent.y : 0;
    from.set([box.x + shiftX, box.y + shiftY, box.width, box.height], 4 * i);
  }
  return { from, was };
}

/** Fast at first, then slower. */
export function eased(part: number): number {
  return 1 - (1 - Math.min(1, Math.max(0, part))) ** 3;
}

/** x, y, width, height of each box after a part of the way. */
export function between({ from }: Morph, after: SceneIndex, part: number): Float64Array {
  const rects = new Float64Array(from.length);
  after.scene.boxes.forEach(({ x, y, width, height }, i) => {
    [x, y, width, height].forEach((to, k) => {
      const at = 4 * i + k;
      rects[at] = (from[at] as number) + (to - (from[at] as number)) * part;
    });
  });
  return rects;
}

/** A camera between two of one zoom. */
export function onWay(from: Camera, to: Camera, part: number): Camera {
  return { ...to, x: from.x + (to.x - from.x) * part, y: from.y + (to.y - from.y) * part };
}

/** The camera on the way for which the box of a path stays where it is in the end. */
export function follow(end: Camera, after: SceneIndex, rects: Float64Array, path: string): Camera {
  const i = boxOf(after, path);
  const box = after.scene.boxes[i];
  if (!box) return end;
  return { ...end, x: end.x + (rects[4 * i] as number) - box.x, y: end.y + (rects[4 * i + 1] as number) - box.y };
}

/** What stays where it is when boxes open or close: the box itself or, of a stack that was, its first member. */
export function anchorAfter(before: SceneIndex | undefined, after: SceneIndex, path: string): string {
  if (after.byPath.has(path)) return path;
  const around = parentOf(path);
  const fresh = after.scene.boxes.find((box) => parentOf(box.path) === around && !before?.byPath.has(box.path));
  return fresh?.path ?? path;
}
