/** What colours mean, below a picture of points that is saved. */
import type { ChartTheme } from '../../charts/chart_theme';
import type { Legend } from './colouring';

const [PAD, LINE, FONT_PX] = [12, 20, 12];
const [DOT, DOT_GAP, ITEM_GAP] = [8, 6, 16];
const [RAMP_WIDTH, RAMP_HEIGHT] = [240, 10];
/** A longer label is cut, px. */
const MAX_LABEL = 240;
/** More letters than these are in no line of a picture; a cell may have a million. */
const MAX_LETTERS = 1000;

/** A part of a legend, in px from the top left corner; texts and dots stand on the middle of their line. */
export type LegendMark =
  | { kind: 'text'; x: number; y: number; text: string; align: 'left' | 'center' | 'right'; isTitle?: true }
  | { kind: 'dot'; x: number; y: number; colour: string }
  | { kind: 'ramp'; x: number; y: number; width: number; stops: readonly string[] };

/** @param widthOf of a text, px; titles are written larger */
export function legendMarks(
  title: string,
  legend: Legend,
  width: number,
  widthOf: (text: string, isTitle: boolean) => number,
): { marks: LegendMark[]; height: number } {
  const marks: LegendMark[] = [];
  if (legend.kind === 'nothing') return { marks, height: 0 };
  const room = Math.max(0, width - 2 * PAD);
  let [x, y] = [PAD, PAD + LINE / 2];
  const fitting = (text: string, most: number, isTitle: boolean): string => {
    const letters = [...text.slice(0, MAX_LETTERS)];
    if (text.length <= MAX_LETTERS && widthOf(text, isTitle) <= most) return text;
    const cut = (count: number): string => `${letters.slice(0, count).join('')}…`;
    let [fits, over] = [0, letters.length + 1];
    while (over - fits > 1) {
      const middle = (fits + over) >> 1;
      if (widthOf(cut(middle), isTitle) <= most) fits = middle;
      else over = middle;
    }
    return cut(fits);
  };
  const item = (colour: string, label: string): void => {
    const text = fitting(label, Math.min(MAX_LABEL, room - DOT - DOT_GAP), false);
    const own = DOT + DOT_GAP + widthOf(text, false);
    if (x > PAD && x + own > PAD + room) [x, y] = [PAD, y + LINE];
    marks.push({ kind: 'dot', x: x + DOT / 2, y, colour });
    marks.push({ kind: 'text', x: x + DOT + DOT_GAP, y, text, align: 'left' });
    x += own + ITEM_GAP;
  };
  marks.push({ kind: 'text', x, y, text: fitting(title, room, true), align: 'left', isTitle: true });
  y += LINE;
  if (legend.kind === 'classes') {
    for (const { colour, label, isHidden } of legend.classes) if (!isHidden) item(colour, label);
  } else {
    const long = Math.min(RAMP_WIDTH, room);
    marks.push({ kind: 'ramp', x, y: y - RAMP_HEIGHT / 2, width: long, stops: legend.stops });
    y += LINE;
    for (const { at, label } of legend.ticks) {
      const align = at === 0 ? 'left' : at === 1 ? 'right' : 'center';
      marks.push({ kind: 'text', x: PAD + at * long, y, text: label, align });
    }
    if (legend.without > 0) {
      y += LINE;
      item(legend.none, 'without a value');
    }
  }
  return { marks, height: y + LINE / 2 + PAD };
}

/** The picture with the legend below it. @param scale pixels of the picture for each px */
export function withLegend(
  picture: HTMLCanvasElement,
  scale: number,
  title: string,
  legend: Legend,
  theme: Pick<ChartTheme, 'background' | 'ink' | 'font'>,
): HTMLCanvasElement {
  const canvas = document.createElement('canvas');
  const pen = canvas.getContext('2d') as CanvasRenderingContext2D;
  const font = `${FONT_PX}px ${theme.font}`;
  const fontOf = (isTitle: boolean): string => (isTitle ? `600 ${font}` : font);
  const { marks, height } = legendMarks(title, legend, picture.width / scale, (text, isTitle) => {
    pen.font = fontOf(isTitle);
    return pen.measureText(text).width;
  });
  if (height === 0) return picture;
  [canvas.width, canvas.height] = [picture.width, picture.height + Math.round(height * scale)];
  pen.fillStyle = theme.background;
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.drawImage(picture, 0, 0);
  pen.translate(0, picture.height);
  pen.scale(scale, scale);
  pen.textBaseline = 'middle';
  for (const mark of marks) {
    if (mark.kind === 'text') {
      pen.font = fontOf(mark.isTitle === true);
      pen.textAlign = mark.align;
      pen.fillStyle = theme.ink;
      pen.fillText(mark.text, mark.x, mark.y);
    } else if (mark.kind === 'dot') {
      pen.fillStyle = mark.colour;
      pen.beginPath();
      pen.arc(mark.x, mark.y, DOT / 2, 0, 2 * Math.PI);
      pen.fill();
    } else {
      const ramp = pen.createLinearGradient(mark.x, 0, mark.x + mark.width, 0);
      mark.stops.forEach((colour, i) => ramp.addColorStop(i / Math.max(1, mark.stops.length - 1), colour));
      pen.fillStyle = ramp;
      pen.fillRect(mark.x, mark.y, mark.width, RAMP_HEIGHT);
    }
  }
  return canvas;
}

/** As a file. @throws Error when the browser cannot make one of so many pixels */
export function pngOf(canvas: HTMLCanvasElement): Promise<Blob> {
  return new Promise((resolve, reject) =>
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error('The picture is too large'))), 'image/png'),
  );
}
