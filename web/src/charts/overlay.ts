/** What moves with the pointer, painted on a canvas of its own above the chart: the chart is not drawn again. */
import type { ChartTheme } from './chart_theme';
import type { Area, Box } from './gestures';

export interface Crosshair {
  /** px within the element */
  left: number;
  /** Shown below the line; only where the pointer is. */
  label?: string | undefined;
  dots: { left: number; top: number; colour: string }[];
}

export function paintCrosshair(
  ctx: CanvasRenderingContext2D,
  area: Area,
  crosshair: Crosshair,
  theme: ChartTheme,
): void {
  const own = crosshair.label !== undefined;
  const left = Math.round(crosshair.left) + 0.5;
  ctx.save();
  ctx.strokeStyle = theme.cross;
  ctx.lineWidth = 1;
  if (!own) {
    ctx.setLineDash([3, 2]);
    ctx.globalAlpha = 0.55;
  }
  ctx.beginPath();
  ctx.moveTo(left, area.top);
  ctx.lineTo(left, area.top + area.height);
  ctx.stroke();
  ctx.restore();

  for (const dot of crosshair.dots) {
    ctx.beginPath();
    ctx.arc(dot.left, dot.top, 5, 0, 2 * Math.PI);
    ctx.fillStyle = theme.background;
    ctx.fill();
    ctx.beginPath();
    ctx.arc(dot.left, dot.top, 3.5, 0, 2 * Math.PI);
    ctx.fillStyle = dot.colour;
    ctx.fill();
  }

  if (!crosshair.label) return;
  ctx.font = `${theme.fontSize}px ${theme.font}`;
  const width = ctx.measureText(crosshair.label).width + 8;
  const from = Math.max(0, Math.min(left - width / 2, area.left + area.width + 12 - width));
  ctx.fillStyle = theme.cross;
  ctx.beginPath();
  ctx.roundRect(from, area.top + area.height + 2, width, 15, 2);
  ctx.fill();
  ctx.fillStyle = theme.background;
  ctx.textBaseline = 'middle';
  ctx.textAlign = 'center';
  ctx.fillText(crosshair.label, from + width / 2, area.top + area.height + 10);
}

export function paintBrush(ctx: CanvasRenderingContext2D, area: Area, box: Box, theme: ChartTheme): void {
  const [x0, x1] = box.x ?? [0, 1];
  const [y0, y1] = box.y ?? [0, 1];
  const [left, right] = [area.left + x0 * area.width, area.left + x1 * area.width];
  const [top, bottom] = [area.top + (1 - y1) * area.height, area.top + (1 - y0) * area.height];
  ctx.save();
  ctx.fillStyle = ctx.strokeStyle = theme.focus;
  ctx.globalAlpha = 0.12;
  ctx.fillRect(left, top, right - left, bottom - top);
  ctx.globalAlpha = 1;
  ctx.lineWidth = 1;
  ctx.beginPath();
  const line = (ax: number, ay: number, bx: number, by: number): void => {
    ctx.moveTo(ax, ay);
    ctx.lineTo(bx, by);
  };
  if (box.x) {
    line(left, top, left, bottom);
    line(right, top, right, bottom);
  }
  if (box.y) {
    line(left, top, right, top);
    line(left, bottom, right, bottom);
  }
  ctx.stroke();
  ctx.restore();
}
