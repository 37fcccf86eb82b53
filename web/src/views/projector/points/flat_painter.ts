/** Draws points without a GPU: the farthest first, in slices; while the camera moves, only some of them. */
import { colourOf, RAMP, rampOf } from '../../../charts/colour_ramp';
import { DotRaster, mix } from './dot_raster';
import { NEAREST, nearness, project, type View } from './point_camera';
import { isShown, rankOf, type PointCloud } from './point_cloud';
import { densest, densityShare, farness, FOG, FRAME, framedBy, grownBy, HALO, LINE_SHARE, LINE_WIDTH, RING, shapeOf, spotSize, strengthOf } from './point_sizes'; // prettier-ignore
import type { PointsPainter, PointsTheme } from './points_painter';
import { EMPHASIS, NO_CELL, type PointsPicture } from './points_picture';
import { BATCH, inSlices } from './slices';
import { cornerOf } from './sprite_pages';

/** So many are drawn while the camera moves. */
const MAX_MOVING = 8000;
/** Between two looks at the clock, shapes that are drawn. */
const SHAPES = 1024;
const SPRITES = 128;
/** Points of one slab are in the same fog. */
const SLABS = 16;
/** Of a point that is not drawn. */
const NO_GROUP = 255;
/** Width of a cell in which points are counted for density, px. */
const CELL = 2;

interface Scene {
  picture: PointsPicture;
  cloud: PointCloud;
  view: View;
  theme: PointsTheme;
}

export class FlatPainter implements PointsPainter {
  readonly renderer = 'Canvas';
  readonly glides = false;
  private picture: PointsPicture | undefined;
  private cloud: PointCloud | undefined;
  private running: { moving: boolean; stop: AbortController } | undefined;
  private next: (() => void) | undefined;

  constructor(readonly element: HTMLCanvasElement) {}

  show(picture: PointsPicture, cloud: PointCloud): void {
    [this.picture, this.cloud] = [picture, cloud];
  }

  /** What is being drawn is drawn to its end, so that something is seen however often it changes. */
  draw(view: View, theme: PointsTheme, moving: boolean): void {
    this.next = () => void this.run(view, theme, moving);
    if (moving && this.running?.moving === false) this.running.stop.abort();
    else if (!this.running) this.goOn();
  }

  private async run(view: View, theme: PointsTheme, moving: boolean): Promise<void> {
    this.next = undefined;
    const stop = new AbortController();
    this.running = { moving, stop };
    const drawn = await this.picturePart(view, theme, devicePixelRatio, moving ? MAX_MOVING : Infinity, stop.signal);
    this.running = undefined;
    if (drawn) {
      [this.element.width, this.element.height] = [drawn.width, drawn.height];
      this.element.getContext('2d')?.drawImage(drawn, 0, 0);
    }
    this.goOn();
  }

  private goOn(): void {
    this.next?.();
  }

  async still(view: View, theme: PointsTheme, ratio: number): Promise<HTMLCanvasElement> {
    const { signal } = new AbortController();
    return (await this.picturePart(view, theme, ratio, Infinity, signal)) ?? this.element;
  }

  private async picturePart(
    view: View,
    theme: PointsTheme,
    ratio: number,
    most: number,
    signal: AbortSignal,
  ): Promise<HTMLCanvasElement | undefined> {
    const { picture, cloud } = this;
    const canvas = document.createElement('canvas');
    [canvas.width, canvas.height] = [Math.round(view.width * ratio), Math.round(view.height * ratio)];
    const pen = canvas.getContext('2d', { alpha: false, willReadFrequently: true });
    if (!picture || !cloud || !pen) return undefined;
    pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    pen.fillStyle = theme.background;
    pen.fillRect(0, 0, view.width, view.height);
    return inSlices(paint(pen, { picture, cloud, view, theme }, most), signal);
  }

  dispose(): void {
    this.next = undefined;
    this.running?.stop.abort();
    this.picture = undefined;
  }
}

/** Where points are in the window, and which are drawn after which. */
interface Placed {
  xs: Float32Array;
  ys: Float32Array;
  ws: Float32Array;
  /** Those that are drawn, the first one first: by rank, then from the back. */
  order: Uint32Array;
}

function* paint(pen: CanvasRenderingContext2D, scene: Scene, most: number): Generator<undefined, HTMLCanvasElement> {
  const placed = yield* place(scene, most);
  if (scene.picture.density) yield* paintDensity(pen, scene, placed);
  yield* paintLines(pen, scene);
  if (shapeOf(scene.picture).round) yield* paintDots(pen, scene, placed);
  else yield* paintSprites(pen, scene, placed);
  return pen.canvas;
}

function* place({ cloud, view }: Scene, most: number): Generator<undefined, Placed> {
  const { count, places, states } = cloud;
  const [xs, ys, ws] = [new Float32Array(count), new Float32Array(count), new Float32Array(count)];
  /** Of one rank and slab each; where each begins among all. */
  const groups = new Uint8Array(count);
  const begins = new Uint32Array(4 * SLABS + 1);
  const at = new Float64Array(3);
  const step = Math.max(1, Math.ceil(count / most));
  for (let i = 0; i < count; i++) {
    if (i % BATCH === BATCH - 1) yield;
    groups[i] = NO_GROUP;
    const state = states[i] as number;
    const isOut = state === EMPHASIS.lit || state === EMPHASIS.selected;
    if (!isShown(state) || (i % step !== 0 && !isOut)) continue;
    project(view, places[3 * i] as number, places[3 * i + 1] as number, places[3 * i + 2] as number, at);
    const [x, y, w] = at as unknown as [number, number, number];
    if (w <= NEAREST || x < -100 || y < -100 || x > view.width + 100 || y > view.height + 100) continue;
    [xs[i], ys[i], ws[i]] = [x, y, w];
    const slab = Math.min(SLABS - 1, Math.floor((1 - farness(w, view)) * SLABS));
    const group = rankOf(state) * SLABS + slab;
    groups[i] = group;
    (begins[group + 1] as number)++;
  }
  for (let group = 1; group < begins.length; group++) (begins[group] as number) += begins[group - 1] as number;
  const order = new Uint32Array(begins[begins.length - 1] as number);
  for (let i = 0; i < count; i++) {
    if (i % BATCH === BATCH - 1) yield;
    const group = groups[i] as number;
    if (group !== NO_GROUP) order[(begins[group] as number)++] = i;
  }
  return { xs, ys, ws, order };
}

function* paintDots(
  pen: CanvasRenderingContext2D,
  { picture, cloud, view, theme }: Scene,
  { xs, ys, ws, order }: Placed,
): Generator<undefined, void> {
  const ratio = pen.canvas.width / view.width;
  const image = pen.getImageData(0, 0, pen.canvas.width, pen.canvas.height);
  const { width, height } = image;
  const ground = colourOf(theme.background);
  const raster = new DotRaster({ data: new Uint32Array(image.data.buffer), width, height }, ground, HALO * ratio);
  const { colours, size } = picture;
  for (const [nth, i] of order.entries()) {
    if (nth % SHAPES === SHAPES - 1) yield;
    const state = cloud.states[i] as number;
    if (picture.density && grownBy(state) === 0) continue;
    const near = view.is3d ? nearness(ws[i] as number) : 1;
    const radius = ((size * near + grownBy(state)) / 2) * ratio;
    const [x, y] = [(xs[i] as number) * ratio, (ys[i] as number) * ratio];
    const strength = strengthOf(state, picture.opacity, theme) * fogged(state, ws[i] as number, view);
    const own = (colours[4 * i] as number) | ((colours[4 * i + 1] as number) << 8) | ((colours[4 * i + 2] as number) << 16); // prettier-ignore
    const isSelected = state === EMPHASIS.selected;
    if (isSelected) raster.dot(x, y, radius, colourOf(theme.ink));
    // With the halo that every dot has.
    raster.dot(
      x,
      y,
      isSelected ? radius - (RING + HALO) * ratio : radius,
      mix(ground, own, Math.round(256 * strength)),
    );
  }
  pen.putImageData(image, 0, 0);
}

function* paintSprites(
  pen: CanvasRenderingContext2D,
  { picture, cloud, view, theme }: Scene,
  { xs, ys, ws, order }: Placed,
): Generator<undefined, void> {
  const { sprites, colours } = picture;
  if (!sprites) return;
  const shape = shapeOf(picture);
  const sheet = { sheetWidth: sprites.image.width, sheetHeight: sprites.image.height, width: sprites.width, height: sprites.height }; // prettier-ignore
  for (const [nth, i] of order.entries()) {
    if (nth % SPRITES === SPRITES - 1) {
      settle(pen);
      yield;
    }
    const state = cloud.states[i] as number;
    if (picture.density && grownBy(state) === 0) continue;
    const near = view.is3d ? nearness(ws[i] as number) : 1;
    const [x, y] = [xs[i] as number, ys[i] as number];
    const [width, height] = [shape.width * near, shape.height * near];
    const strength = strengthOf(state, picture.opacity, theme) * fogged(state, ws[i] as number, view);
    const rgb = ((colours[4 * i] as number) << 16) | ((colours[4 * i + 1] as number) << 8) | (colours[4 * i + 2] as number); // prettier-ignore
    if (sprites.cells[i] === NO_CELL) {
      const radius = (picture.size * near + grownBy(state)) / 2;
      const isSelected = state === EMPHASIS.selected;
      disc(pen, x, y, radius + HALO, theme.background);
      if (isSelected) {
        disc(pen, x, y, radius, theme.ink);
        disc(pen, x, y, radius - RING, theme.background);
      }
      disc(pen, x, y, isSelected ? radius - RING - HALO : radius, mixed(rgb, strength, theme));
      continue;
    }
    const border = framedBy(state);
    const box = (style: string, more: number): void => {
      pen.fillStyle = style;
      pen.fillRect(x - width / 2 - more, y - height / 2 - more, width + 2 * more, height + 2 * more);
    };
    box(theme.background, border + HALO);
    if (state === EMPHASIS.selected) box(theme.ink, border);
    box(mixed(rgb, strength, theme), state === EMPHASIS.selected ? FRAME : border);
    const [left, top] = cornerOf(sheet, sprites.cells[i] as number);
    if (top + sprites.height <= sheet.sheetHeight) {
      box(theme.background, 0);
      pen.globalAlpha = strength;
      pen.drawImage(sprites.image, left, top, sprites.width, sprites.height, x - width / 2, y - height / 2, width, height); // prettier-ignore
      pen.globalAlpha = 1;
    }
  }
}

function disc(pen: CanvasRenderingContext2D, x: number, y: number, radius: number, colour: string): void {
  pen.fillStyle = colour;
  pen.beginPath();
  pen.arc(x, y, Math.max(0, radius), 0, 2 * Math.PI);
  pen.fill();
}

function* paintLines(
  pen: CanvasRenderingContext2D,
  { picture, cloud, view, theme }: Scene,
): Generator<undefined, void> {
  const { lines, colours, opacity } = picture;
  const [from, to] = [new Float64Array(3), new Float64Array(3)];
  const { states } = cloud;
  pen.lineWidth = LINE_WIDTH;
  for (let at = 0; at + 1 < lines.length; at += 2) {
    if (at % SHAPES === SHAPES - 2) {
      settle(pen);
      yield;
    }
    const [a, b] = [lines[at] as number, lines[at + 1] as number];
    if (!isShown(states[a] as number) || !isShown(states[b] as number)) continue;
    project(view, ...cloud.placeNow(a), from);
    project(view, ...cloud.placeNow(b), to);
    if ((from[2] as number) <= NEAREST || (to[2] as number) <= NEAREST) continue;
    const rgb = ((colours[4 * a] as number) << 16) | ((colours[4 * a + 1] as number) << 8) | (colours[4 * a + 2] as number); // prettier-ignore
    pen.strokeStyle = mixed(rgb, LINE_SHARE[states[a] === EMPHASIS.dimmed ? 'dimmed' : 'plain'] * opacity, theme);
    pen.beginPath();
    pen.moveTo(from[0] as number, from[1] as number);
    pen.lineTo(to[0] as number, to[1] as number);
    pen.stroke();
  }
}

/** Counts in cells, spread out as the soft spots are that a GPU draws. */
function* paintDensity(
  pen: CanvasRenderingContext2D,
  { picture, cloud, view, theme }: Scene,
  { xs, ys, order }: Placed,
): Generator<undefined, void> {
  const [columns, rows] = [Math.ceil(view.width / CELL), Math.ceil(view.height / CELL)];
  const counts = new Float32Array(columns * rows);
  for (const [nth, i] of order.entries()) {
    if (nth % BATCH === BATCH - 1) yield;
    const [x, y] = [Math.floor((xs[i] as number) / CELL), Math.floor((ys[i] as number) / CELL)];
    const isCounted = cloud.states[i] === EMPHASIS.plain || cloud.states[i] === EMPHASIS.dimmed;
    if (isCounted && x >= 0 && y >= 0 && x < columns && y < rows) (counts[y * columns + x] as number)++;
  }
  const reach = Math.ceil(spotSize(picture) / 2 / CELL);
  const kernel = Float32Array.from({ length: 2 * reach + 1 }, (_, i) => Math.exp(-4.5 * ((i - reach) / reach) ** 2));
  const across = yield* spread(counts, columns, rows, 1, kernel);
  const spots = yield* spread(across, columns, rows, columns, kernel);
  const image = new ImageData(columns, rows);
  const pixels = new Uint32Array(image.data.buffer);
  const ramp = rampOf(theme.sequential);
  const faint = Array.from({ length: RAMP }, (_, i) => rampOf([theme.background, hexOf(ramp[i] as number)]));
  const most = densest(picture, cloud, view);
  for (let cell = 0; cell < pixels.length; cell++) {
    const count = spots[cell] as number;
    const own = faint[Math.floor(densityShare(count, most) * (RAMP - 1))] as Uint32Array;
    pixels[cell] = own[Math.floor(Math.min(1, 4 * count) * (RAMP - 1))] as number;
  }
  yield;
  const small = document.createElement('canvas');
  [small.width, small.height] = [columns, rows];
  small.getContext('2d')?.putImageData(image, 0, 0);
  pen.drawImage(small, 0, 0, columns * CELL, rows * CELL);
}

/** A sum of neighbours, weighed, along rows (`stride` 1) or columns. */
function* spread(
  from: Float32Array,
  columns: number,
  rows: number,
  stride: number,
  kernel: Float32Array,
): Generator<undefined, Float32Array> {
  const to = new Float32Array(from.length);
  const reach = (kernel.length - 1) / 2;
  for (let y = 0; y < rows; y++) {
    if (y % 32 === 31) yield;
    for (let x = 0; x < columns; x++) {
      const [own, end] = stride === 1 ? [x, columns] : [y, rows];
      const cell = y * columns + x;
      let sum = 0;
      for (let k = Math.max(-reach, -own); k <= Math.min(reach, end - 1 - own); k++)
        sum += (from[cell + k * stride] as number) * (kernel[k + reach] as number);
      to[cell] = sum;
    }
  }
  return to;
}

/** A canvas puts drawing off: it is done now, so that slices are as long as they seem to be. */
function settle(pen: CanvasRenderingContext2D): void {
  pen.getImageData(0, 0, 1, 1);
}

function fogged(state: number, w: number, view: View): number {
  return state === EMPHASIS.lit || state === EMPHASIS.selected ? 1 : 1 - FOG * farness(w, view);
}

/** A colour that is mixed with the ground. */
function mixed(rgb: number, strength: number, { background }: PointsTheme): string {
  const ground = Number.parseInt(background.slice(1), 16);
  const channels = [16, 8, 0].map((shift) => {
    const [own, under] = [(rgb >> shift) & 255, (ground >> shift) & 255];
    return Math.round(under + (own - under) * strength);
  });
  return `rgb(${channels.join(' ')})`;
}

function hexOf(abgr: number): string {
  return `#${[0, 8, 16].map((shift) => ((abgr >>> shift) & 255).toString(16).padStart(2, '0')).join('')}`;
}
