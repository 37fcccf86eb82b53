/**
 * Lines drawn from typed arrays, point for point.
 *
 * Chart.js's own line drops points that fall on the same whole pixel, which loses peaks that the worker took care to
 * keep, and it makes an object of every point. Here it only owns the canvas, the scales and the order of drawing.
 */
import { DatasetController, Element, type ChartComponent, type ScatterControllerDatasetOptions } from 'chart.js';
import type { AxisScale } from './axis_scale';

/** One stroke of a chart. */
export interface Stroke {
  /** x and y alternate; y = NaN breaks the line. */
  points: Float64Array;
  /** x and kind alternate: 0 = NaN, 1 = +Infinity, −1 = −Infinity. Drawn as triangles at the edge. */
  marks: Float64Array;
  colour: string;
  /** px */
  width: number;
  alpha: number;
  dash: readonly number[];
}

declare module 'chart.js' {
  interface ChartTypeRegistry {
    lines: {
      chartOptions: object;
      datasetOptions: Partial<ScatterControllerDatasetOptions> & { stroke: Stroke };
      defaultDataPoint: never;
      metaExtensions: object;
      parsedDataType: never;
      scales: 'axis';
    };
  }
}

/** What parts of one line, which are of one colour, are told apart by: the first has the dash of the line. */
const PART_DASHES: readonly (readonly number[])[] = [[7, 3], [2, 2], [7, 2, 2, 2]]; // prettier-ignore

function dashOfPart(part: number, own: readonly number[]): number[] {
  const dashes = [own, ...PART_DASHES];
  return [...(dashes[part % dashes.length] as readonly number[])];
}

/**
 * Paints exactly the points of its stroke. Where it breaks and x goes back, as where a run was restarted, a part of its
 * own begins, with another dash.
 */
export class ExactLine extends Element {
  static id = 'exactLine';
  stroke?: Stroke;
  xScale?: AxisScale;
  yScale?: AxisScale;

  draw(ctx: CanvasRenderingContext2D): void {
    const { stroke, xScale, yScale } = this;
    if (!stroke || !xScale || !yScale) return;
    ctx.save();
    ctx.globalAlpha = stroke.alpha;
    ctx.lineWidth = stroke.width;
    // Where points are denser than pixels nobody sees the joins, and round ones cost twice as much to paint.
    ctx.lineJoin = stroke.points.length / 2 > xScale.width ? 'bevel' : 'round';
    ctx.setLineDash([...stroke.dash]);
    ctx.strokeStyle = ctx.fillStyle = stroke.colour;
    const single = this.paintLine(ctx, stroke, xScale, yScale);
    this.paintDots(ctx, stroke, single, xScale, yScale);
    this.paintMarks(ctx, stroke, xScale, yScale);
    ctx.restore();
  }

  /** @returns indices of the points that have no neighbour to be joined with. */
  private paintLine(
    ctx: CanvasRenderingContext2D,
    { points, width, dash }: Stroke,
    x: AxisScale,
    y: AxisScale,
  ): number[] {
    const single: number[] = [];
    let [run, part, before] = [0, 0, -Infinity];
    ctx.save();
    ctx.beginPath();
    ctx.rect(x.left - width, y.top - width, x.width + 2 * width, y.height + 2 * width);
    ctx.clip();
    ctx.beginPath();
    for (let i = 0; i <= points.length; i += 2) {
      const value = points[i + 1];
      // A value that the scale cannot show (≤ 0 on a logarithmic one) breaks the line too.
      const top = i < points.length ? y.getPixelForValue(value as number) : NaN;
      if (Number.isFinite(top)) {
        const at = points[i] as number;
        const left = x.getPixelForValue(at);
        if (run++ > 0) ctx.lineTo(left, top);
        else {
          // A part that lies over those before it.
          if (at < before) {
            ctx.stroke();
            ctx.beginPath();
            ctx.setLineDash(dashOfPart(++part, dash));
          }
          ctx.moveTo(left, top);
        }
        before = at;
      } else {
        if (run === 1) single.push(i - 2);
        run = 0;
      }
    }
    ctx.stroke();
    ctx.restore();
    return single;
  }

  /** Whole, also at the edge of the plot. */
  private paintDots(
    ctx: CanvasRenderingContext2D,
    { points, width }: Stroke,
    at: readonly number[],
    x: AxisScale,
    y: AxisScale,
  ): void {
    ctx.beginPath();
    for (const i of at) {
      const [left, top] = [x.getPixelForValue(points[i] as number), y.getPixelForValue(points[i + 1] as number)];
      if (left < x.left - 1 || left > x.right + 1 || top < y.top - 1 || top > y.bottom + 1) continue;
      ctx.moveTo(left, top);
      ctx.arc(left, top, width + 0.5, 0, 2 * Math.PI);
    }
    ctx.fill();
  }

  /** One triangle for each stretch of values that are not finite: where it begins. */
  private paintMarks(ctx: CanvasRenderingContext2D, { marks, points }: Stroke, x: AxisScale, y: AxisScale): void {
    ctx.beginPath();
    let [before, kindBefore, next] = [-Infinity, NaN, 0];
    for (let i = 0; i < marks.length; i += 2) {
      const [at, kind] = [marks[i] as number, marks[i + 1] as number];
      let isStart = kind !== kindBefore || at < before;
      for (; next < points.length && (points[next] as number) < at; next += 2) {
        isStart ||= (points[next] as number) > before && Number.isFinite(points[next + 1]);
      }
      [before, kindBefore] = [at, kind];
      if (!isStart) continue;
      const left = x.getPixelForValue(at);
      if (left < x.left - 1 || left > x.right + 1) continue;
      // NaN hangs from the upper edge, point down; an infinity points out of the plot on its own side.
      const [base, tip] = kind === 0 ? [y.top, y.top + 6] : kind > 0 ? [y.top + 6, y.top] : [y.bottom - 6, y.bottom];
      ctx.moveTo(left - 4, base);
      ctx.lineTo(left + 4, base);
      ctx.lineTo(left, tip);
    }
    ctx.fill();
  }
}

class ExactLineController extends DatasetController<'lines', never, ExactLine> {
  static id = 'lines';
  // Chart.js wants an element for points as well; none is ever made, since `data` is empty.
  static defaults = { datasetElementType: 'exactLine', dataElementType: 'exactLine' };

  override update(): void {
    const { dataset, xScale, yScale } = this._cachedMeta;
    if (!dataset) return;
    dataset.stroke = (this.getDataset() as unknown as { stroke: Stroke }).stroke;
    dataset.xScale = xScale as AxisScale;
    dataset.yScale = yScale as AxisScale;
  }
  override draw(): void {
    this._cachedMeta.dataset?.draw(this.chart.ctx);
  }
}

export const exactLineController: ChartComponent = ExactLineController;
