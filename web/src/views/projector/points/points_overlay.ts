/** What is over the points, on a canvas of its own: links, names and labels, the axes, the area that is being marked. */
import { NEAREST, nearness, project, type View } from './point_camera';
import { isShown, type PointCloud } from './point_cloud';
import type { At } from './point_gestures';
import { placeLabels, type PlacedLabel, type WantedLabel } from './label_layout';
import { framedBy, grownBy, HALO, shapeOf, shapeOfPoint, textSize } from './point_sizes';
import type { PointsTheme } from './points_painter';
import type { PointsPicture } from './points_picture';

/** More labels are a blur. */
const MAX_LABELS = 200;
const MAX_TEXT = 48;
const FONT_PX = 12;
/** So many points are asked for their text, and so many are looked at, each time. */
const MAX_TEXTS = 1500;
const MAX_LOOKED_AT = 30_000;
/** Coprime with any count of points that is not a multiple of it: neighbours in a table are often alike. */
const STRIDE = 7919;
const HALO_PX = 3.5;
const LINK_WIDTH = 0.8;
/** The ring around the point that the pointer is on, and how far it is from its edge, px. */
const RING_WIDTH = 1.5;
const RING_GAP = 1.5;
const LINK_OPACITY = 0.45;
/** The cross of axes, in a square at the bottom left, px. */
const AXES_PX = 70;
const AXIS_PX = 30;
const INSET = 10;

interface Label extends WantedLabel {
  /** -1 = of a cluster. */
  point: number;
  text: string;
  font: string;
  colour: string;
}

export interface OverlayState {
  picture: PointsPicture;
  cloud: PointCloud;
  view: View;
  theme: PointsTheme;
  hovered: number;
  /** Corners of what is being marked. */
  area: readonly At[] | undefined;
}

export class PointsOverlay {
  readonly element = document.createElement('canvas');
  private placed: PlacedLabel[] = [];
  private before: ReadonlyMap<string, number> = new Map();
  private readonly widths = new Map<string, number>();

  draw(state: OverlayState): void {
    const { width, height } = state.view;
    const ratio = devicePixelRatio;
    const [wide, high] = [Math.round(width * ratio), Math.round(height * ratio)];
    if (this.element.width !== wide || this.element.height !== high)
      [this.element.width, this.element.height] = [wide, high];
    const pen = this.element.getContext('2d');
    if (!pen) return;
    pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    pen.clearRect(0, 0, width, height);
    this.placed = this.layOut(pen, state);
    this.before = new Map(this.placed.map(({ wanted, place }) => [wanted.key, place]));
    this.paint(pen, state);
  }

  /** The same on a picture of it, whose transform is that of the window. */
  paint(pen: CanvasRenderingContext2D, state: OverlayState): void {
    const { picture, cloud, view, theme, area } = state;
    paintLinks(pen, picture, cloud, view, theme);
    paintRing(pen, state);
    this.paintLabels(pen, picture, cloud, view, theme);
    if (view.is3d) paintAxes(pen, view, theme);
    if (area) paintArea(pen, area, theme);
  }

  /** How many points have a label. */
  get labelledPoints(): number {
    return this.placed.filter(({ wanted }) => (wanted as Label).point >= 0).length;
  }

  /** The point whose label is at a pixel; -1 = none. */
  labelAt({ x, y }: At): number {
    for (const { wanted, place } of this.placed) {
      const { point, places, width, height } = wanted as Label;
      const [left, top] = places[place] as readonly [number, number];
      if (point >= 0 && x >= left && x <= left + width && y >= top && y <= top + height) return point;
    }
    return -1;
  }

  // ---- labels

  private layOut(pen: CanvasRenderingContext2D, { picture, cloud, view, theme, hovered }: OverlayState): PlacedLabel[] {
    const at = new Float64Array(3);
    const isText = picture.form === 'text';
    const shape = shapeOf(picture);
    const seen = new Set<number>();
    const labelOf = (point: number, isWanted: boolean): Label[] => {
      if (point < 0 || point >= cloud.count || seen.has(point) || !isShown(cloud.states[point] as number)) return [];
      project(view, ...cloud.placeNow(point), at);
      const [x, y, w] = at as unknown as [number, number, number];
      if (w <= NEAREST || x < 0 || y < 0 || x > view.width || y > view.height) return [];
      const text = oneLine(picture.label(point));
      if (text === '') return [];
      seen.add(point);
      const size = isText ? textSize(picture) : FONT_PX;
      const font = `${isText && isWanted ? 700 : 500} ${size}px ${theme.font}`;
      const [width, height] = [this.widthOf(pen, text, font), size * 1.25];
      const aside = Math.max(shape.width, shape.height) / 2 + grownBy(cloud.states[point] as number) / 2 + 4;
      const places: Label['places'] = isText
        ? [[x - width / 2, y - height / 2]]
        : [
            [x + aside, y - height / 2],
            [x - aside - width, y - height / 2],
            [x - width / 2, y - aside - height],
            [x - width / 2, y + aside],
          ];
      const colour = isText ? colourText(picture.colours, point) : theme.ink;
      return [{ key: `${point}`, point, text, font, colour, width, height, places }];
    };
    const wanted = [hovered, ...picture.labelled.subarray(0, MAX_LABELS)].flatMap((point) => labelOf(point, true));
    const clusters = picture.clusters.flatMap(({ text: name }, i): Label[] => {
      const middle = cloud.middle(i);
      const text = oneLine(name);
      if (!middle || text === '') return [];
      project(view, ...middle, at);
      const [x, y, w] = at as unknown as [number, number, number];
      if (w <= NEAREST || x < 0 || y < 0 || x > view.width || y > view.height) return [];
      const font = `600 ${FONT_PX}px ${theme.font}`;
      const [width, height] = [this.widthOf(pen, text, font), FONT_PX * 1.25];
      const places: Label['places'] = [[x - width / 2, y - height / 2]];
      return [{ key: `cluster ${i}`, point: -1, text, font, colour: theme.ink, width, height, places }];
    });
    const texts = isText ? this.texts(cloud.count, labelOf) : [];
    return placeLabels([wanted, clusters, texts], view, this.before, MAX_LABELS);
  }

  /** Those that were there before, and some of all. */
  private texts(count: number, labelOf: (point: number, isWanted: boolean) => Label[]): Label[] {
    const texts = [...this.before.keys()].flatMap((key) => (key.startsWith('c') ? [] : labelOf(Number(key), false)));
    const stride = count % STRIDE === 0 ? 1 : STRIDE;
    for (let nth = 0; nth < Math.min(count, MAX_LOOKED_AT) && texts.length < MAX_TEXTS; nth++)
      texts.push(...labelOf((nth * stride) % count, false));
    return texts;
  }

  private widthOf(pen: CanvasRenderingContext2D, text: string, font: string): number {
    const key = `${font}\n${text}`;
    let width = this.widths.get(key);
    if (width === undefined) {
      pen.font = font;
      width = pen.measureText(text).width;
      if (this.widths.size > 10_000) this.widths.clear();
      this.widths.set(key, width);
    }
    return width;
  }

  private paintLabels(
    pen: CanvasRenderingContext2D,
    picture: PointsPicture,
    cloud: PointCloud,
    view: View,
    theme: PointsTheme,
  ): void {
    pen.textAlign = 'left';
    pen.textBaseline = 'middle';
    pen.lineJoin = 'round';
    pen.lineWidth = HALO_PX;
    pen.strokeStyle = theme.background;
    const at = new Float64Array(3);
    // What is wanted first is over the others' halos.
    for (const { wanted, place } of [...this.placed].reverse()) {
      const { point, text, font, colour, places, height } = wanted as Label;
      const [left, top] = places[place] as readonly [number, number];
      if (picture.form === 'text' && point >= 0) {
        // It stands for the dot.
        project(view, ...cloud.placeNow(point), at);
        pen.fillStyle = theme.background;
        pen.beginPath();
        pen.arc(at[0] as number, at[1] as number, (picture.size + grownBy(cloud.states[point] as number)) / 2 + HALO + 1, 0, 2 * Math.PI); // prettier-ignore
        pen.fill();
      }
      pen.font = font;
      pen.fillStyle = colour;
      pen.strokeText(text, left, top + height / 2);
      pen.fillText(text, left, top + height / 2);
    }
  }
}

/** From edge to edge of the dots, so that they lie under them. */
function paintLinks(
  pen: CanvasRenderingContext2D,
  { centre, linked, size }: PointsPicture,
  cloud: PointCloud,
  view: View,
  theme: PointsTheme,
): void {
  const isThere = (point: number): boolean =>
    point >= 0 && point < cloud.count && isShown(cloud.states[point] as number);
  if (!isThere(centre) || linked.length === 0) return;
  const [from, to] = [new Float64Array(3), new Float64Array(3)];
  project(view, ...cloud.placeNow(centre), from);
  if ((from[2] as number) <= NEAREST) return;
  const radius = (point: number): number => (size + grownBy(cloud.states[point] as number)) / 2;
  pen.strokeStyle = theme.ink;
  pen.globalAlpha = LINK_OPACITY;
  pen.lineWidth = LINK_WIDTH;
  pen.beginPath();
  for (const point of linked) {
    if (!isThere(point)) continue;
    project(view, ...cloud.placeNow(point), to);
    if ((to[2] as number) <= NEAREST) continue;
    const [dx, dy] = [(to[0] as number) - (from[0] as number), (to[1] as number) - (from[1] as number)];
    const length = Math.hypot(dx, dy);
    const [begin, end] = [radius(centre) / length, 1 - radius(point) / length];
    if (!(begin < end)) continue;
    pen.moveTo((from[0] as number) + dx * begin, (from[1] as number) + dy * begin);
    pen.lineTo((from[0] as number) + dx * end, (from[1] as number) + dy * end);
  }
  pen.stroke();
  pen.globalAlpha = 1;
}

/** Around the point that the pointer is on; where a text stands for it, that is enough. */
function paintRing(pen: CanvasRenderingContext2D, { picture, cloud, view, theme, hovered }: OverlayState): void {
  if (hovered < 0 || hovered >= cloud.count || !isShown(cloud.states[hovered] as number)) return;
  const at = new Float64Array(3);
  project(view, ...cloud.placeNow(hovered), at);
  const [x, y, w] = at as unknown as [number, number, number];
  if (w <= NEAREST || picture.form === 'text') return;
  const { width, height, round } = shapeOfPoint(picture, hovered);
  const near = view.is3d ? nearness(w) : 1;
  const more =
    RING_GAP +
    (round ? HALO + grownBy(cloud.states[hovered] as number) / 2 : HALO + framedBy(cloud.states[hovered] as number));
  pen.beginPath();
  if (round) pen.arc(x, y, (width * near) / 2 + more, 0, 2 * Math.PI);
  else pen.rect(x - (width * near) / 2 - more, y - (height * near) / 2 - more, width * near + 2 * more, height * near + 2 * more); // prettier-ignore
  pen.strokeStyle = theme.ink;
  pen.lineWidth = RING_WIDTH;
  pen.stroke();
}

function paintAxes(pen: CanvasRenderingContext2D, view: View, theme: PointsTheme): void {
  const [x, y] = [INSET + AXES_PX / 2, view.height - INSET - AXES_PX / 2];
  const [right, up] = view.axes;
  pen.strokeStyle = pen.fillStyle = theme.axis;
  pen.font = `${theme.fontSize}px ${theme.font}`;
  pen.textAlign = 'center';
  pen.textBaseline = 'middle';
  pen.lineWidth = 1;
  for (const [i, name] of ['x', 'y', 'z'].entries()) {
    const [dx, dy] = [right[i] as number, -(up[i] as number)];
    pen.beginPath();
    pen.moveTo(x, y);
    pen.lineTo(x + dx * AXIS_PX, y + dy * AXIS_PX);
    pen.stroke();
    const length = Math.hypot(dx, dy);
    // One that points at who looks has its name beside it.
    const [nx, ny] = length > 0.1 ? [dx / length, dy / length] : [0.7, 0.7];
    pen.fillText(name, x + dx * AXIS_PX + nx * 8, y + dy * AXIS_PX + ny * 8);
  }
}

function paintArea(pen: CanvasRenderingContext2D, corners: readonly At[], theme: PointsTheme): void {
  pen.beginPath();
  for (const { x, y } of corners) pen.lineTo(x, y);
  pen.closePath();
  pen.fillStyle = pen.strokeStyle = theme.focus;
  pen.globalAlpha = 0.12;
  pen.fill('evenodd');
  pen.globalAlpha = 1;
  pen.lineWidth = 1;
  pen.stroke();
}

function oneLine(text: string | undefined): string {
  const line = (text ?? '').slice(0, 4 * MAX_TEXT).replace(/\s+/g, ' ').trim(); // prettier-ignore
  return line.length > MAX_TEXT ? `${line.slice(0, MAX_TEXT - 1)}…` : line;
}

function colourText(colours: Uint8Array, point: number): string {
  return `rgb(${colours[4 * point]} ${colours[4 * point + 1]} ${colours[4 * point + 2]})`;
}
