import type { Camera, Size } from './camera';
import type { Label } from './geometry';
import type { GraphTheme, Marks } from './look';
import type { SceneIndex } from './scene_index';

/** All that is drawn, but for where it is seen from. */
export interface Picture {
  index: SceneIndex;
  labels: readonly Label[];
  theme: GraphTheme;
}

/** Whether a label is of what is kept as it is, where other things are drawn weaker. */
export function isKept({ piece, box }: Label, { kept }: Marks): boolean {
  return !kept || kept.pieces[piece] === 1 || kept.boxes[box] === 1;
}

/** A way to draw: both draw the same. */
export interface Painter {
  readonly element: HTMLElement | SVGElement;
  /** Draws something else, or the same in other colours. */
  show(picture: Picture): void;
  look(camera: Camera, view: Size): void;
  mark(marks: Marks): void;
  /**
   * Draws a moment on the way to what is shown: x, y, width, height of each box, and how much of what is new is seen
   * yet, 0 to 1; undefined = it has arrived.
   */
  morph(moment: { rects: Float64Array; was: Uint8Array; seen: number } | undefined): void;
}
