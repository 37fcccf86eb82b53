/** The two canvases of a card: what does not depend on the step, and what follows the step and the pointer. No state. */
import type { ChartTheme } from '../../charts/chart_theme';
import type { LineStyle } from '../../model/colours';
import type { Drawing, Rows, StepsDrawing } from './drawing';
import type { SeriesHistograms, Top } from './layout';
import type { Mark } from './marks';
import {
  mixed,
  paintBands,
  paintCurve,
  paintHeat,
  paintOverlay,
  paintRidges,
  rowOf,
  type Area,
  type Scale,
} from './paint';

/** Above the highest, for the marks of what is cut and half of a line, px. */
const CUT_ROOM_PX = 3;

/** The canvas of a drawing, empty. */
export function areaOf(canvas: HTMLCanvasElement | null, { wanted }: Drawing): Area | undefined {
  const context = canvas?.getContext('2d');
  if (!canvas || !context) return undefined;
  const { width, height } = wanted;
  const ratio = devicePixelRatio;
  const [wide, high] = [Math.round(width * ratio), Math.round(height * ratio)];
  if (canvas.width !== wide) canvas.width = wide;
  if (canvas.height !== high) canvas.height = high;
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, width, height);
  return { context, width, height };
}

/** One series at all of its steps. */
export function paintSteps(
  area: Area,
  drawing: Drawing,
  steps: StepsDrawing,
  one: SeriesHistograms,
  colour: string,
  theme: ChartTheme,
): void {
  const { rows, order, columns } = steps;
  if (drawing.wanted.mode === 'bands') {
    paintBands(area, one.facts, steps.x, order, { x: steps.axis, value: drawing.value }, colour, theme);
    return;
  }
  if (!rows) return;
  const scale = scaleOf(drawing, steps);
  if (columns) {
    paintHeat(area, rows, columns, scale, colour, theme);
  } else if (drawing.wanted.mode === 'offset') {
    const bases = Array.from(order, (point) => footOf(drawing, steps, point));
    paintRidges(area, rows, bases, scale, colour, theme);
  } else {
    paintOverlay(area, rows, order.length, scale, colour, theme);
  }
}

/** Several series at one step. */
export function paintMany(
  area: Area,
  { wanted: { measure } }: Drawing,
  marks: readonly Mark[],
  top: Top,
  styleOf: (series: number) => LineStyle,
  theme: ChartTheme,
): void {
  const cumulative = measure === 'cumulative';
  const scale = { top, height: area.height - CUT_ROOM_PX, cumulative };
  for (const { of, rows, isBase } of marks) {
    const { colour, dash } = styleOf(of.series);
    const style = {
      stroke: isBase ? mixed(theme.background, colour, 0.6) : colour,
      cut: theme.warn,
      dash: isBase ? [3, 3] : dash,
      ...(marks.length <= 4 && !isBase && !cumulative ? { fill: mixed(theme.background, colour, 0.13) } : {}),
    };
    paintCurve(area, rows, area.height, scale, style);
  }
}

/**
 * The histogram at the step and the one under the pointer, where steps are drawn as lines.
 *
 * @param hovered index of the point under the pointer
 */
export function paintMarks(
  area: Area,
  drawing: Drawing,
  marks: readonly Mark[],
  hovered: number | undefined,
  theme: ChartTheme,
): void {
  const { steps } = drawing;
  if (!steps?.rows || steps.columns) return;
  const scale = scaleOf(drawing, steps);
  const curve = (rows: Rows, point: number, stroke: string): void =>
    paintCurve(area, rows, footOf(drawing, steps, point), scale, { stroke, cut: theme.warn });
  for (const { point, rows } of marks) curve(rows, point, theme.ink);
  const index = hovered === undefined ? -1 : steps.order.indexOf(hovered);
  if (hovered === undefined || index < 0) return;
  curve({ cells: rowOf(steps.rows, index), places: steps.rows.places }, hovered, theme.focus);
}

/** How high its rows are drawn. */
function scaleOf({ top, wanted: { measure } }: Drawing, { ridge }: StepsDrawing): Scale {
  return { top, height: ridge - CUT_ROOM_PX, cumulative: measure === 'cumulative' };
}

/** Where the row of a point stands, px. */
function footOf({ wanted: { mode, height } }: Drawing, { axis, x, ridge }: StepsDrawing, point: number): number {
  return mode === 'offset' ? ridge + axis.fraction(x[point] as number) * (height - ridge) : height;
}
