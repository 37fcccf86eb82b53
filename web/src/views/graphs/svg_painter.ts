import type { Box } from '../../engine/graphs/graphs';
import type { Camera, Size } from './camera';
import { arrowOf, PathText, traceLine } from './geometry';
import { valueOf } from './graph_text';
import { boxLook, DIM, edgeLook, HALO, labelOf, LABEL_SIZE, NOTE_GAP, NOTE_SIZE, NO_MARKS, OP_SIZE, PILL_RADIUS, textPlaces, wordsOf, type Marks } from './look'; // prettier-ignore
import { isKept, type Painter, type Picture } from './painter';
import { textWidth } from './text_width';

/** At a smaller zoom nobody reads: words are left out. */
const MIN_TEXT_ZOOM = 0.33;
const SVG = 'http://www.w3.org/2000/svg';

function make<K extends keyof SVGElementTagNameMap>(
  name: K,
  attributes: Record<string, string | number>,
): SVGElementTagNameMap[K] {
  const element = document.createElementNS(SVG, name);
  set(element, attributes);
  return element;
}

function set(element: Element, attributes: Record<string, string | number>): void {
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
}

interface BoxParts {
  group: SVGGElement;
  /** Its outline, and what is drawn behind and in it, of its size. */
  rects: { rect: SVGRectElement; share: number }[];
  texts: SVGTextElement[];
  sign: SVGPathElement | undefined;
  /** What marks it has; undefined = none were drawn yet. */
  marked?: number | undefined;
}

interface PieceParts {
  line: SVGPathElement;
  arrow: SVGPathElement | undefined;
  marked?: number | undefined;
}

/** Draws a scene as SVG elements: sharp at any zoom, for scenes of some hundred boxes. Also what is saved. */
export class SvgPainter implements Painter {
  readonly element = make('svg', { 'font-family': 'sans-serif' });
  private readonly root = make('g', {});
  private readonly open = make('g', {});
  private readonly edges = make('g', { fill: 'none', 'stroke-linecap': 'butt', 'stroke-linejoin': 'round' });
  /** Edges by how strong they are: weaker ones lie under the others. */
  private readonly weak = make('g', {});
  private readonly usual = make('g', {});
  private readonly hot = make('g', {});
  private readonly closed = make('g', {});
  private readonly labels = make('g', {});
  private picture: Picture | undefined;
  private boxes: BoxParts[] = [];
  private pieces: PieceParts[] = [];
  private texts: SVGTextElement[] = [];
  private marks: Marks = NO_MARKS;

  constructor() {
    this.edges.append(this.weak, this.usual, this.hot);
    this.root.append(this.open, this.edges, this.closed, this.labels);
    this.element.append(this.root);
  }

  show(picture: Picture): void {
    this.picture = picture;
    this.element.setAttribute('font-family', picture.theme.font);
    for (const part of [this.open, this.weak, this.usual, this.hot, this.closed, this.labels]) part.replaceChildren();
    const { boxes, pieces } = picture.index.scene;
    this.boxes = [];
    for (const i of picture.index.order) {
      const parts = this.box(boxes[i] as Box, picture);
      this.boxes[i] = parts;
      (boxes[i]?.open ? this.open : this.closed).append(parts.group);
    }
    this.texts = picture.labels.map(({ x, y, text }) => {
      const label = make('text', { x, y, 'font-size': NOTE_SIZE, 'paint-order': 'stroke', 'stroke-width': HALO });
      label.textContent = text;
      this.labels.append(label);
      return label;
    });
    this.pieces = pieces.map((piece) => {
      const pen = new PathText();
      traceLine(pen, piece.points, piece.to >= 0);
      const line = make('path', { d: pen.text });
      const arrow = piece.to >= 0 ? make('path', { d: `M${arrowOf(piece.points).map((at) => at.toFixed(1)).join(' ')}z` }) : undefined; // prettier-ignore
      this.usual.append(line, ...(arrow ? [arrow] : []));
      return { line, arrow };
    });
    this.paint();
  }

  private box(box: Box, { theme, index: { colour, scene } }: Picture): BoxParts {
    const look = boxLook(box, colour, theme, false);
    const group = make('g', { transform: `translate(${box.x} ${box.y})` });
    const isPill = box.kind === 'op' || box.kind === 'stub';
    const radius = isPill ? PILL_RADIUS : box.open ? 4 : 3;
    const outline = { rx: radius, stroke: look.stroke, ...(look.dash ? { 'stroke-dasharray': look.dash } : {}) };
    const rects: BoxParts['rects'] = [];
    const add = (attributes: Record<string, string | number>, share = 1): void => {
      const rect = make('rect', { ...outline, ...attributes });
      rects.push({ rect, share });
      group.append(rect);
    };
    if (box.kind === 'stack' && !box.open) for (const shift of [6, 3]) add({ x: shift, y: -shift, fill: look.fill });
    if (box.share < 1 && look.fill !== look.plain) {
      add({ fill: look.plain });
      add({ fill: look.fill, stroke: 'none' }, box.share);
      add({ fill: 'none' });
    } else add({ fill: look.fill });
    const { label, note, anchor } = textPlaces(box);
    const { label: labelText, note: noteText, cut } = wordsOf(box, theme, textWidth, valueOf(box, colour, scene));
    if (cut) {
      const title = make('title', {});
      title.textContent = [labelOf(box), box.note].filter((text) => text !== '').join(', ');
      group.prepend(title);
    }
    const words = (x: number, y: number, size: number, fill: string, weight = 400): SVGTextElement =>
      make('text', { x, y, 'font-size': size, 'font-weight': weight, fill, 'text-anchor': anchor });
    const name = words(...label, isPill ? OP_SIZE : LABEL_SIZE, look.ink, isPill ? 400 : 500);
    name.textContent = labelText;
    const texts = [name];
    if (noteText !== '') {
      if (box.open) {
        const more = make('tspan', { 'font-size': NOTE_SIZE, 'font-weight': 400, fill: look.note, dx: NOTE_GAP });
        more.textContent = noteText;
        name.append(more);
      } else {
        const more = words(...note, NOTE_SIZE, look.note);
        more.textContent = noteText;
        texts.push(more);
      }
    }
    group.append(...texts);
    const sign = box.expandable ? make('path', { fill: 'none', stroke: look.sign }) : undefined;
    if (sign) group.append(sign);
    for (const spot of spotsOf(box))
      group.append(make('path', { d: spot, fill: theme.background, stroke: theme.ink3 }));
    const parts = { group, rects, texts, sign };
    this.size(parts, box, box.width, box.height);
    return parts;
  }

  private size(parts: BoxParts, box: Box, width: number, height: number): void {
    for (const { rect, share } of parts.rects) set(rect, { width: Math.max(0, width * share), height });
    if (parts.sign) parts.sign.setAttribute('d', signOf(box, width));
  }

  /** Colours and marks of what is there; what has the marks that it had is left alone. */
  private paint(): void {
    if (!this.picture) return;
    const { index, theme } = this.picture;
    const { colour } = index;
    const { selected, hovered, hot, kept } = this.marks;
    index.scene.boxes.forEach((box, i) => {
      const parts = this.boxes[i];
      if (!parts) return;
      const isSelected = selected.has(i);
      const isWeak = kept !== undefined && !box.open && kept.boxes[i] !== 1;
      const marked = Number(isSelected) + 2 * Number(i === hovered) + 4 * Number(isWeak);
      if (parts.marked === marked) return;
      parts.marked = marked;
      const look = boxLook(box, colour, theme, isSelected);
      const stroke = !isSelected && i === hovered && !box.open ? theme.ink : look.stroke;
      for (const { rect } of parts.rects)
        if (rect.getAttribute('stroke') !== 'none') set(rect, { stroke, 'stroke-width': look.strokeWidth });
      setOpacity(parts.group, isWeak ? DIM : 1);
    });
    index.scene.pieces.forEach((piece, i) => {
      const parts = this.pieces[i];
      if (!parts) return;
      const isHot = hot?.pieces[i] === 1;
      const isWeak = kept !== undefined && kept.pieces[i] !== 1;
      const marked = Number(isHot) + 2 * Number(isWeak);
      if (parts.marked === marked) return;
      parts.marked = marked;
      const look = edgeLook(piece, colour, theme, isHot, isWeak);
      const layer = isHot ? this.hot : isWeak ? this.weak : this.usual;
      if (parts.line.parentNode !== layer) layer.append(parts.line, ...(parts.arrow ? [parts.arrow] : []));
      set(parts.line, { stroke: look.stroke, 'stroke-width': look.width, 'stroke-dasharray': look.dash || 'none' });
      parts.arrow?.setAttribute('fill', look.stroke);
    });
    this.picture.labels.forEach((label, i) => {
      const text = this.texts[i] as SVGTextElement;
      set(text, { fill: hot?.pieces[label.piece] === 1 ? theme.ink : theme.ink3, stroke: theme.background });
      setOpacity(text, isKept(label, this.marks) ? 1 : DIM);
    });
  }

  mark(marks: Marks): void {
    this.marks = marks;
    this.paint();
  }

  look({ x, y, zoom }: Camera, { width, height }: Size): void {
    const place = `translate(${width / 2 - x * zoom} ${height / 2 - y * zoom}) scale(${zoom})`;
    this.root.setAttribute('transform', place);
    const hasText = zoom >= MIN_TEXT_ZOOM;
    this.element.classList.toggle('far', !hasText);
  }

  morph(moment: { rects: Float64Array; was: Uint8Array; seen: number } | undefined): void {
    const boxes = this.picture?.index.scene.boxes ?? [];
    setOpacity(this.edges, moment?.seen ?? 1);
    setOpacity(this.labels, moment?.seen ?? 1);
    boxes.forEach((box, i) => {
      const parts = this.boxes[i];
      if (!parts) return;
      const [x, y, width, height] = moment
        ? moment.rects.subarray(4 * i, 4 * i + 4)
        : [box.x, box.y, box.width, box.height];
      parts.group.setAttribute('transform', `translate(${x} ${y})`);
      this.size(parts, box, width as number, height as number);
      if (moment?.was[i] === 0) setOpacity(parts.group, moment.seen);
      if (!moment) parts.marked = undefined;
    });
    if (!moment) this.paint();
  }
}

/** What may stand nowhere in XML 1.0 (section 2.2): names of nodes may hold anything. */
// eslint-disable-next-line no-control-regex
const NOT_XML = /[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/g;

/** The picture as it is saved: a part of the drawing as a file of its own. */
export function svgText(picture: Picture, marks: Marks, camera: Camera, view: Size): string {
  const painter = new SvgPainter();
  painter.show(picture);
  painter.mark(marks);
  painter.look(camera, view);
  const { width, height } = view;
  const ground = make('rect', { width, height, fill: picture.theme.background });
  set(painter.element, { width, height, viewBox: `0 0 ${width} ${height}` });
  painter.element.removeAttribute('class');
  painter.element.prepend(ground);
  return new XMLSerializer().serializeToString(painter.element).replace(NOT_XML, '\ufffd');
}

function setOpacity(element: Element, opacity: number): void {
  if (opacity === 1) element.removeAttribute('opacity');
  else element.setAttribute('opacity', String(opacity));
}

/** A plus on what can be opened, a minus on what is open. */
export function signOf({ open }: Pick<Box, 'open'>, width: number): string {
  return open ? `M${width - 17} 12h8` : `M${width - 11} 7h6M${width - 8} 4v6`;
}

/** A small ring at the left of what constants go into, and bars at the right of what is summarised. */
export function spotsOf({ constants, summaries, height, width, open }: Box): string[] {
  const middle = open ? 13 : height / 2;
  return [
    ...(constants > 0 ? [`M-3 ${middle}a3 3 0 1 1 6 0a3 3 0 1 1 -6 0z`] : []),
    ...(summaries > 0 ? [-4, -1, 2].map((at, i) => `M${width + at} ${middle + 4}h2v${[-4, -8, -6][i]}h-2z`) : []),
  ];
}
