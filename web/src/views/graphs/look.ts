/** How boxes and edges look, in hex and px: what both painters draw, and what is saved. */
import type { Box, EdgePiece, GraphColour } from '../../engine/graphs/graphs';
import type { Lit } from './scene_index';

/** Colours that drawings of graphs need, `#rrggbb`. */
export interface GraphTheme {
  background: string;
  panel: string;
  sunken: string;
  line: string;
  control: string;
  ink: string;
  ink2: string;
  ink3: string;
  focus: string;
  ok: string;
  warn: string;
  error: string;
  /** Of classes, by index; those beyond have none. */
  classes: readonly string[];
  /** From the least to the most. */
  scale: readonly string[];
  font: string;
  dark: boolean;
}

export interface BoxLook {
  fill: string;
  /** Of the part that {@link Box.share} says; the rest is `plain`. */
  plain: string;
  stroke: string;
  strokeWidth: number;
  dash: string;
  ink: string;
  note: string;
  /** Of the sign on what can be opened. */
  sign: string;
}

/** What is told apart in a drawing that stays as it is. */
export interface Marks {
  /** Indices of the selected boxes. */
  selected: ReadonlySet<number>;
  /** Index of the box that the keys are on, or the pointer; -1 = none. */
  hovered: number;
  /** What is drawn stronger. */
  hot: Lit | undefined;
  /** What is not in it is drawn weaker. */
  kept: Lit | undefined;
}

export const NO_MARKS: Marks = { selected: new Set(), hovered: -1, hot: undefined, kept: undefined };
/** Opacity of what is drawn weaker. */
export const DIM = 0.3;
/** Edges are so much of their colour over the ground. They are opaque: where several share points they stay as light. */
const EDGE_PART = 0.75;
/** Signs of differences: what is told by colour is told by these, too. */
export const SIGNS = { same: '', changed: '±', added: '+', removed: '−' } as const;

/** The colour of a box by itself; undefined = it has none. */
export function colourOf(
  box: Pick<Box, 'colour' | 'difference'>,
  kind: GraphColour,
  theme: GraphTheme,
): string | undefined {
  if (kind === 'difference') {
    const { same, added, removed, changed } = {
      same: undefined,
      added: theme.ok,
      removed: theme.error,
      changed: theme.warn,
    };
    return { same, added, removed, changed }[box.difference];
  }
  if (kind === 'time' || kind === 'memory') return Number.isNaN(box.colour) ? undefined : scaled(theme, box.colour);
  return classColour(box.colour, theme);
}

/** The colour of a class; undefined = it has none: there are more classes than colours, and no two share one. */
export function classColour(index: number, theme: GraphTheme): string | undefined {
  return theme.classes[index];
}

/** A colour of the scale; the weakest is still told from nothing. */
export function scaled({ scale }: GraphTheme, value: number): string {
  const at = Math.min(1, Math.max(0, value)) * (scale.length - 1);
  const i = Math.min(scale.length - 2, Math.floor(at));
  return mix(scale[i + 1] as string, scale[i] as string, at - i);
}

export function boxLook(box: Box, kind: GraphColour, theme: GraphTheme, selected: boolean): BoxLook {
  const colour = colourOf(box, kind, theme);
  const isScale = kind === 'time' || kind === 'memory';
  const isOp = box.kind === 'op' || box.kind === 'stub';
  const plain = box.open ? theme.panel : isOp ? theme.sunken : theme.background;
  // Open boxes have no colour of a scale: what is in them has.
  const isTinted = colour !== undefined && (!isOp || kind !== 'structure');
  const outline = box.open ? theme.line : theme.control;
  const fill = !isTinted ? plain : isScale ? colour : mix(colour, theme.background, box.open ? 0.05 : 0.13);
  const stroke = isTinted && !isScale ? mix(colour, theme.background, box.open ? 0.55 : 0.7) : outline;
  const letters = isTinted && isScale ? readableOn(fill) : undefined;
  return {
    fill,
    plain,
    stroke: selected ? theme.ink : stroke,
    strokeWidth: selected ? 2 : 1,
    dash: box.kind === 'stub' || box.difference === 'removed' ? '3 2' : '',
    ink: letters ?? (box.kind === 'stub' ? theme.ink3 : theme.ink),
    note: letters ?? theme.ink3,
    sign: letters ?? theme.ink3,
  };
}

/** Black or white, whichever is told better from a colour that it lies on: at least 4.5 to 1. */
function readableOn(fill: string): string {
  const [black, white] = ['#000000', '#ffffff'];
  return contrast(black, fill) >= contrast(white, fill) ? black : white;
}

/** Contrast ratio of two colours, 1 to 21 (WCAG 2.1). */
export function contrast(one: string, other: string): number {
  const [a, b] = [luminance(one), luminance(other)];
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
}

/** Relative luminance (WCAG 2.1). */
function luminance(colour: string): number {
  const [red, green, blue] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

export interface EdgeLook {
  stroke: string;
  dash: string;
  width: number;
}

export function edgeLook(piece: EdgePiece, kind: GraphColour, theme: GraphTheme, hot: boolean, dim: boolean): EdgeLook {
  const changed =
    kind === 'difference' && piece.difference !== 'same'
      ? { added: theme.ok, removed: theme.error, changed: theme.warn }[piece.difference]
      : undefined;
  const colour = changed ?? (hot ? theme.ink : theme.control);
  return {
    stroke: hot ? colour : mix(colour, theme.background, dim ? DIM * EDGE_PART : EDGE_PART),
    dash: DASHES[piece.kind],
    width: piece.kind === 'control' ? Math.min(piece.width, 1.2) : piece.width,
  };
}

/** By kind of edge; a reference is told from a control edge by longer dashes. */
const DASHES = { data: '', control: '3 3', reference: '7 3' } as const;

/** What stands before the name of a box. */
export function labelOf(box: Box): string {
  const sign = SIGNS[box.difference];
  return sign === '' ? box.label : `${sign} ${box.label}`;
}

/** `part` of a colour over another one; both `#rrggbb`. */
export function mix(over: string, under: string, part: number): string {
  const channel = (colour: string, at: number): number => Number.parseInt(colour.slice(at, at + 2), 16);
  const mixed = [1, 3, 5].map((at) =>
    Math.round(channel(over, at) * part + channel(under, at) * (1 - part))
      .toString(16)
      .padStart(2, '0'),
  );
  return `#${mixed.join('')}`;
}

/** Where the words of a box are, px from its top left. */
export function textPlaces(box: Pick<Box, 'kind' | 'open' | 'width' | 'height' | 'note'>): {
  label: [x: number, y: number];
  note: [x: number, y: number];
  anchor: 'start' | 'middle';
} {
  const { width, height, open } = box;
  if (open) return { label: [OPEN_LEFT, 17], note: [OPEN_LEFT, 17], anchor: 'start' };
  if (isOneLine(box) || box.note === '') return { label: [width / 2, height / 2 + 4], note: [0, 0], anchor: 'middle' };
  return { label: [width / 2, height / 2 - 1], note: [width / 2, height / 2 + 12], anchor: 'middle' };
}

/** Ops have no room for a second line; layers, which are higher, have their types there. */
function isOneLine({ kind, open, height }: Pick<Box, 'kind' | 'open' | 'height'>): boolean {
  return (kind === 'op' || kind === 'stub') && !open && height < 2 * OP_SIZE;
}

export const LABEL_SIZE = 12;
export const OP_SIZE = 11.5;
export const NOTE_SIZE = 10.5;
/** Of the corners of what is drawn as a pill, px: half the height of an op. */
export const PILL_RADIUS = 10;
/** Of the words of a box, px: within a pill, within another closed box, around the words and sign of an open one. */
const PILL_PADDING = 12;
const CLOSED_PADDING = 18;
const OPEN_PADDING = 36;
/** From the left of an open box to its words, px. */
const OPEN_LEFT = 10;
/** Between the label of an open box and its note, px. */
export const NOTE_GAP = 5;

/** The words of a box, as long as it has room for; boxes have a greatest width, names have none. */
export interface Words {
  label: string;
  note: string;
  /** The font of the label, as CSS writes it. */
  font: string;
  noteFont: string;
  /** They are not all there is. */
  cut: boolean;
}

/**
 * @param widthOf how wide a text is in a CSS font, px
 * @param value what the box is coloured by, where that is a number
 */
export function wordsOf(
  box: Box,
  { font }: GraphTheme,
  widthOf: (text: string, font: string) => number,
  value = '',
): Words {
  const isPill = box.kind === 'op' || box.kind === 'stub';
  const fonts = {
    font: isPill ? `${OP_SIZE}px ${font}` : `500 ${LABEL_SIZE}px ${font}`,
    noteFont: `${NOTE_SIZE}px ${font}`,
  };
  const name = labelOf(box);
  const wholeNote = isOneLine(box) ? '' : value === '' ? box.note : value;
  const room = box.open
    ? Math.min(box.width - OPEN_PADDING, box.header - OPEN_LEFT)
    : box.width - (isPill ? PILL_PADDING : CLOSED_PADDING);
  const label = elided(name, room, (text) => widthOf(text, fonts.font));
  const noteRoom = box.open && wholeNote !== '' ? room - widthOf(label, fonts.font) - NOTE_GAP : room;
  const note = elided(wholeNote, noteRoom, (text) => widthOf(text, fonts.noteFont));
  return { label, note, ...fonts, cut: label !== name || note !== wholeNote };
}

/** A text, or as much of its beginning as there is room for, with an ellipsis; '' = not even that has. */
export function elided(text: string, room: number, widthOf: (text: string) => number): string {
  if (text === '' || widthOf(text) <= room) return text;
  const letters = [...text];
  const upTo = (count: number): string => `${letters.slice(0, count).join('').trimEnd()}…`;
  let [fits, tooMany] = [0, letters.length];
  while (tooMany - fits > 1) {
    const count = (fits + tooMany) >> 1;
    if (widthOf(upTo(count)) <= room) fits = count;
    else tooMany = count;
  }
  return fits === 0 ? '' : upTo(fits);
}
/** Ground around the letters of a label, which may lie over a line, px. */
export const HALO = 3;
