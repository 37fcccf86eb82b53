import { Scale, type CartesianScaleOptions, type CoreScaleOptions } from 'chart.js';
import type { Axis, Tick } from './axis';

export interface AxisScaleOptions extends CartesianScaleOptions {
  /** What to draw; range and ticks are decided before Chart.js is asked. A function, since it copies plain values. */
  shown: () => Axis;
  /** Room for the tick labels, px: width of a y axis, height of an x axis. */
  room: number;
}

declare module 'chart.js' {
  interface CartesianScaleTypeRegistry {
    axis: { options: AxisScaleOptions };
  }
}

/**
 * One Chart.js scale for every axis of ours: linear, logarithmic, symmetric-logarithmic and time differ only in the
 * {@link Axis} they are given. It never looks at the data.
 */
export class AxisScale extends Scale<AxisScaleOptions & CoreScaleOptions> {
  static id = 'axis';
  static defaults = { ticks: { autoSkip: false, maxRotation: 0 } };

  private shown!: Axis;

  override determineDataLimits(): void {
    // Chart.js has called the function by now.
    this.shown = this.options.shown as unknown as Axis;
    this.min = this.shown.min;
    this.max = this.shown.max;
  }
  override buildTicks(): Tick[] {
    return this.shown.ticks.map(({ value, label }) => ({ value, label }));
  }
  /** The ticks already have their labels. */
  override generateTickLabels(): void {}

  override getPixelForValue(value: number): number {
    return this.getPixelForDecimal(this.shown.fraction(value));
  }
  override getValueForPixel(pixel: number): number {
    return this.shown.valueAt(this.getDecimalForPixel(pixel));
  }
  /** Plots of a column line up: the room for labels never depends on them. */
  override fit(): void {
    super.fit();
    if (this.isHorizontal()) this.height = this.options.room;
    else this.width = this.options.room;
    this.paddingLeft = this.paddingTop = this.paddingRight = this.paddingBottom = 0;
  }
}
