import { batch, signal, untracked } from '@preact/signals-core';
import type { Box } from '../../engine/graphs/graphs';
import type { GraphCamera } from '../../model/state';
import { bringIn, firstLook, fitArea, free, keep, panBy, resolve, seenOf, toDrawing, zoomAt, type Camera, type Covered, type Rect, type Size } from './camera'; // prettier-ignore
import { inSameStep } from '../../model/same_step';
import type { GraphDesk } from './graph_desk';
import { anchorAfter } from './morph';
import type { SceneIndex } from './scene_index';

/** How much nearer a press of a button, or a turn of the wheel, comes. */
export const ZOOM_STEP = 1.25;
/** A gesture has ended when nothing comes for so long, ms. */
const REST_MS = 160;

/** Where a drawing is seen from, in a window that is partly covered; what is kept in the state follows when a gesture rests. */
export class DrawingCamera {
  readonly now = signal<Camera>({ x: 0, y: 0, zoom: 1 });
  readonly view = signal<Size>({ width: 0, height: 0 });
  /** Where it would be seen from if the box that was opened had room there. */
  openedFrom: Camera | undefined;
  /** Path of the box that stays where it is seen when others open or close. */
  anchor = '';

  /** Pixels of its right that the selected node lies over. */
  private readonly coveredWidth = signal(0);
  private restTimer = 0;
  private keptByUs: unknown;
  /** The graph of which all is to be seen, however small: someone asked for it. */
  private fitted: number | undefined;

  /** @param index what is drawn */
  constructor(
    private readonly host: HTMLElement & { readonly desk: GraphDesk },
    private readonly index: () => SceneIndex | undefined,
  ) {}

  /** The window, and how much of it is beside what lies over it. */
  resize(view: Size, hostWidth: number): void {
    batch(() => {
      this.coveredWidth.value = Math.max(0, view.width - hostWidth);
      const { width, height } = this.view.value;
      if (view.width !== width || view.height !== height) this.view.value = view;
    });
  }

  stop(): void {
    clearTimeout(this.restTimer);
  }

  // ---- what is kept

  /** Follows what is kept where that was set by someone else: a link, undo, a search, a resized window. In an effect. */
  follow(): void {
    const { context, drawn } = this.host.desk;
    const kept = context.state.graphCamera.value;
    const { width } = this.view.value;
    untracked(() => {
      if (width === 0 || (kept !== undefined && kept === this.keptByUs)) return;
      // A gesture that rests is over.
      this.stop();
      // Boxes that are on their way bring the camera with them.
      if (drawn.scene.busy.value && this.index()) return;
      this.lookFromKept(undefined);
    });
  }

  /** @param before what was drawn before, if something else is drawn now */
  lookFromKept(before: SceneIndex | undefined): void {
    const index = this.index();
    const { context, opened } = this.host.desk;
    const { graphCamera } = context.state;
    if (!index || this.view.value.width === 0) return;
    let kept = graphCamera.value;
    this.anchor = kept?.path ?? '';
    if (kept && !index.byPath.has(kept.path) && !Number.isNaN(kept.x)) {
      const path = anchorAfter(before, index, kept.path);
      if (path !== kept.path) this.keepAlso((kept = { ...kept, path }));
    }
    const [view, covered] = [this.view.value, this.covered()];
    this.openedFrom = undefined;
    if (!kept && this.fitted !== opened.facts.value?.graph) {
      this.now.value = firstLook(index, view, covered);
      return;
    }
    const camera = resolve(kept, index, view, covered);
    const box = kept && before ? openedBox(before, index, kept.path) : undefined;
    this.now.value = box ? bringIn(camera, box, view, covered) : camera;
    if (!box || this.now.value === camera) return;
    this.openedFrom = camera;
    this.keepAlso(keep(this.now.value, index, box.path));
  }

  /** What is kept now follows from what was opened. */
  private keepAlso(kept: GraphCamera): void {
    this.anchor = kept.path;
    // Known as ours only when it is set: another may be set before it.
    inSameStep(() => (this.keptByUs = this.host.desk.context.state.graphCamera.value = kept));
  }

  private keep(): void {
    const index = this.index();
    if (index) this.keptByUs = this.host.desk.context.state.graphCamera.value = keep(this.now.value, index);
  }

  // ---- what is done

  move(camera: Camera): void {
    this.now.value = camera;
    this.stop();
    this.restTimer = window.setTimeout(() => this.keep(), REST_MS);
  }

  pan(dx: number, dy: number): void {
    this.move(panBy(this.now.value, dx, dy));
  }

  /** Zooms; what is at a place of the window stays there: by default what is in the middle. */
  zoom(factor: number, at?: { x: number; y: number }): void {
    const { width, height } = free(this.view.value, this.covered());
    const { x, y } = at ?? { x: width / 2, y: height / 2 };
    this.move(zoomAt(this.now.value, this.view.value, x, y, factor));
  }

  /** Shows all of it, however small. */
  fit(): void {
    this.stop();
    const { context, opened } = this.host.desk;
    const index = this.index();
    this.fitted = opened.facts.value?.graph;
    context.state.graphCamera.value = undefined;
    if (index) this.now.value = resolve(undefined, index, this.view.value, this.covered());
  }

  /** Shows all of some boxes, as large as they can be. */
  zoomTo(paths: readonly string[]): void {
    const index = this.index();
    const boxes = paths.flatMap((path) => index?.scene.boxes[index.byPath.get(path) ?? -1] ?? []);
    if (boxes.length === 0) return;
    let [x, y, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
    for (const box of boxes) {
      [x, y] = [Math.min(x, box.x), Math.min(y, box.y)];
      [right, bottom] = [Math.max(right, box.x + box.width), Math.max(bottom, box.y + box.height)];
    }
    const [width, height] = [right - x, bottom - y];
    this.move(fitArea({ x, y, width, height }, this.view.value, this.covered()));
  }

  // ---- what is seen

  /** What lies over the drawing: the selected node, at its right or, on narrow screens, at its bottom. */
  private covered(): Covered {
    const { height } = this.view.value;
    const isNarrow = matchMedia('(max-width: 900px)').matches;
    // Embeds tell nothing of nodes.
    const isSheet = isNarrow && this.host.desk.selection.isSelected.value && this.host.closest('tp-pane') === null;
    return { right: this.coveredWidth.value, bottom: isSheet ? height / 2 : 0 };
  }

  /** Pixels of the window that nothing lies over. */
  free(): Size {
    return free(this.view.value, this.covered());
  }

  /** The part of the drawing that nothing lies over. */
  seen(): Rect {
    const { zoom } = this.now.value;
    const { right, bottom } = this.covered();
    const seen = seenOf(this.now.value, this.view.value);
    return { ...seen, width: seen.width - right / zoom, height: seen.height - bottom / zoom };
  }

  /** From the window to the drawing. */
  toDrawing({ x, y }: { x: number; y: number }): [x: number, y: number] {
    return toDrawing(this.now.value, this.view.value, x, y);
  }
}

/** The box of a path, if it was closed before. */
function openedBox(before: SceneIndex, after: SceneIndex, path: string): Box | undefined {
  const box = after.scene.boxes[after.byPath.get(path) ?? -1];
  return box?.open && before.scene.boxes[before.byPath.get(path) ?? -1]?.open !== true ? box : undefined;
}
