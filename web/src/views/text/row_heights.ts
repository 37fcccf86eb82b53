/** A mean that has changed by less is no news. */
const NEWS = 0.1;

/**
 * Where rows of unequal height lie below each other, which are measured only once they exist. Until then a row is as
 * high as those that were measured are on average. Pure; in px.
 */
export class RowHeights {
  /** NaN = it was not measured. */
  private readonly heights: Float64Array;
  private readonly tops: Float64Array;
  /** Tops up to this row are right. */
  private valid = 0;
  private sum = 0;
  private measured = 0;

  /** @param estimate height of a row while none was measured. */
  constructor(
    readonly count: number,
    private estimate: number,
  ) {
    this.heights = new Float64Array(count).fill(NaN);
    this.tops = new Float64Array(count + 1);
  }

  /** @returns whether it is another one than was known. */
  set(row: number, height: number): boolean {
    if (row >= this.count || this.heights[row] === height) return false;
    const before = this.heights[row] as number;
    if (Number.isNaN(before)) this.measured++;
    this.sum += height - (before || 0);
    this.heights[row] = height;
    this.valid = Math.min(this.valid, row);
    const mean = this.sum / this.measured;
    if (Math.abs(mean - this.estimate) > NEWS * this.estimate) {
      this.estimate = mean;
      this.valid = 0;
    }
    return true;
  }

  /** Of the row after the last, it is the height of all. */
  topOf(row: number): number {
    for (; this.valid < row; this.valid++) {
      const height = this.heights[this.valid] as number;
      this.tops[this.valid + 1] = (this.tops[this.valid] as number) + (Number.isNaN(height) ? this.estimate : height);
    }
    return this.tops[row] as number;
  }

  get height(): number {
    return this.topOf(this.count);
  }

  /** The last row that begins at or above a height. */
  rowAt(y: number): number {
    void this.height;
    let [low, high] = [0, this.count];
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (this.topOf(middle) <= y) low = middle;
      else high = middle;
    }
    return low;
  }
}
