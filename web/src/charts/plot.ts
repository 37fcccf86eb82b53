import { effect } from '@preact/signals-core';
import { BasicPlatform, Chart, type ChartConfiguration } from 'chart.js';
import type { Line } from '../engine/lines';
import type { Axis } from './axis';
import { AxisScale } from './axis_scale';
import { chartTheme, type ChartTheme } from './chart_theme';
import { cancelDrawing, queueDrawing } from './draw_queue';
import { ExactLine, exactLineController, type Stroke } from './exact_line';
import { listenForGestures, type Area, type Box, type GestureEvents } from './gestures';
import { mainPoints, nearestPoint } from './nearest';
import { paintBrush, paintCrosshair } from './overlay';

Chart.register(AxisScale, ExactLine, exactLineController);

export interface PlotLine {
  line: Line;
  /** Hex */
  colour: string;
  dash: readonly number[];
}

/** What a plot shows. */
export interface Scene {
  x: Axis;
  y: Axis;
  lines: readonly PlotLine[];
  /** Index of the line that stands out while the others are dimmed; −1 = none. */
  hot: number;
}

/** A point that is drawn: px within the element, and its x and y. */
export interface DrawnPoint {
  left: number;
  top: number;
  x: number;
  y: number;
}

const TOP = 6;
const RIGHT = 12;
const BOTTOM = 20;
/** Room left of the plot for the labels of y; more when a label is longer. */
const GUTTER = 44;

/** Charts that exist, the last drawn last. Beyond these the one not drawn for longest becomes a picture. */
const live = new Set<Plot>();
const MAX_LIVE = 30;
/** Pictures of charts that no longer exist, oldest first. */
const stills = new Set<Plot>();
const MAX_STILLS = 90;

/**
 * One chart: a Chart.js chart on one canvas, crosshair and brush on another above it. What is shown is set as a
 * {@link Scene} and drawn in a later frame; the geometry is ours, so that hovering needs no Chart.js.
 */
export class Plot {
  readonly element = document.createElement('div');
  private canvas = document.createElement('canvas');
  private readonly overlay = document.createElement('canvas');
  private readonly abort = new AbortController();
  private readonly resizes: ResizeObserver;
  private readonly stopTheme: () => void;
  private chart: Chart<'lines'> | undefined;
  private scene: Scene | undefined;
  private asleep = false;
  private width = 0;
  private height = 0;
  private gutter = GUTTER;
  private crosshair: { x: number; label?: string | undefined } | undefined;
  private brushed: Box | undefined;

  /** @param onResize called with the width of the plot area in device pixels: how many columns can be told apart. */
  constructor(
    private readonly events: Omit<GestureEvents, 'brush'>,
    onResize: (pixels: number) => void,
  ) {
    this.element.className = 'plot';
    this.overlay.className = 'overlay';
    this.element.append(this.canvas, this.overlay);
    this.resizes = new ResizeObserver(([entry]) => {
      const { width, height } = entry?.contentRect ?? { width: 0, height: 0 };
      if (width === 0 || (width === this.width && height === this.height)) return;
      this.width = width;
      this.height = height;
      onResize(Math.round(this.area().width * devicePixelRatio));
      this.redraw();
    });
    this.resizes.observe(this.element);
    const gestures = { ...this.events, brush: (box: Box | undefined): void => this.brush(box) };
    listenForGestures(this.element, () => this.area(), gestures, this.abort.signal);
    this.stopTheme = effect(() => {
      void chartTheme.value;
      this.redraw();
    });
  }

  /** Shows a scene from one of the next frames on, and is awake then. */
  show(scene: Scene): void {
    this.scene = scene;
    this.asleep = false;
    this.redraw();
  }

  /** The plot area within the element, px. */
  area(): Area {
    const [width, height] = [this.width - this.gutter - RIGHT, this.height - TOP - BOTTOM];
    return { left: this.gutter, top: TOP, width: Math.max(1, width), height: Math.max(1, height) };
  }

  /** The drawn point nearest to x of each line; undefined where the line does not reach. */
  pointsAt(x: number): (DrawnPoint | undefined)[] {
    const { scene } = this;
    if (!scene) return [];
    const area = this.area();
    return scene.lines.map(({ line }) => {
      const points = mainPoints(line);
      const i = nearestPoint(points, x);
      if (i < 0) return undefined;
      const at = { x: points[i] as number, y: points[i + 1] as number };
      const left = area.left + scene.x.fraction(at.x) * area.width;
      const top = area.top + (1 - scene.y.fraction(at.y)) * area.height;
      return { left, top, ...at };
    });
  }

  /** Shows the crosshair at a value of x; with a label where the pointer is. Painted at once: call it once a frame. */
  setCrosshair(crosshair: { x: number; label?: string | undefined } | undefined): void {
    this.crosshair = crosshair;
    this.paintOverlay();
  }

  /** Gives the chart back and keeps its picture, whatever changes, until the next scene: nobody sees it. */
  sleep(): void {
    this.asleep = true;
    cancelDrawing(this);
    this.freeze();
  }

  /** What is drawn, on the ground of the page; undefined = nothing is. */
  picture(): HTMLCanvasElement | undefined {
    if (!this.scene || this.width === 0) return undefined;
    const picture = this.canvas.cloneNode() as HTMLCanvasElement;
    const pen = picture.getContext('2d') as CanvasRenderingContext2D;
    pen.fillStyle = chartTheme.peek().background;
    pen.fillRect(0, 0, picture.width, picture.height);
    pen.drawImage(this.canvas, 0, 0);
    return picture;
  }

  private freeze(): void {
    live.delete(this);
    if (!this.chart) return;
    const still = this.canvas.cloneNode() as HTMLCanvasElement;
    still.getContext('2d')?.drawImage(this.canvas, 0, 0);
    this.canvas.replaceWith(still);
    this.chart.destroy();
    this.chart = undefined;
    this.canvas = still;
    stills.add(this);
    for (const plot of stills) {
      if (stills.size <= MAX_STILLS) break;
      stills.delete(plot);
      plot.canvas.width = plot.canvas.height = 0;
    }
  }

  destroy(): void {
    cancelDrawing(this);
    this.abort.abort();
    this.resizes.disconnect();
    this.stopTheme();
    this.chart?.destroy();
    live.delete(this);
    stills.delete(this);
  }

  private redraw(): void {
    if (this.scene && this.width > 0 && !this.asleep) queueDrawing(this, () => this.draw());
  }

  private draw(): void {
    const scene = this.scene as Scene;
    const theme = chartTheme.peek();
    const pen = this.overlay.getContext('2d') as CanvasRenderingContext2D;
    pen.font = `${theme.fontSize}px ${theme.font}`;
    const widest = Math.max(0, ...scene.y.ticks.map((tick) => pen.measureText(tick.label).width));
    this.gutter = Math.max(GUTTER, Math.ceil(widest) + 10);
    const { options, data } = configuration(scene, theme, this.gutter);
    if (this.chart) {
      Object.assign(this.chart, { options });
      this.chart.data = data;
      this.chart.resize(this.width, this.height);
      this.chart.update('none');
    } else {
      const canvas = document.createElement('canvas');
      [canvas.width, canvas.height] = [this.width, this.height];
      this.canvas.replaceWith(canvas);
      this.canvas = canvas;
      this.chart = new Chart(canvas, { type: 'lines', platform: BasicPlatform, options, data });
      this.chart.resize(this.width, this.height);
      stills.delete(this);
    }
    live.delete(this);
    live.add(this);
    for (const plot of live) {
      if (live.size <= MAX_LIVE) break;
      plot.freeze();
    }
    this.paintOverlay();
  }

  private brush(box: Box | undefined): void {
    this.brushed = box;
    this.paintOverlay();
  }

  private paintOverlay(): void {
    const { overlay, scene } = this;
    if (!scene || this.width === 0) return;
    const ratio = devicePixelRatio;
    const [width, height] = [Math.round(this.width * ratio), Math.round(this.height * ratio)];
    if (overlay.width !== width || overlay.height !== height) [overlay.width, overlay.height] = [width, height];
    const pen = overlay.getContext('2d') as CanvasRenderingContext2D;
    pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    pen.clearRect(0, 0, this.width, this.height);
    const [area, theme] = [this.area(), chartTheme.peek()];
    if (this.brushed) paintBrush(pen, area, this.brushed, theme);
    if (!this.crosshair) return;
    const at = scene.x.fraction(this.crosshair.x);
    if (at < 0 || at > 1) return;
    const inside = (point: DrawnPoint, line: PlotLine): boolean =>
      point.top >= area.top - 1 &&
      point.top <= area.top + area.height + 1 &&
      reaches(line.line, this.crosshair?.x ?? NaN);
    const dots = this.pointsAt(this.crosshair.x).flatMap((point, i) => {
      const line = scene.lines[i] as PlotLine;
      return point && inside(point, line) ? [{ left: point.left, top: point.top, colour: line.colour }] : [];
    });
    // The line under the pointer is painted last, above the others.
    const { label } = this.crosshair;
    paintCrosshair(pen, area, { left: area.left + at * area.width, label, dots: dots.reverse() }, theme);
  }
}

/** Whether x lies between the ends of what is drawn of a line. */
function reaches(line: Line, x: number): boolean {
  const points = mainPoints(line);
  let [first, last] = [0, points.length - 2];
  while (first < last && !Number.isFinite(points[first + 1])) first += 2;
  while (last > first && !Number.isFinite(points[last + 1])) last -= 2;
  const [a, b] = [points[first] as number, points[last] as number];
  return x >= Math.min(a, b) && x <= Math.max(a, b);
}

const NO_MARKS = new Float64Array(0);

function configuration(
  scene: Scene,
  theme: ChartTheme,
  gutter: number,
): Pick<ChartConfiguration<'lines'>, 'options' | 'data'> {
  const alpha = (i: number): number => (scene.hot < 0 || scene.hot === i ? 1 : theme.dimOpacity);
  const strokes = scene.lines.map(({ line, colour, dash }, i): Stroke => {
    const width = scene.hot === i ? theme.hotLineWidth : theme.lineWidth;
    return { points: mainPoints(line), marks: line.marks, colour, width, dash, alpha: alpha(i) };
  });
  // All raw lines lie below all smoothed ones: Chart.js draws the last dataset first.
  const raw = scene.lines.flatMap(({ line, colour }, i): Stroke[] => {
    if (line.smoothed.length === 0) return [];
    return [{ points: line.raw, marks: NO_MARKS, colour, width: 1, dash: [], alpha: alpha(i) * theme.rawOpacity }];
  });
  const hot = strokes.splice(scene.hot, scene.hot < 0 ? 0 : 1);
  const ticks = { color: theme.axis, font: { family: theme.font, size: theme.fontSize, lineHeight: 1.1 }, padding: 6 };
  return {
    data: { datasets: [...hot, ...strokes, ...raw].map((stroke) => ({ data: [], stroke, clip: false as const })) },
    options: {
      animation: false,
      responsive: false,
      maintainAspectRatio: false,
      parsing: false,
      normalized: true,
      events: [],
      devicePixelRatio,
      layout: { padding: { top: TOP, right: RIGHT, left: 0, bottom: 0 }, autoPadding: false },
      scales: {
        x: {
          type: 'axis',
          shown: () => scene.x,
          room: BOTTOM,
          border: { display: true, color: theme.base, width: 1 },
          grid: { display: false, drawTicks: false },
          ticks: { ...ticks, padding: 5, align: 'inner' },
        },
        y: {
          type: 'axis',
          shown: () => scene.y,
          room: gutter,
          border: { display: false },
          grid: { color: theme.grid, lineWidth: 1, drawTicks: false },
          ticks,
        },
      },
    },
  };
}
