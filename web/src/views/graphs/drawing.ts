import { batch, effect, signal, untracked } from '@preact/signals-core';
import { html, nothing, svg } from 'lit';
import { guard } from 'lit/directives/guard.js';
import type { Box } from '../../engine/graphs/graphs';
import { formatExact, plural } from '../../model/format';
import { readable } from '../../model/graph_paths';
import { icon } from '../../ui/icons';
import { counted } from '../../ui/pending';
import { WatchElement } from '../../ui/watch';
import { boxOf, bringIn, centred, firstLook, fitArea, free, keep, mapOf, panBy, partSeen, resolve, seenOf, toDrawing, zoomAt, type Camera, type Covered, type Rect, type Size } from './camera'; // prettier-ignore
import { labelsOf, spread } from './geometry';
import type { GraphDesk } from './graph_desk';
import { valueOf } from './graph_text';
import { graphTheme } from './graph_theme';
import { NO_MARKS, type Marks } from './look';
import { anchorAfter, between, eased, follow, MORPH_MS, morphOf, onWay } from './morph';
import type { Painter, Picture } from './painter';
import type { Lit, SceneIndex } from './scene_index';
import { SvgPainter, svgText } from './svg_painter';

/** Boxes and edges that SVG elements are made for: beyond, making them keeps the page for more than 50 ms (docs/benchmarks.md). */
const MAX_ELEMENTS = 450;
/** A press that moves no farther is a click, px. */
const CLICK_PX = 4;
const ZOOM_STEP = 1.25;
/** Pixels that a press of an arrow pans by. */
const PAN_PX = 60;
/** A gesture has ended when nothing comes for so long, ms. */
const REST_MS = 160;
/** Boxes that move: more of them change at once. */
const MAX_MORPH = 1500;
/** More boxes are a blur: every so many of them are enough. */
const MAX_MAPPED = 600;
/** Nobody needs a map of what is seen; TensorBoard has one at the same part. */
const MAX_UNMAPPED = 0.8;
const MAP: Size = { width: 120, height: 104 };

/** The drawing of a graph, and every gesture on it. */
export class GraphDrawing extends WatchElement {
  static override properties = { desk: { attribute: false } };
  declare desk: GraphDesk;

  private readonly view = signal<Size>({ width: 0, height: 0 });
  private readonly hovered = signal(-1);
  /** Where it is seen from; what is kept in the state follows when a gesture rests. */
  private readonly camera = signal<Camera>({ x: 0, y: 0, zoom: 1 });
  private readonly picture = signal<Picture | undefined>(undefined);
  /** The area that is being selected, px of the window. */
  private readonly area = signal<Rect | undefined>(undefined);
  private readonly svg = new SvgPainter();
  /** Its code comes with the first scene that it is needed for. */
  private canvas: Painter | undefined;
  private painter: Painter = this.svg;
  private readonly pointers = new Map<number, { x: number; y: number }>();
  private press: { x: number; y: number; moved: boolean; shift: boolean; camera: Camera } | undefined;
  private restTimer = 0;
  private frame = 0;
  private stops: (() => void)[] = [];
  /** Pixels of its right that the selected node lies over. */
  private readonly coveredWidth = signal(0);
  private readonly resizes = new ResizeObserver(() => {
    const { clientWidth: width = 0, clientHeight: height = 0 } = this.querySelector('.graph-canvas') ?? {};
    batch(() => {
      this.coveredWidth.value = Math.max(0, width - this.clientWidth);
      const { width: before, height: beforeHeight } = this.view.value;
      if (width !== before || height !== beforeHeight) this.view.value = { width, height };
    });
  });

  override connectedCallback(): void {
    super.connectedCallback();
    this.classList.add('graph-drawing');
    this.addEventListener('wheel', this.onWheel, { passive: false });
    this.stops = [
      effect(() => this.onScene(this.desk.drawn.scene.value.value)),
      effect(() => this.repaint()),
      effect(() => this.onKept()),
      effect(() => {
        const camera = this.camera.value;
        this.desk.drawn.camera = camera;
        this.painter.look(camera, this.view.value);
      }),
      effect(() => this.painter.mark(this.marks())),
    ];
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.removeEventListener('wheel', this.onWheel);
    for (const stop of this.stops) stop();
    this.resizes.disconnect();
    cancelAnimationFrame(this.frame);
    clearTimeout(this.restTimer);
  }

  protected override firstUpdated(): void {
    const canvas = this.querySelector('.graph-canvas');
    if (canvas) this.resizes.observe(canvas);
    this.resizes.observe(this);
  }

  // ---- what is drawn

  private shownLast: SceneIndex | undefined;
  /** The graph of which all is to be seen, however small: someone asked for it. */
  private fitted: number | undefined;
  private onScene(index: SceneIndex | undefined): void {
    untracked(() => {
      cancelAnimationFrame(this.frame);
      this.hovered.value = -1;
      if (!index) {
        this.shownLast = undefined;
        this.picture.value = undefined;
        return;
      }
      const { scene } = index;
      const isSmall = scene.boxes.length + scene.pieces.length <= MAX_ELEMENTS;
      const painter = isSmall ? this.svg : this.canvas;
      if (!painter) {
        void counted(this.bringCanvas());
        return;
      }
      const before = this.shownLast;
      this.shownLast = index;
      this.painter = painter;
      batch(() => {
        const labels = labelsOf(scene, (box) => valueOf(box, index.colour, scene));
        this.picture.value = { index, labels, theme: graphTheme.value };
        this.lookFromKept(before);
      });
      this.show();
      const isMoving = before && before.scene !== scene && scene.boxes.length <= MAX_MORPH;
      if (isMoving && !matchMedia('(prefers-reduced-motion: reduce)').matches) this.startMorph(before, index);
    });
  }

  private async bringCanvas(): Promise<void> {
    const { CanvasPainter } = await import('./canvas_painter');
    this.canvas ??= new CanvasPainter();
    if (this.isConnected) this.onScene(this.desk.drawn.scene.value.value);
  }

  private repaint(): void {
    const theme = graphTheme.value;
    untracked(() => {
      const picture = this.picture.value;
      if (!picture || picture.theme === theme) return;
      this.picture.value = { ...picture, theme };
      this.show();
    });
  }

  private show(): void {
    const picture = this.picture.value;
    if (!picture) return;
    this.painter.show(picture);
    this.painter.mark(this.marks());
    this.painter.look(this.camera.value, this.view.value);
    const place = this.querySelector('.graph-canvas');
    if (place && this.painter.element.parentElement !== place) place.replaceChildren(this.painter.element);
  }

  private startMorph(before: SceneIndex, after: SceneIndex): void {
    const morph = morphOf(before, after);
    const end = this.camera.value;
    const begin = this.openedFrom ?? end;
    const path = this.desk.context.state.graphCamera.value?.path ?? '';
    const start = performance.now();
    const step = (): void => {
      const part = eased((performance.now() - start) / MORPH_MS);
      if (part >= 1) {
        this.painter.morph(undefined);
        this.painter.look(this.camera.value, this.view.value);
        return;
      }
      const rects = between(morph, after, part);
      this.painter.morph({ rects, was: morph.was, seen: part });
      // Whoever pans meanwhile is followed at once.
      if (this.camera.value === end)
        this.painter.look(follow(onWay(begin, end, part), after, rects, path), this.view.value);
      this.frame = requestAnimationFrame(step);
    };
    step();
  }

  private marks(): Marks {
    const index = this.picture.value?.index;
    if (!index) return NO_MARKS;
    const { state } = this.desk.context;
    const node = state.graphNode.value === '' ? -1 : boxOf(index, state.graphNode.value);
    const selected = new Set([node, ...state.graphArea.value.map((path) => boxOf(index, path))].filter((i) => i >= 0));
    const hovered = this.hovered.value;
    const traced = this.desk.trace.traced.value.value;
    const isOfScene = traced?.boxes.length === index.scene.boxes.length;
    const hot = hovered < 0 && traced && isOfScene ? traced : this.joinedTo(index, hovered >= 0 ? hovered : node);
    return { selected, hovered, hot, kept: traced && isOfScene ? traced : undefined };
  }

  /** What a box is joined to, by its ops: where its edges share ports with others, the drawing does not say it. */
  private readonly joined = signal<{ box: Box; lit: Lit } | undefined>(undefined);
  /** What is waited for, one question at a time: a pointer is fast. */
  private unsure: Box | undefined;
  private isAsking = false;
  private joinedTo(index: SceneIndex, at: number): Lit | undefined {
    const box = index.scene.boxes[at];
    this.unsure = undefined;
    if (!box || box.open) return undefined;
    const near = index.near(at);
    if (near.isAll) return near;
    const { joined } = this;
    if (joined.value?.box === box) return joined.value.lit;
    this.unsure = box;
    if (!this.isAsking) void counted(this.askJoined());
    return near;
  }

  private async askJoined(): Promise<void> {
    this.isAsking = true;
    for (let box = this.unsure; box; box = this.unsure) {
      // Without an answer what is sure stays.
      const lit = await this.desk.trace.joinedTo(box.path).catch(() => undefined);
      if (this.unsure === box) this.unsure = undefined;
      // It is of what the worker drew last, which may be on its way.
      if (lit && lit.boxes.length === this.shownLast?.scene.boxes.length) this.joined.value = { box, lit };
    }
    this.isAsking = false;
  }

  // ---- where it is seen from

  private keptByUs: unknown;
  /** Where it would be seen from if the box that was opened had room there. */
  private openedFrom: Camera | undefined;
  /** What is kept was set by someone else: a link, undo, a search, a resized window. */
  private onKept(): void {
    const kept = this.desk.context.state.graphCamera.value;
    const { width } = this.view.value;
    untracked(() => {
      if (width === 0 || (kept !== undefined && kept === this.keptByUs)) return;
      // A gesture that rests is over.
      clearTimeout(this.restTimer);
      // Boxes that are on their way bring the camera with them.
      if (this.desk.drawn.scene.busy.value && this.picture.value) return;
      this.lookFromKept(undefined);
    });
  }

  private lookFromKept(before: SceneIndex | undefined): void {
    const index = this.picture.value?.index;
    const { state } = this.desk.context;
    if (!index || this.view.value.width === 0) return;
    let kept = state.graphCamera.value;
    if (kept && !index.byPath.has(kept.path) && !Number.isNaN(kept.x)) {
      const path = anchorAfter(before, index, kept.path);
      if (path !== kept.path) state.graphCamera.value = kept = { ...kept, path };
    }
    const [view, covered] = [this.view.value, this.covered()];
    this.openedFrom = undefined;
    if (!kept && this.fitted !== this.desk.opened.facts.value?.graph) {
      this.camera.value = firstLook(index, view, covered);
      return;
    }
    const camera = resolve(kept, index, view, covered);
    const opened = kept && before ? openedBox(before, index, kept.path) : undefined;
    this.camera.value = opened ? bringIn(camera, opened, view, covered) : camera;
    if (!opened || this.camera.value === camera) return;
    this.openedFrom = camera;
    this.keptByUs = state.graphCamera.value = keep(this.camera.value, index, opened.path);
  }

  private move(camera: Camera): void {
    this.camera.value = camera;
    clearTimeout(this.restTimer);
    this.restTimer = window.setTimeout(() => this.keepCamera(), REST_MS);
  }

  private keepCamera(): void {
    const index = this.picture.value?.index;
    if (index) this.keptByUs = this.desk.context.state.graphCamera.value = keep(this.camera.value, index);
  }

  fit(): void {
    clearTimeout(this.restTimer);
    const index = this.picture.value?.index;
    this.fitted = this.desk.opened.facts.value?.graph;
    this.desk.context.state.graphCamera.value = undefined;
    if (index) this.camera.value = resolve(undefined, index, this.view.value, this.covered());
  }

  /** Shows all of some boxes, as large as they can be. */
  zoomTo(paths: readonly string[]): void {
    const index = this.picture.value?.index;
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

  /** What lies over the drawing: the selected node, at its right or, on narrow screens, at its bottom. */
  private covered(): Covered {
    const { height } = this.view.value;
    const isNarrow = matchMedia('(max-width: 900px)').matches;
    // Embeds tell nothing of nodes.
    const isSheet = isNarrow && this.desk.selection.isSelected.value && this.closest('tp-pane') === null;
    return { right: this.coveredWidth.value, bottom: isSheet ? height / 2 : 0 };
  }

  /** The part of the drawing that nothing lies over. */
  private seen(): Rect {
    const { zoom } = this.camera.value;
    const { right, bottom } = this.covered();
    const seen = seenOf(this.camera.value, this.view.value);
    return { ...seen, width: seen.width - right / zoom, height: seen.height - bottom / zoom };
  }

  private zoom(factor: number): void {
    const { width, height } = free(this.view.value, this.covered());
    this.move(zoomAt(this.camera.value, this.view.value, width / 2, height / 2, factor));
  }

  // ---- gestures

  private placeOf(event: MouseEvent): { x: number; y: number } {
    const { left, top } = (this.querySelector('.graph-canvas') as Element).getBoundingClientRect();
    return { x: event.clientX - left, y: event.clientY - top };
  }

  private boxAt({ x, y }: { x: number; y: number }): number {
    const index = this.picture.value?.index;
    return index ? index.at(...toDrawing(this.camera.value, this.view.value, x, y)) : -1;
  }

  private readonly onWheel = (event: WheelEvent): void => {
    if (!(event.target as Element).closest('.graph-canvas')) return;
    const unit = event.deltaMode === 1 ? 16 : event.deltaMode === 2 ? 400 : 1;
    if (event.ctrlKey || event.metaKey) {
      event.preventDefault();
      const { x, y } = this.placeOf(event);
      const steps = Math.max(-2, Math.min(2, (-event.deltaY * unit) / 100));
      this.move(zoomAt(this.camera.value, this.view.value, x, y, ZOOM_STEP ** steps));
    } else if (this.contains(document.activeElement)) {
      event.preventDefault();
      const [dx, dy] = event.shiftKey ? [event.deltaY, event.deltaX] : [event.deltaX, event.deltaY];
      this.move(panBy(this.camera.value, -dx * unit, -dy * unit));
    }
  };

  private onDown(event: PointerEvent): void {
    if (event.button !== 0) return;
    const place = this.placeOf(event);
    this.pointers.set(event.pointerId, place);
    (event.currentTarget as Element).setPointerCapture(event.pointerId);
    this.press = { ...place, moved: this.pointers.size > 1, shift: event.shiftKey, camera: this.camera.value };
  }

  private onMove(event: PointerEvent): void {
    const place = this.placeOf(event);
    const before = this.pointers.get(event.pointerId);
    if (!before || !this.press) {
      if (event.pointerType !== 'touch') this.hovered.value = this.boxAt(place);
      return;
    }
    const others = [...this.pointers].filter(([id]) => id !== event.pointerId).map(([, at]) => at);
    this.pointers.set(event.pointerId, place);
    const { press } = this;
    if (Math.hypot(place.x - press.x, place.y - press.y) > CLICK_PX) press.moved = true;
    if (!press.moved) return;
    this.hovered.value = -1;
    const [other] = others;
    if (other) {
      // Two fingers: what is between them stays between them.
      const [was, is] = [before, place].map((at) => Math.hypot(at.x - other.x, at.y - other.y));
      const [x, y] = [(place.x + other.x) / 2, (place.y + other.y) / 2];
      const panned = panBy(this.camera.value, (place.x - before.x) / 2, (place.y - before.y) / 2);
      this.move(zoomAt(panned, this.view.value, x, y, Math.max(1, is as number) / Math.max(1, was as number)));
    } else if (press.shift) {
      this.area.value = {
        x: Math.min(press.x, place.x),
        y: Math.min(press.y, place.y),
        width: Math.abs(place.x - press.x),
        height: Math.abs(place.y - press.y),
      };
    } else this.move(panBy(this.camera.value, place.x - before.x, place.y - before.y));
  }

  private onUp(event: PointerEvent): void {
    const { press } = this;
    this.pointers.delete(event.pointerId);
    if (!press) return;
    if (this.pointers.size === 0) this.press = undefined;
    const area = this.area.value;
    this.area.value = undefined;
    if (event.type === 'pointercancel') return;
    const index = this.picture.value?.index;
    if (area && index) {
      const [x, y] = toDrawing(this.camera.value, this.view.value, area.x, area.y);
      const { zoom } = this.camera.value;
      const found = index.within({ x, y, width: area.width / zoom, height: area.height / zoom });
      this.desk.selection.selectAll(found.map((i) => (index.scene.boxes[i] as Box).path));
    } else if (!press.moved) this.onClick(this.placeOf(event));
  }

  private onClick(place: { x: number; y: number }): void {
    const box = this.picture.value?.index.scene.boxes[this.boxAt(place)];
    const at = box && toDrawing(this.camera.value, this.view.value, place.x, place.y);
    if (box && at && box.expandable && isOnSign(box, at[0], at[1])) this.toggle(box);
    else this.desk.selection.select(box?.path ?? '');
  }

  private onDouble(event: MouseEvent): void {
    const box = this.picture.value?.index.scene.boxes[this.boxAt(this.placeOf(event))];
    if (!box?.expandable) return;
    const at = toDrawing(this.camera.value, this.view.value, this.placeOf(event).x, this.placeOf(event).y);
    // Both clicks have done it.
    if (!isOnSign(box, at[0], at[1])) this.toggle(box);
  }

  private toggle(box: Box): void {
    this.desk.drawn.toggle(box.path);
    this.desk.context.announce(describe({ ...box, open: !box.open }));
  }

  private onKey(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey) return;
    const index = this.picture.value?.index;
    if (!index) return;
    const { state } = this.desk.context;
    const arrow = ARROWS[event.key];
    const selected = state.graphNode.value === '' ? -1 : boxOf(index, state.graphNode.value);
    const box = index.scene.boxes[selected];
    if (event.altKey) {
      if (event.key === 'ArrowUp') this.goAround(index);
      else if (event.key === 'ArrowDown' && box?.open) this.goTo(index, index.firstIn(selected));
      else return;
    } else if (event.key === '+' || event.key === '=') this.zoom(ZOOM_STEP);
    else if (event.key === '-' || event.key === '_') this.zoom(1 / ZOOM_STEP);
    else if (event.key === '0') this.fit();
    else if (event.key === 'Enter' && box?.expandable) this.toggle(box);
    else if (event.key === 'Escape' && (this.desk.selection.isSelected.value || this.desk.selection.choosing.value))
      this.goAround(index);
    else if (arrow && event.shiftKey) this.move(panBy(this.camera.value, -arrow[0] * PAN_PX, -arrow[1] * PAN_PX));
    else if (arrow) this.goTo(index, index.beside(selected, ...arrow));
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  /** Selects what is around the selected box. */
  private goAround(index: SceneIndex): void {
    this.goTo(index, index.byPath.get(this.desk.selection.selectAround()) ?? -1);
  }

  /** Selects a box, and brings it into view if it is not. */
  private goTo(index: SceneIndex, i: number): void {
    const box = index.scene.boxes[i];
    if (!box) return;
    this.desk.selection.select(box.path);
    this.desk.context.announce(describe(box));
    const seen = this.seen();
    const isSeen = box.x >= seen.x && box.y >= seen.y && box.x + box.width <= seen.x + seen.width && box.y + Math.min(box.height, seen.height) <= seen.y + seen.height; // prettier-ignore
    if (!isSeen) this.desk.context.state.graphCamera.value = centred(box.path, this.camera.value.zoom);
  }

  // ---- what is rendered

  override render() {
    const picture = this.picture.value;
    const area = this.area.value;
    const { state } = this.desk.context;
    const scene = picture?.index.scene;
    const open = this.desk.drawn.open.value.size;
    const label = scene ? `Graph: ${plural(scene.boxes.length, 'box', 'boxes')}, ${formatExact(open)} open` : 'Graph';
    const node = state.graphNode.value;
    return html`<div
        class="graph-canvas"
        role="application"
        aria-roledescription="drawing"
        aria-label="${label}${node === '' ? '' : `. Selected: ${node}`}"
        aria-keyshortcuts="Enter Escape Alt+ArrowUp Alt+ArrowDown + - 0"
        tabindex="0"
        @pointerdown=${(event: PointerEvent) => this.onDown(event)}
        @pointermove=${(event: PointerEvent) => this.onMove(event)}
        @pointerup=${(event: PointerEvent) => this.onUp(event)}
        @pointercancel=${(event: PointerEvent) => this.onUp(event)}
        @pointerleave=${() => (this.hovered.value = -1)}
        @dblclick=${(event: MouseEvent) => this.onDouble(event)}
        @keydown=${(event: KeyboardEvent) => this.onKey(event)}
      ></div>
      ${
        area
          ? html`<div
              class="area"
              .style=${`left: ${area.x}px; top: ${area.y}px; width: ${area.width}px; height: ${area.height}px`}
            ></div>`
          : nothing
      }
      ${this.tip()}
      <div class="zoom">
        <button class="btn ico" aria-label="Zoom in" title="Zoom in  +" @click=${() => this.zoom(ZOOM_STEP)}>
          ${icon('plus')}
        </button>
        <button class="btn ico" aria-label="Zoom out" title="Zoom out  −" @click=${() => this.zoom(1 / ZOOM_STEP)}>
          ${icon('minus')}
        </button>
      </div>
      ${picture ? this.map(picture.index) : nothing}`;
  }

  /** The whole path of what the pointer is on, where the box has no room for it. */
  private tip() {
    const box = this.picture.value?.index.scene.boxes[this.hovered.value];
    if (!box || box.open) return nothing;
    const more = [
      ...(box.constants > 0 ? [plural(box.constants, 'constant')] : []),
      ...(box.summaries > 0 ? [plural(box.summaries, 'summary', 'summaries')] : []),
    ];
    return html`<div class="graph-tip small">
      ${readable(box.path)}${more.length > 0 ? html` <span class="m3">with ${more.join(', ')}</span>` : nothing}
    </div>`;
  }

  private map({ scene }: SceneIndex) {
    const { zoom } = mapOf(scene, MAP);
    const left = (MAP.width - scene.width * zoom) / 2;
    const top = (MAP.height - scene.height * zoom) / 2;
    const seen = this.seen();
    if (partSeen(seen, scene) >= MAX_UNMAPPED) return nothing;
    const mapped = (): Box[] =>
      spread(
        scene.boxes.filter((box) => box.parent < 0 || box.open),
        MAX_MAPPED,
      );
    const rect = (box: { x: number; y: number; width: number; height: number }): Size & { x: number; y: number } => {
      return {
        x: left + box.x * zoom,
        y: top + box.y * zoom,
        width: Math.max(1, box.width * zoom),
        height: Math.max(1, box.height * zoom),
      };
    };
    const frame = clipped(rect(seen), MAP);
    const go = (event: PointerEvent): void => {
      if (event.type === 'pointermove' && event.buttons === 0) return;
      const { left: x, top: y } = (event.currentTarget as Element).getBoundingClientRect();
      const to = { x: (event.clientX - x - 6 - left) / zoom, y: (event.clientY - y - 6 - top) / zoom };
      (event.currentTarget as Element).setPointerCapture(event.pointerId);
      this.move({ ...this.camera.value, ...to });
    };
    return html`<div class="map" aria-hidden="true" @pointerdown=${go} @pointermove=${go}>
      <svg viewBox="0 0 ${MAP.width} ${MAP.height}">
        ${guard([scene], () => mapped().map((box) => mapBox(rect(box), 'map-box')))} ${mapBox(frame, 'map-view')}
      </svg>
    </div>`;
  }

  /** What is seen of it, as a file. */
  svgOf(): { svg: string; width: number; height: number } | undefined {
    const picture = this.picture.value;
    const { width, height } = free(this.view.value, this.covered());
    if (!picture || width <= 0) return undefined;
    const view = { width: Math.round(width), height: Math.round(height) };
    const { x, y, width: across, height: down } = this.seen();
    const camera = { ...this.camera.value, x: x + across / 2, y: y + down / 2 };
    return { svg: svgText(picture, this.marks(), camera, view), ...view };
  }
}

const ARROWS: Partial<Record<string, [-1 | 0 | 1, -1 | 0 | 1]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

/** Whether a place of the drawing is on the plus or minus of a box. */
function isOnSign(box: Box, x: number, y: number): boolean {
  const right = box.x + box.width;
  return box.open ? x >= right - 24 && y <= box.y + 24 : x >= right - 16 && y <= box.y + 15;
}

/** The box of a path, if it was closed before. */
function openedBox(before: SceneIndex, after: SceneIndex, path: string): Box | undefined {
  const box = after.scene.boxes[after.byPath.get(path) ?? -1];
  return box?.open && before.scene.boxes[before.byPath.get(path) ?? -1]?.open !== true ? box : undefined;
}

function describe(box: Box): string {
  const state = box.open ? ', open' : box.expandable ? ', closed' : '';
  return `${box.label}${box.note === '' ? '' : `, ${box.note}`}${state}`;
}

function mapBox({ x, y, width, height }: Size & { x: number; y: number }, kind: string) {
  return svg`<rect class=${kind} x=${x} y=${y} width=${width} height=${height} />`;
}

/** As much of it as is on the map. */
function clipped<T extends Size & { x: number; y: number }>({ x, y, width, height }: T, size: Size) {
  const [left, top] = [Math.max(-3, x), Math.max(-3, y)];
  return {
    x: left,
    y: top,
    width: Math.max(2, Math.min(size.width + 3, x + width) - left),
    height: Math.max(2, Math.min(size.height + 3, y + height) - top),
  };
}

customElements.define('tp-graph-drawing', GraphDrawing);
