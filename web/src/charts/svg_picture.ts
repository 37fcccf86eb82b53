/**
 * Charts as one picture in SVG: what a plot draws, in the same colours and from the same points, of any size and without a
 * canvas. Pure text.
 */
import type { Line } from '../engine/lines';
import type { Axis } from './axis';
import type { ChartTheme } from './chart_theme';
import { mainPoints } from './nearest';
import type { PlotLine } from './plot';

export interface PictureChart {
  title: string;
  /** What is special about y, e.g. "log"; '' = nothing. */
  flag: string;
  x: Axis;
  y: Axis;
  lines: readonly PlotLine[];
}

/** What a line is called, once for all charts. */
export interface PictureKey {
  label: string;
  colour: string;
  dash: readonly number[];
}

/** Of one chart, px. */
const WIDTH = 440;
const HEIGHT = 260;
const COLUMNS = 3;
const PLOT = { left: 54, top: 32, right: 14, bottom: 26 };
/** Width of a plot, px: what lines are asked for. */
export const PLOT_WIDTH = WIDTH - PLOT.left - PLOT.right;
const PLOT_HEIGHT = HEIGHT - PLOT.top - PLOT.bottom;
const KEY_HEIGHT = 20;
const MARK = 4;

/** @returns the text of an SVG file, and its size in px. */
export function svgPicture(
  charts: readonly PictureChart[],
  keys: readonly PictureKey[],
  theme: ChartTheme,
): { svg: string; width: number; height: number } {
  const columns = Math.max(1, Math.min(COLUMNS, charts.length));
  const width = columns * WIDTH;
  const top = Math.ceil(charts.length / columns) * HEIGHT;
  const perRow = Math.max(1, columns * 2);
  const height = top + Math.ceil(keys.length / perRow) * KEY_HEIGHT + 12;
  const parts = [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="${escaped(theme.font)}" font-size="${theme.fontSize}">`,
    `<rect width="100%" height="100%" fill="${theme.background}"/>`,
    `<clipPath id="plot"><rect y="-1" width="${PLOT_WIDTH}" height="${PLOT_HEIGHT + 2}"/></clipPath>`,
    ...charts.map((chart, i) => {
      const [left, down] = [(i % columns) * WIDTH, Math.floor(i / columns) * HEIGHT];
      return `<g transform="translate(${left} ${down})">${chartOf(chart, theme)}</g>`;
    }),
    ...keys.map((key, i) => {
      const [left, down] = [
        PLOT.left + ((i % perRow) * width) / perRow,
        top + Math.floor(i / perRow) * KEY_HEIGHT + 12,
      ];
      const stroke = strokeOf(key.colour, theme.lineWidth + 1, key.dash);
      return `<path d="M${left} ${down}h16" ${stroke}/><text x="${left + 22}" y="${down + 4}" fill="${theme.ink}">${escaped(short(key.label))}</text>`;
    }),
    '</svg>\n',
  ];
  return { svg: parts.join('\n'), width, height };
}

function chartOf({ title, flag, x, y, lines }: PictureChart, theme: ChartTheme): string {
  const across = (value: number): string => round(x.fraction(value) * PLOT_WIDTH);
  const down = (value: number): string => round((1 - y.fraction(value)) * PLOT_HEIGHT);
  const text = (label: string, at: string): string => `<text fill="${theme.axis}" ${at}>${escaped(label)}</text>`;
  return [
    `<text x="12" y="20" fill="${theme.ink}" font-size="13" font-weight="600">${escaped(title)}</text>`,
    flag === '' ? '' : text(flag, `x="${WIDTH - PLOT.right}" y="20" text-anchor="end"`),
    `<g transform="translate(${PLOT.left} ${PLOT.top})">`,
    ...y.ticks.map(({ value, label }) => {
      const at = down(value);
      return `<path d="M0 ${at}h${PLOT_WIDTH}" stroke="${theme.grid}"/>${text(label, `x="-7" y="${at}" dy="0.35em" text-anchor="end"`)}`;
    }),
    `<path d="M0 ${PLOT_HEIGHT}h${PLOT_WIDTH}" stroke="${theme.base}"/>`,
    ...x.ticks.map(({ value, label }) => {
      const at = x.fraction(value);
      const anchor = at < 0.05 ? 'start' : at > 0.95 ? 'end' : 'middle';
      return text(label, `x="${across(value)}" y="${PLOT_HEIGHT + 16}" text-anchor="${anchor}"`);
    }),
    '<g clip-path="url(#plot)" fill="none" stroke-linejoin="round">',
    // As in the plot: raw lines below all smoothed ones, the first line above the others.
    ...[...lines].reverse().flatMap(({ line, colour }) => {
      if (line.smoothed.length === 0) return [];
      return [
        `<path d="${pathOf(line.raw, across, down)}" ${strokeOf(colour, 1, [])} stroke-opacity="${theme.rawOpacity}"/>`,
      ];
    }),
    ...[...lines].reverse().map(({ line, colour, dash }) => {
      const path = `<path d="${pathOf(mainPoints(line), across, down)}" ${strokeOf(colour, theme.lineWidth, dash)}/>`;
      return `${path}${marksOf(line, colour, across)}`;
    }),
    '</g></g>',
  ].join('');
}

/** Points with a NaN break the line. */
function pathOf(points: Float64Array, across: (x: number) => string, down: (y: number) => string): string {
  let [path, pen] = ['', 'M'];
  for (let i = 0; i < points.length; i += 2) {
    const at = down(points[i + 1] as number);
    if (at === '') {
      pen = 'M';
      continue;
    }
    path += `${pen}${across(points[i] as number)} ${at}`;
    pen = 'L';
  }
  return path;
}

/** As in the plot: NaN hangs from the upper edge, an infinity points out of it on its own side. One for many side by side. */
function marksOf({ marks }: Line, colour: string, across: (x: number) => string): string {
  let [path, last, lastKind] = ['', -Infinity, NaN];
  for (let i = 0; i < marks.length; i += 2) {
    const [left, kind] = [Number(across(marks[i] as number)), marks[i + 1] as number];
    if (kind === lastKind && left - last < 2 * MARK) continue;
    [last, lastKind] = [left, kind];
    const [base, tip] = kind === 0 ? [0, 6] : kind > 0 ? [6, 0] : [PLOT_HEIGHT - 6, PLOT_HEIGHT];
    path += `M${left - MARK} ${base}h${2 * MARK}L${left} ${tip}z`;
  }
  return path === '' ? '' : `<path d="${path}" fill="${colour}"/>`;
}

function strokeOf(colour: string, width: number, dash: readonly number[]): string {
  return `stroke="${colour}" stroke-width="${width}"${dash.length > 0 ? ` stroke-dasharray="${dash.join(' ')}"` : ''}`;
}

/** '' = it is nowhere. */
function round(place: number): string {
  // Far outside is outside: a path with larger numbers is refused by some programs.
  return Number.isFinite(place) ? String(Math.round(Math.max(-1e4, Math.min(1e4, place)) * 10) / 10) : '';
}

function short(label: string): string {
  return label.length > 34 ? `…${label.slice(-33)}` : label;
}

/** What XML cannot hold at all is left out. */
function escaped(text: string): string {
  return (
    text
      // eslint-disable-next-line no-control-regex
      .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Surrogate}/gu, '')
      .replaceAll('&', '&amp;')
      .replaceAll('<', '&lt;')
      .replaceAll('"', '&quot;')
  );
}
