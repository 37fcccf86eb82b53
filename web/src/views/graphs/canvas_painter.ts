import type { Box, EdgePiece } from '../../engine/graphs/graphs';
import { seenOf, type Camera, type Size } from './camera';
import { arrowOf, traceLine, type Pen } from './geometry';
import { valueOf } from './graph_text';
import { boxLook, DIM, edgeLook, HALO, NOTE_GAP, NOTE_SIZE, NO_MARKS, PILL_RADIUS, textPlaces, wordsOf, type BoxLook, type EdgeLook, type Marks, type Words } from './look'; // prettier-ignore
import { isKept, type Painter, type Picture } from './painter';
import { signOf, spotsOf } from './svg_painter';
import { textWidth } from './text_width';

/** At a smaller zoom nobody reads: no words, no corners, no arrows. */
const MIN_TEXT_ZOOM = 0.42;
const MIN_DETAIL_ZOOM = 0.2;
/** What is smaller on the screen is left out, px. */
const MIN_PX = 0.4;
/** So long it draws before the page has its turn, ms. */
const TURN_MS = 10;
/** It looks at the clock after so many shapes. */
const TURN_SHAPES = 60;
/** Lines that are drawn as one shape. */
const BUNDLE = 60;

/** Pieces of one look. */
interface Bundle {
  look: EdgeLook;
  pieces: number[];
}

/**
 * Draws a scene on a canvas, only what is seen of it: for scenes of any size. What takes long is drawn bit by bit beside
 * what was drawn before, which follows the camera meanwhile.
 */
export class CanvasPainter implements Painter {
  readonly element = document.createElement('canvas');
  /** What was drawn last, as a whole, and from where. */
  private readonly done = document.createElement('canvas');
  private doneFrom: Camera | undefined;
  /** What is being drawn. */
  private readonly next = document.createElement('canvas');
  private picture: Picture | undefined;
  private marks: Marks = NO_MARKS;
  private camera: Camera = { x: 0, y: 0, zoom: 1 };
  private view: Size = { width: 0, height: 0 };
  private moment: Parameters<Painter['morph']>[0];
  private frame = 0;
  private drawing: Generator<void> | undefined;
  private looks: BoxLook[] = [];
  /** Of boxes that were seen at a zoom at which they are read. */
  private words: Words[] = [];
  /** All pieces by how they look: weaker, where others are kept as they are. */
  private bundles: Bundle[] = [];
  /** Those that are not weaker, and those that are stronger, which lie over the others. */
  private keptBundles: Bundle[] = [];
  private hotBundles: Bundle[] = [];
  /** left, top, right, bottom of each piece. */
  private bounds = new Float64Array(0);

  show(picture: Picture): void {
    this.picture = picture;
    this.words = [];
    const { scene } = picture.index;
    // There are few kinds of looks.
    const looks = new Map<string, BoxLook>();
    this.looks = scene.boxes.map((box) => {
      const key = `${box.kind} ${box.open} ${box.colour.toFixed(2)} ${box.difference}`;
      const look = looks.get(key) ?? boxLook(box, picture.index.colour, picture.theme, false);
      looks.set(key, look);
      return look;
    });
    this.bundles = this.bundled(scene.pieces.keys());
    this.bounds = new Float64Array(4 * scene.pieces.length);
    scene.pieces.forEach(({ points }, i) => {
      const box = [Infinity, Infinity, -Infinity, -Infinity] as [number, number, number, number];
      for (let at = 0; at < points.length; at += 2) {
        const [x, y] = [points[at] as number, points[at + 1] as number];
        box[0] = Math.min(box[0], x);
        box[1] = Math.min(box[1], y);
        box[2] = Math.max(box[2], x);
        box[3] = Math.max(box[3], y);
      }
      this.bounds.set(box, 4 * i);
    });
    this.doneFrom = undefined;
    this.keptBundles = [];
    this.mark(NO_MARKS);
  }

  mark(marks: Marks): void {
    const { kept, hot } = marks;
    if (kept !== this.marks.kept) {
      const { pieces } = (this.picture as Picture).index.scene;
      this.bundles = this.bundled(pieces.keys(), { dim: kept !== undefined });
      this.keptBundles = kept ? this.bundled(onesOf(kept.pieces)) : [];
    }
    this.hotBundles = hot ? this.bundled(onesOf(hot.pieces), { hot: true }) : [];
    this.marks = marks;
    this.paint();
  }

  private bundled(which: Iterable<number>, { hot = false, dim = false } = {}): Bundle[] {
    const bundles = new Map<string, Bundle>();
    const { scene, colour } = (this.picture as Picture).index;
    const { theme } = this.picture as Picture;
    for (const i of which) {
      const piece = scene.pieces[i] as EdgePiece;
      const width = Math.round(piece.width * 2) / 2;
      const key = `${piece.kind} ${width} ${piece.difference}`;
      const bundle = bundles.get(key);
      if (bundle) bundle.pieces.push(i);
      else bundles.set(key, { look: edgeLook({ ...piece, width }, colour, theme, hot, dim), pieces: [i] });
    }
    return [...bundles.values()];
  }

  look(camera: Camera, view: Size): void {
    [this.camera, this.view] = [camera, view];
    this.paint();
  }

  morph(moment: Parameters<Painter['morph']>[0]): void {
    this.moment = moment;
    this.paint();
  }

  private paint(): void {
    this.drawing = undefined;
    if (this.frame === 0) this.frame = requestAnimationFrame(() => this.turn());
  }

  private turn(): void {
    this.frame = 0;
    const ratio = devicePixelRatio;
    const [width, height] = [Math.round(this.view.width * ratio), Math.round(this.view.height * ratio)];
    if (width === 0 || height === 0) return;
    if (!this.drawing) {
      if (this.next.width !== width || this.next.height !== height)
        [this.next.width, this.next.height] = [width, height];
      const pen = this.next.getContext('2d');
      if (!pen) return;
      this.drawing = this.draw(pen, ratio, { ...this.camera });
    }
    const end = performance.now() + TURN_MS;
    let isDone = false;
    while (performance.now() < end && !isDone) isDone = this.drawing.next().done === true;
    if (isDone) {
      this.drawing = undefined;
      [this.done.width, this.done.height] = [width, height];
      this.done.getContext('2d')?.drawImage(this.next, 0, 0);
      this.doneFrom = { ...this.camera };
    }
    this.put(width, height, ratio);
    if (!isDone) this.frame = requestAnimationFrame(() => this.turn());
  }

  /** What was drawn last, where it is now. */
  private put(width: number, height: number, ratio: number): void {
    const { element, doneFrom, camera, view } = this;
    if (element.width !== width || element.height !== height) [element.width, element.height] = [width, height];
    const pen = element.getContext('2d');
    if (!pen || !doneFrom) return;
    pen.setTransform(1, 0, 0, 1, 0, 0);
    pen.clearRect(0, 0, width, height);
    const scale = camera.zoom / doneFrom.zoom;
    const x = (view.width / 2 + (doneFrom.x - camera.x) * camera.zoom) * ratio - (scale * this.done.width) / 2;
    const y = (view.height / 2 + (doneFrom.y - camera.y) * camera.zoom) * ratio - (scale * this.done.height) / 2;
    pen.drawImage(this.done, x, y, this.done.width * scale, this.done.height * scale);
  }

  /** All of it; yields whenever something is drawn. */
  private *draw(pen: CanvasRenderingContext2D, ratio: number, camera: Camera): Generator<void> {
    const { picture, view, moment } = this;
    pen.setTransform(1, 0, 0, 1, 0, 0);
    pen.clearRect(0, 0, pen.canvas.width, pen.canvas.height);
    if (!picture) return;
    const { zoom } = camera;
    pen.setTransform(ratio * zoom, 0, 0, ratio * zoom, (view.width / 2 - camera.x * zoom) * ratio, (view.height / 2 - camera.y * zoom) * ratio); // prettier-ignore
    const { boxes } = picture.index.scene;
    let count = 0;
    const seen = seenOf(camera, view);
    const isSeen = (left: number, top: number, right: number, bottom: number): boolean =>
      right >= seen.x && left <= seen.x + seen.width && bottom >= seen.y && top <= seen.y + seen.height;
    const draw = (i: number): boolean => {
      const box = boxes[i] as Box;
      const [x, y, width, height] = moment ? moment.rects.subarray(4 * i, 4 * i + 4) : [box.x, box.y, box.width, box.height]; // prettier-ignore
      if (!isSeen(x as number, (y as number) - 6, (x as number) + (width as number) + 6, (y as number) + (height as number))) return false; // prettier-ignore
      if ((width as number) * zoom < MIN_PX) return false;
      const dim = this.marks.kept && !box.open && this.marks.kept.boxes[i] !== 1 ? DIM : 1;
      pen.globalAlpha = moment?.was[i] === 0 ? dim * moment.seen : dim;
      this.box(pen, box, i, x as number, y as number, width as number, height as number, zoom);
      return true;
    };
    for (const i of picture.index.order) if (boxes[i]?.open && draw(i) && ++count % TURN_SHAPES === 0) yield;
    yield* this.edges(pen, this.bundles, zoom, isSeen);
    yield* this.edges(pen, this.keptBundles, zoom, isSeen);
    yield* this.edges(pen, this.hotBundles, zoom, isSeen);
    for (const i of picture.index.order) if (!boxes[i]?.open && draw(i) && ++count % TURN_SHAPES === 0) yield;
    if (zoom >= MIN_TEXT_ZOOM) this.edgeLabels(pen, isSeen);
    pen.globalAlpha = 1;
  }

  private *edges(
    pen: CanvasRenderingContext2D,
    bundles: readonly Bundle[],
    zoom: number,
    isSeen: (left: number, top: number, right: number, bottom: number) => boolean,
  ): Generator<void> {
    const { pieces } = (this.picture as Picture).index.scene;
    const { bounds } = this;
    const line: Pen = pen;
    const alpha = this.moment?.seen ?? 1;
    for (const { look, pieces: own } of bundles) {
      pen.strokeStyle = pen.fillStyle = look.stroke;
      pen.globalAlpha = alpha;
      pen.lineJoin = 'round';
      // Thinner than a part of a pixel, it would be gone.
      pen.lineWidth = Math.max(look.width, 0.6 / zoom);
      pen.setLineDash(look.dash === '' || zoom < MIN_DETAIL_ZOOM ? [] : look.dash.split(' ').map(Number));
      let count = 0;
      pen.beginPath();
      for (const i of own) {
        const [left, top, right, bottom] = bounds.subarray(4 * i, 4 * i + 4) as unknown as [number, number, number, number]; // prettier-ignore
        if (!isSeen(left - 8, top - 8, right + 8, bottom + 8)) continue;
        if (Math.max(right - left, bottom - top) * zoom < MIN_PX) continue;
        const piece = pieces[i] as EdgePiece;
        if (zoom < MIN_DETAIL_ZOOM) straight(pen, piece.points);
        else traceLine(line, piece.points, piece.to >= 0);
        if (++count % BUNDLE !== 0) continue;
        pen.stroke();
        yield;
        pen.beginPath();
      }
      pen.stroke();
      if (zoom < MIN_DETAIL_ZOOM) continue;
      pen.setLineDash([]);
      pen.beginPath();
      for (const i of own) {
        const piece = pieces[i] as EdgePiece;
        if (piece.to < 0 || piece.points.length < 4) continue;
        const arrow = arrowOf(piece.points);
        if (!isSeen(arrow[0] - 8, arrow[1] - 8, arrow[0] + 8, arrow[1] + 8)) continue;
        pen.moveTo(arrow[0], arrow[1]);
        pen.lineTo(arrow[2], arrow[3]);
        pen.lineTo(arrow[4], arrow[5]);
        pen.closePath();
      }
      pen.fill();
      yield;
    }
    pen.setLineDash([]);
  }

  private edgeLabels(
    pen: CanvasRenderingContext2D,
    isSeen: (left: number, top: number, right: number, bottom: number) => boolean,
  ): void {
    const { labels, theme } = this.picture as Picture;
    const { hot } = this.marks;
    pen.font = `${NOTE_SIZE}px ${theme.font}`;
    pen.textAlign = 'left';
    pen.strokeStyle = theme.background;
    pen.lineWidth = HALO;
    pen.lineJoin = 'round';
    for (const label of labels) {
      const { piece, text, x, y } = label;
      if (!isSeen(x, y - 12, x + 8 * text.length, y)) continue;
      pen.globalAlpha = (isKept(label, this.marks) ? 1 : DIM) * (this.moment?.seen ?? 1);
      pen.fillStyle = hot?.pieces[piece] === 1 ? theme.ink : theme.ink3;
      pen.strokeText(text, x, y);
      pen.fillText(text, x, y);
    }
  }

  private box(
    pen: CanvasRenderingContext2D,
    box: Box,
    i: number,
    x: number,
    y: number,
    width: number,
    height: number,
    zoom: number,
  ): void {
    // prettier-ignore
    const { theme, index: { colour, scene } } = this.picture as Picture;
    const isSelected = this.marks.selected.has(i);
    const look = isSelected ? boxLook(box, colour, theme, true) : (this.looks[i] as BoxLook);
    const isPill = box.kind === 'op' || box.kind === 'stub';
    if (zoom < MIN_DETAIL_ZOOM && !isSelected) {
      // An outline of a pixel is all that is left of it.
      pen.fillStyle = box.open ? look.fill : look.stroke;
      pen.fillRect(x, y, width, height);
      if (!box.open && height * zoom > 3) {
        pen.fillStyle = look.fill;
        const line = 0.8 / zoom;
        pen.fillRect(x + line, y + line, width - 2 * line, height - 2 * line);
      }
      return;
    }
    const radius = isPill ? Math.min(PILL_RADIUS, height / 2) : box.open ? 4 : 3;
    const outline = (dx: number, dy: number, fill: string): void => {
      pen.beginPath();
      pen.roundRect(x + dx, y + dy, width, height, radius);
      pen.fillStyle = fill;
      pen.fill();
      pen.stroke();
    };
    pen.strokeStyle = !isSelected && i === this.marks.hovered && !box.open ? theme.ink : look.stroke;
    pen.lineWidth = Math.max(look.strokeWidth, look.strokeWidth / zoom / 1.5);
    pen.setLineDash(look.dash === '' ? [] : look.dash.split(' ').map(Number));
    if (box.kind === 'stack' && !box.open) for (const shift of [6, 3]) outline(shift, -shift, look.fill);
    if (box.share < 1 && look.fill !== look.plain) {
      outline(0, 0, look.plain);
      pen.beginPath();
      pen.roundRect(x, y, width * box.share, height, radius);
      pen.fillStyle = look.fill;
      pen.fill();
      pen.beginPath();
      pen.roundRect(x, y, width, height, radius);
      pen.stroke();
    } else outline(0, 0, look.fill);
    pen.setLineDash([]);
    if (zoom < MIN_TEXT_ZOOM) return;
    const { label, note, anchor } = textPlaces({ ...box, width, height });
    pen.textAlign = anchor === 'start' ? 'left' : 'center';
    const words = (this.words[i] ??= wordsOf(box, theme, textWidth, valueOf(box, colour, scene)));
    pen.font = words.font;
    pen.fillStyle = look.ink;
    pen.fillText(words.label, x + label[0], y + label[1]);
    if (words.note !== '') {
      const after = box.open ? pen.measureText(words.label).width + NOTE_GAP : 0;
      pen.font = words.noteFont;
      pen.fillStyle = look.note;
      pen.fillText(words.note, x + note[0] + after, y + note[1]);
    }
    pen.strokeStyle = look.sign;
    pen.lineWidth = 1;
    pen.save();
    pen.translate(x, y);
    if (box.expandable) pen.stroke(new Path2D(signOf(box, width)));
    pen.strokeStyle = theme.ink3;
    pen.fillStyle = theme.background;
    for (const spot of spotsOf({ ...box, width, height })) {
      const path = new Path2D(spot);
      pen.fill(path);
      pen.stroke(path);
    }
    pen.restore();
  }
}

function onesOf(bytes: Uint8Array): number[] {
  const ones: number[] = [];
  bytes.forEach((on, i) => {
    if (on === 1) ones.push(i);
  });
  return ones;
}

function straight(pen: CanvasRenderingContext2D, points: Float64Array): void {
  pen.moveTo(points[0] as number, points[1] as number);
  for (let at = 2; at < points.length; at += 2) pen.lineTo(points[at] as number, points[at + 1] as number);
}
