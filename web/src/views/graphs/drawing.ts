import { batch, effect, signal, untracked } from '@preact/signals-core';
import { html, nothing } from 'lit';
import type { Box } from '../../engine/graphs/graphs';
import { formatExact, plural } from '../../model/format';
import { readable } from '../../model/graph_paths';
import { icon } from '../../ui/icons';
import { WatchElement } from '../../ui/watch';
import { LazyCode } from '../lazy_code';
import { boxOf, centred, type Rect } from './camera';
import { DrawingCamera, ZOOM_STEP } from './drawing_camera';
import { labelsOf } from './geometry';
import type { GraphDesk } from './graph_desk';
import { graphMap } from './graph_map';
import { valueOf } from './graph_text';
import { graphTheme } from './graph_theme';
import { JoinedBoxes } from './joined_boxes';
import { NO_MARKS, type Marks } from './look';
import { between, eased, follow, MORPH_MS, morphOf, onWay } from './morph';
import type { Painter, Picture } from './painter';
import { PointerGestures, type Place } from './pointer_gestures';
import type { SceneIndex } from './scene_index';
import { SvgPainter, svgText } from './svg_painter';

/** Boxes and edges that SVG elements are made for: beyond, making them keeps the page for more than 50 ms (docs/benchmarks.md). */
const MAX_ELEMENTS = 450;
/** Pixels that a press of an arrow pans by. */
const PAN_PX = 60;
/** A second click within it makes a double click, ms. */
const DOUBLE_MS = 300;
/** Boxes that move: more of them change at once. */
const MAX_MORPH = 1500;

/** The drawing of a graph: what draws it, what is marked in it, and what keys and the pointer do. */
export class GraphDrawing extends WatchElement {
  static override properties = { desk: { attribute: false } };
  declare desk: GraphDesk;

  private readonly picture = signal<Picture | undefined>(undefined);
  private readonly hovered = signal(-1);
  readonly camera = new DrawingCamera(this, () => this.picture.value?.index);
  private readonly joined = new JoinedBoxes((path) => this.desk.trace.joinedTo(path));
  private readonly gestures = new PointerGestures(this.camera, () => this.querySelector('.graph-canvas') as Element, {
    hover: (place) => (this.hovered.value = place ? this.boxAt(place) : -1),
    click: (place) => this.onClick(place),
    mark: (area) => this.selectIn(area),
  });
  private readonly svg = new SvgPainter();
  /** Its code comes with the first scene that it is needed for. */
  private readonly canvas = new LazyCode(async (): Promise<Painter> => new (await import('./canvas_painter')).CanvasPainter()); // prettier-ignore
  private painter: Painter = this.svg;
  private shownLast: SceneIndex | undefined;
  private frame = 0;
  private clickTimer = 0;
  private stops: (() => void)[] = [];
  private readonly resizes = new ResizeObserver(() => {
    const { clientWidth: width = 0, clientHeight: height = 0 } = this.querySelector('.graph-canvas') ?? {};
    this.camera.resize({ width, height }, this.clientWidth);
  });

  override connectedCallback(): void {
    super.connectedCallback();
    this.classList.add('graph-drawing');
    this.addEventListener('wheel', this.onWheel, { passive: false });
    this.stops = [
      effect(() => this.onScene(this.desk.drawn.scene.value.value, this.canvas.value.value)),
      effect(() => this.repaint()),
      effect(() => this.camera.follow()),
      effect(() => {
        this.desk.drawn.camera = this.camera.now.value;
        this.look();
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
    clearTimeout(this.clickTimer);
    this.camera.stop();
  }

  protected override firstUpdated(): void {
    const canvas = this.querySelector('.graph-canvas');
    if (canvas) this.resizes.observe(canvas);
    this.resizes.observe(this);
  }

  // ---- what is drawn

  private onScene(index: SceneIndex | undefined, canvas: Painter | undefined): void {
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
      const painter = isSmall ? this.svg : canvas;
      if (!painter) {
        this.canvas.want();
        return;
      }
      const before = this.shownLast;
      this.shownLast = index;
      this.painter = painter;
      batch(() => {
        const labels = labelsOf(scene, (box) => valueOf(box, index.colour, scene));
        this.picture.value = { index, labels, theme: graphTheme.value };
        this.camera.lookFromKept(before);
      });
      this.show();
      const isMoving = before && before.scene !== scene && scene.boxes.length <= MAX_MORPH;
      if (isMoving && !matchMedia('(prefers-reduced-motion: reduce)').matches) this.startMorph(before, index);
    });
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
    this.look();
    const place = this.querySelector('.graph-canvas');
    if (place && this.painter.element.parentElement !== place) place.replaceChildren(this.painter.element);
  }

  private look(camera = this.camera.now.value): void {
    this.painter.look(camera, this.camera.view.value);
  }

  private startMorph(before: SceneIndex, after: SceneIndex): void {
    const morph = morphOf(before, after);
    const end = this.camera.now.value;
    const begin = this.camera.openedFrom ?? end;
    const path = this.camera.anchor;
    const start = performance.now();
    const step = (): void => {
      const part = eased((performance.now() - start) / MORPH_MS);
      if (part >= 1) {
        this.painter.morph(undefined);
        this.look();
        return;
      }
      const rects = between(morph, after, part);
      this.painter.morph({ rects, was: morph.was, seen: part });
      // Whoever pans meanwhile is followed at once.
      if (this.camera.now.value === end) this.look(follow(onWay(begin, end, part), after, rects, path));
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
    const isOfScene = traced?.scene === index.scene.version;
    const hot = hovered < 0 && traced && isOfScene ? traced : this.joined.of(index, hovered >= 0 ? hovered : node);
    return { selected, hovered, hot, kept: traced && isOfScene ? traced : undefined };
  }

  // ---- the pointer

  private boxAt(place: Place): number {
    const index = this.picture.value?.index;
    return index ? index.at(...this.camera.toDrawing(place)) : -1;
  }

  private readonly onWheel = (event: WheelEvent): void => {
    if ((event.target as Element).closest('.graph-canvas'))
      this.gestures.wheel(event, this.contains(document.activeElement));
  };

  private selectIn({ x, y, width, height }: Rect): void {
    const index = this.picture.value?.index;
    if (!index) return;
    const [left, top] = this.camera.toDrawing({ x, y });
    const { zoom } = this.camera.now.value;
    const found = index.within({ x: left, y: top, width: width / zoom, height: height / zoom });
    this.desk.selection.selectAll(found.map((i) => (index.scene.boxes[i] as Box).path));
  }

  private onClick(place: Place): void {
    const box = this.picture.value?.index.scene.boxes[this.boxAt(place)];
    const { selection } = this.desk;
    clearTimeout(this.clickTimer);
    if (!box?.expandable) selection.select(box?.path ?? '');
    else if (this.isOnSign(box, place)) this.toggle(box);
    else if (selection.isSelected.value) selection.select(box.path);
    // What is told of the first node lies over the drawing, which moves: under the pointer the box has to wait for a second click.
    else this.clickTimer = window.setTimeout(() => selection.select(box.path), DOUBLE_MS);
  }

  private onDouble(event: MouseEvent): void {
    const place = this.gestures.placeOf(event);
    const box = this.picture.value?.index.scene.boxes[this.boxAt(place)];
    // On its sign both clicks have done it.
    if (!box?.expandable || this.isOnSign(box, place)) return;
    clearTimeout(this.clickTimer);
    batch(() => {
      this.desk.selection.select(box.path);
      this.toggle(box);
    });
  }

  /** Whether a place of the window is on the plus or minus of a box. */
  private isOnSign(box: Box, place: Place): boolean {
    const [x, y] = this.camera.toDrawing(place);
    const right = box.x + box.width;
    return box.open ? x >= right - 24 && y <= box.y + 24 : x >= right - 16 && y <= box.y + 15;
  }

  // ---- keys

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
    } else if (event.key === '+' || event.key === '=') this.camera.zoom(ZOOM_STEP);
    else if (event.key === '-' || event.key === '_') this.camera.zoom(1 / ZOOM_STEP);
    else if (event.key === '0') this.camera.fit();
    else if (event.key === 'Enter' && box?.expandable) this.toggle(box);
    else if (event.key === 'Escape' && (this.desk.selection.isSelected.value || this.desk.selection.choosing.value))
      this.goAround(index);
    else if (arrow && event.shiftKey) this.camera.pan(-arrow[0] * PAN_PX, -arrow[1] * PAN_PX);
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
    const seen = this.camera.seen();
    const isSeen = box.x >= seen.x && box.y >= seen.y && box.x + box.width <= seen.x + seen.width && box.y + Math.min(box.height, seen.height) <= seen.y + seen.height; // prettier-ignore
    if (!isSeen) this.desk.context.state.graphCamera.value = centred(box.path, this.camera.now.value.zoom);
  }

  // ---- what is rendered

  override render() {
    const picture = this.picture.value;
    const area = this.gestures.area.value;
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
        @pointerdown=${(event: PointerEvent) => this.gestures.down(event)}
        @pointermove=${(event: PointerEvent) => this.gestures.move(event)}
        @pointerup=${(event: PointerEvent) => this.gestures.up(event)}
        @pointercancel=${(event: PointerEvent) => this.gestures.up(event)}
        @pointerleave=${() => (this.hovered.value = -1)}
        @dblclick=${(event: MouseEvent) => this.onDouble(event)}
        @keydown=${(event: KeyboardEvent) => this.onKey(event)}
      ></div>
      ${this.desk.drawn.scene.value.value === picture?.index ? nothing : this.canvas.missing()}
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
        <button class="btn ico" aria-label="Zoom in" title="Zoom in  +" @click=${() => this.camera.zoom(ZOOM_STEP)}>
          ${icon('plus')}
        </button>
        <button
          class="btn ico"
          aria-label="Zoom out"
          title="Zoom out  −"
          @click=${() => this.camera.zoom(1 / ZOOM_STEP)}
        >
          ${icon('minus')}
        </button>
      </div>
      ${scene ? graphMap(scene, this.camera.seen(), (to) => this.camera.move({ ...this.camera.now.value, ...to })) : nothing}`;
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

  /** What is seen of it, as a file. */
  svgOf(): { svg: string; width: number; height: number } | undefined {
    const picture = this.picture.value;
    const { width, height } = this.camera.free();
    if (!picture || width <= 0) return undefined;
    const view = { width: Math.round(width), height: Math.round(height) };
    const { x, y, width: across, height: down } = this.camera.seen();
    const camera = { ...this.camera.now.value, x: x + across / 2, y: y + down / 2 };
    return { svg: svgText(picture, this.marks(), camera, view), ...view };
  }
}

const ARROWS: Partial<Record<string, [-1 | 0 | 1, -1 | 0 | 1]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

function describe(box: Box): string {
  const state = box.open ? ', open' : box.expandable ? ', closed' : '';
  return `${box.label}${box.note === '' ? '' : `, ${box.note}`}${state}`;
}

customElements.define('tp-graph-drawing', GraphDrawing);
