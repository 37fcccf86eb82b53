import { effect, signal, untracked, type ReadonlySignal } from '@preact/signals-core';
import { html, LitElement, nothing, type PropertyValues } from 'lit';
import { chartTheme } from '../../../charts/chart_theme';
import { counted } from '../../../ui/pending';
import { codeMissing } from '../../lazy_code';
import { screenGrid, type HitShape, type ScreenGrid } from './picking';
import { fitted, pan, rotate, rounded, viewOf, zoomAt, type Size, type View } from './point_camera';
import { PointCloud } from './point_cloud';
import { listenForPointGestures, REACH_PX, type At } from './point_gestures';
import { shapeOf, shapeOfPoint, type Shape } from './point_sizes';
import './points.css';
import { PointsOverlay } from './points_overlay';
import type { PointsPainter } from './points_painter';
import type { Drag, PointsCamera, PointsFacts, PointsPicture } from './points_picture';
import { inSlices } from './slices';

/** From one place to the next, ms. */
const GLIDE_MS = 180;
/** A click on nothing is one only if it is not the first of two, ms. */
const DOUBLE_MS = 300;
/** Frames farther apart are not of one movement, ms. */
const PAUSE_MS = 120;
/** The rate of frames is told so often, ms. */
const RATE_MS = 500;
/** A context that is not given back after so long is lost for good, ms. */
const LOST_MS = 3000;

export interface PointsEvents {
  hoverpoint: CustomEvent<{ point: number }>;
  pickpoint: CustomEvent<{ point: number; add: boolean }>;
  pickarea: CustomEvent<{ points: Uint32Array; add: boolean }>;
  movecamera: CustomEvent<{ camera: PointsCamera | undefined }>;
}

/** The drawing of points, and every gesture on it. It draws only when something has changed. */
export class PointsDrawing extends LitElement {
  static override properties = {
    picture: { attribute: false },
    camera: { attribute: false },
    drag: { attribute: false },
    lasso: { attribute: false },
    label: { attribute: false },
    hovered: { attribute: false },
    retry: { state: true },
  };
  /** Fetches the code that draws again, which did not come. */
  declare private retry: (() => void) | undefined;
  declare picture: PointsPicture | undefined;
  /** undefined = fitted. */
  declare camera: PointsCamera | undefined;
  declare drag: Drag;
  /** An area is marked by a line around it, not by a box. */
  declare lasso: boolean;
  /** For those who do not see it. */
  declare label: string;
  /** The point that the pointer is on, here or in a list of points; -1 = none. */
  declare hovered: number;

  private readonly factsNow = signal<PointsFacts>({ renderer: 'WebGL 2', fps: undefined, words: undefined });
  readonly facts: ReadonlySignal<PointsFacts> = this.factsNow;

  private readonly cloud = new PointCloud();
  private readonly overlay = new PointsOverlay();
  /** The picture that `cloud` is of. */
  private shown: PointsPicture | undefined;
  private isPreparing = false;
  private painter: PointsPainter | undefined;
  private size: Size = { width: 0, height: 0 };
  /** Where it is seen from; `camera` follows when a gesture ends. */
  private from: PointsCamera | undefined;
  private isMoving = false;
  private pointer: At | undefined;
  private area: At[] | undefined;
  private grid: ScreenGrid | undefined;
  private glideStart = 0;
  private frame = 0;
  private lastFrame = 0;
  private frameMs = 0;
  private rateTold = 0;
  /** Whether points have to be drawn, and not only what is over them. */
  private isStale = false;
  private clickTimer = 0;
  /** The last one counts. */
  private clicks = 0;
  private lostTimer = 0;
  private stop = new AbortController();
  private stopGrid = new AbortController();
  private readonly resizes = new ResizeObserver(() => this.measure());

  constructor() {
    super();
    this.drag = 'rotate';
    this.lasso = false;
    this.label = '';
    this.hovered = -1;
  }

  /** It renders into the page itself, as all elements do. */
  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.stop = new AbortController();
    if (this.hasUpdated) this.begin();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.stop.abort();
    this.stopGrid.abort();
    this.resizes.disconnect();
    cancelAnimationFrame(this.frame);
    this.frame = 0;
    clearTimeout(this.clickTimer);
    clearTimeout(this.lostTimer);
    this.painter?.dispose();
    this.painter?.element.remove();
    this.painter = undefined;
  }

  protected override firstUpdated(): void {
    this.stage.append(this.overlay.element);
    this.begin();
  }

  private get stage(): HTMLElement {
    return this.querySelector('.points-stage') as HTMLElement;
  }

  private begin(): void {
    const { signal } = this.stop;
    listenForPointGestures(this.stage, this.gestures(), signal);
    this.resizes.observe(this.stage);
    signal.addEventListener(
      'abort',
      effect(() => {
        void chartTheme.value;
        untracked(() => this.redraw());
      }),
    );
    const watchRatio = (): void => {
      const ratio = matchMedia(`(resolution: ${devicePixelRatio}dppx)`);
      ratio.addEventListener('change', () => (this.redraw(), watchRatio()), { once: true, signal });
    };
    watchRatio();
    this.measure();
    void this.startPainter(signal);
    void counted(this.show());
  }

  protected override updated(changed: PropertyValues<this>): void {
    if (changed.has('camera')) {
      this.from = this.camera;
      this.redraw();
    }
    if (changed.has('hovered')) this.touch();
    if (changed.has('picture')) void counted(this.show());
  }

  private measure(): void {
    const { clientWidth: width, clientHeight: height } = this.stage;
    if (width === this.size.width && height === this.size.height) return;
    this.size = { width, height };
    this.redraw();
  }

  /** A picture becomes ready in slices, while the one before is seen; then comes whichever is the newest. */
  private async show(): Promise<void> {
    if (this.isPreparing) return;
    this.isPreparing = true;
    try {
      while (this.isConnected && this.picture && this.picture !== this.shown) {
        const { picture } = this;
        const isGliding = await inSlices(this.cloud.update(picture), this.stop.signal);
        if (isGliding === undefined) continue;
        this.shown = picture;
        if (!isGliding || !this.painter?.glides || matchMedia('(prefers-reduced-motion: reduce)').matches)
          this.cloud.part = 1;
        else this.glideStart = performance.now();
        this.painter?.show(picture, this.cloud);
        this.redraw();
      }
    } finally {
      this.isPreparing = false;
    }
  }

  // ---- what draws it

  private async startPainter(signal: AbortSignal, isLost = false): Promise<void> {
    this.retry = undefined;
    try {
      await this.choosePainter(signal, isLost);
    } catch {
      if (!signal.aborted) this.retry = () => void this.startPainter(signal, isLost);
    }
  }

  private async choosePainter(signal: AbortSignal, isLost: boolean): Promise<void> {
    const element = document.createElement('canvas');
    const context = isLost ? null : element.getContext('webgl2', { alpha: false, antialias: false, stencil: false });
    if (context) {
      const { WebGLPainter } = await import('./webgl_painter');
      if (signal.aborted) return;
      const begin = (): void => this.paintBy(new WebGLPainter(element, context, () => this.redraw()));
      // Before three.js listens, which would write to the console.
      this.watchContext(element, begin, signal);
      begin();
    } else {
      const { FlatPainter } = await import('./flat_painter');
      if (signal.aborted) return;
      // A canvas that was asked for one context gives no other.
      this.paintBy(new FlatPainter(document.createElement('canvas')));
    }
  }

  private paintBy(painter: PointsPainter): void {
    this.painter = painter;
    this.stage.prepend(painter.element);
    this.factsNow.value = { ...this.factsNow.value, renderer: painter.renderer, fps: undefined };
    if (!painter.glides) this.cloud.part = 1;
    if (this.shown) painter.show(this.shown, this.cloud);
    this.redraw();
  }

  /** All that was on the GPU is gone with its context: another painter begins anew on what is given back. */
  private watchContext(element: HTMLCanvasElement, begin: () => void, signal: AbortSignal): void {
    element.addEventListener(
      'webglcontextlost',
      (event) => {
        // Without this it is never given back.
        event.preventDefault();
        event.stopImmediatePropagation();
        if (this.painter?.element !== element) return;
        // Now: what is of the lost context cannot be given up in the next one.
        this.painter.dispose();
        this.painter = undefined;
        element.remove();
        this.lostTimer = window.setTimeout(() => void this.startPainter(signal, true), LOST_MS);
      },
      { signal },
    );
    element.addEventListener(
      'webglcontextrestored',
      () => {
        clearTimeout(this.lostTimer);
        if (!this.painter) begin();
      },
      { signal },
    );
  }

  // ---- drawing

  /** Points are drawn again with the next frame. */
  private redraw(): void {
    this.isStale = true;
    this.grid = undefined;
    this.stopGrid.abort();
    this.touch();
  }

  /** What is over them is drawn again. */
  private touch(): void {
    if (this.isConnected) this.frame ||= requestAnimationFrame((now) => this.paint(now));
  }

  private view(): View {
    const frame = this.cloud.frameNow();
    return viewOf(this.from ?? fitted(frame, this.size), frame, this.size);
  }

  private paint(now: number): void {
    this.frame = 0;
    const { shown: picture, cloud, painter, size } = this;
    if (!picture || size.width === 0 || size.height === 0) return;
    if (cloud.part < 1) {
      cloud.part = Math.min(1, Math.max(0, now - this.glideStart) / GLIDE_MS);
      this.isStale = true;
      if (cloud.part < 1) this.touch();
    }
    const [view, theme] = [this.view(), chartTheme.value];
    if (this.isStale) {
      painter?.draw(view, theme, this.isMoving || cloud.part < 1);
      this.isStale = painter === undefined;
      this.countFrame(now);
    }
    this.overlay.draw({ picture, cloud, view, theme, hovered: this.hovered, area: this.area });
    const words = picture.form === 'text' ? this.overlay.labelledPoints : undefined;
    if (!this.isMoving && words !== this.factsNow.value.words) this.factsNow.value = { ...this.factsNow.value, words };
    if (this.pointer && !this.grid) this.look();
  }

  private countFrame(now: number): void {
    const passed = now - this.lastFrame;
    this.lastFrame = now;
    if (passed <= 0 || passed > PAUSE_MS) return;
    this.frameMs = this.frameMs === 0 ? passed : this.frameMs + (passed - this.frameMs) / 12;
    if (now - this.rateTold < RATE_MS) return;
    this.rateTold = now;
    this.factsNow.value = { ...this.factsNow.value, fps: Math.round(1000 / this.frameMs) };
  }

  // ---- what is where

  /** Resolves once the places of all points in the window are known; undefined = they have changed meanwhile. */
  private async located(): Promise<ScreenGrid | undefined> {
    if (this.grid) return this.grid;
    const { shown: picture, cloud } = this;
    if (!picture || cloud.part < 1) return undefined;
    this.stopGrid.abort();
    const { signal } = (this.stopGrid = new AbortController());
    const hit = ({ width, height, round }: Shape): HitShape => ({
      halfWidth: width / 2,
      halfHeight: height / 2,
      round,
    });
    const work = screenGrid(cloud, this.view(), hit(shapeOf(picture)), (point) => hit(shapeOfPoint(picture, point)));
    const grid = await inSlices(work, signal);
    if (grid) this.grid = grid;
    return grid;
  }

  private pointAt(at: At, grid: ScreenGrid, reach = REACH_PX): number {
    const labelled = this.overlay.labelAt(at);
    return labelled >= 0 ? labelled : grid.nearest(at.x, at.y, reach);
  }

  /** Looks what is under the pointer, now or once that is known. */
  private look(): void {
    if (!this.pointer) return this.hover(-1);
    if (this.grid) return this.hover(this.pointAt(this.pointer, this.grid));
    if (this.isMoving || this.isLooking) return;
    this.isLooking = true;
    void this.located().then((grid) => {
      this.isLooking = false;
      if (grid) this.look();
    });
  }
  private isLooking = false;

  private hover(point: number): void {
    if (point === this.hovered) return;
    this.hovered = point;
    this.stage.classList.toggle('on-point', point >= 0);
    this.tell('hoverpoint', { point });
  }

  private async pick(at: At, add: boolean, reach: number): Promise<void> {
    clearTimeout(this.clickTimer);
    const nth = ++this.clicks;
    const grid = await this.located();
    if (!grid || nth !== this.clicks) return;
    const point = this.pointAt(at, grid, reach);
    if (point >= 0) this.tell('pickpoint', { point, add });
    else this.clickTimer = window.setTimeout(() => this.tell('pickpoint', { point, add }), DOUBLE_MS);
  }

  private async select(corners: readonly At[], add: boolean): Promise<void> {
    const grid = await this.located();
    if (grid) this.tell('pickarea', { points: grid.within(corners.map(({ x, y }) => [x, y])), add });
  }

  private tell<T extends keyof PointsEvents>(type: T, detail: PointsEvents[T]['detail']): void {
    this.dispatchEvent(new CustomEvent(type, { detail, bubbles: true }));
  }

  // ---- where it is seen from

  /** Shows all again. */
  fit(): void {
    clearTimeout(this.clickTimer);
    this.clicks++;
    const wasMoved = this.from !== undefined;
    this.from = undefined;
    this.isMoving = false;
    this.redraw();
    if (wasMoved) this.tell('movecamera', { camera: undefined });
  }

  private move(change: (camera: PointsCamera, view: View) => PointsCamera): void {
    if (this.size.width === 0) return;
    this.from = change(this.from ?? fitted(this.cloud.frameNow(), this.size), this.view());
    this.isMoving = true;
    this.redraw();
  }

  private rest(): void {
    if (!this.isMoving || !this.from) return;
    this.isMoving = false;
    this.from = rounded(this.from, this.cloud.frameNow());
    this.redraw();
    this.tell('movecamera', { camera: this.from });
  }

  private gestures(): Parameters<typeof listenForPointGestures>[1] {
    // eslint-disable-next-line @typescript-eslint/no-this-alias -- what a drag does is asked at each
    const drawing = this;
    const zoom = ({ x, y }: At, factor: number): void =>
      this.move((camera, view) => zoomAt(camera, view, this.cloud.frameNow(), x, y, factor));
    return {
      get drag() {
        return drawing.drag;
      },
      get orbits() {
        return drawing.shown?.is3d === true;
      },
      get lasso() {
        return drawing.lasso;
      },
      hover: (at) => {
        this.pointer = at;
        this.look();
      },
      click: (at, add, reach) => void counted(this.pick(at, add, reach)),
      rotate: (dx, dy) => this.move((camera) => rotate(camera, dx, dy)),
      pan: (dx, dy) => this.move((camera, view) => pan(camera, view, dx, dy)),
      zoom,
      zoomBy: (factor) => zoom({ x: this.size.width / 2, y: this.size.height / 2 }, factor),
      fit: () => this.fit(),
      mark: (corners) => {
        this.area = corners;
        this.touch();
      },
      select: (corners, add) => void counted(this.select(corners, add)),
      rest: () => this.rest(),
    };
  }

  /** What is seen, with its labels, so many pixels for each of the window. */
  async still(scale: number): Promise<HTMLCanvasElement> {
    const { shown: picture, cloud, painter, size } = this;
    if (!picture || !painter || size.width === 0) throw new Error('Nothing is drawn yet');
    const [view, theme] = [this.view(), chartTheme.value];
    const canvas = document.createElement('canvas');
    [canvas.width, canvas.height] = [Math.round(size.width * scale), Math.round(size.height * scale)];
    const pen = canvas.getContext('2d') as CanvasRenderingContext2D;
    pen.fillStyle = theme.background;
    pen.fillRect(0, 0, canvas.width, canvas.height);
    pen.drawImage(await painter.still(view, theme, scale), 0, 0, canvas.width, canvas.height);
    pen.scale(scale, scale);
    this.overlay.paint(pen, { picture, cloud, view, theme, hovered: -1, area: undefined });
    this.redraw();
    return canvas;
  }

  override render() {
    return html`<div
        class="points-stage"
        data-drag=${this.drag}
        role="application"
        aria-roledescription="drawing"
        aria-label=${this.label}
        aria-keyshortcuts="ArrowLeft ArrowRight ArrowUp ArrowDown + - 0"
        tabindex="0"
      ></div>
      ${this.retry ? codeMissing(this.retry) : nothing}`;
  }
}

customElements.define('tp-points', PointsDrawing);
