/** Where rows of unequal height lie below each other, which are measured only once they exist. Pure; in px. */
export class RowHeights {
  private readonly heights: Float64Array;
  private readonly tops: Float64Array;
  /** Tops up to this row are right. */
  private valid = 0;

  /** @param estimate height of a row that was not measured yet. */
  constructor(
    readonly count: number,
    estimate: number,
  ) {
    this.heights = new Float64Array(count).fill(estimate);
    this.tops = new Float64Array(count + 1);
  }

  /** @returns whether it is another one than was thought. */
  set(row: number, height: number): boolean {
    if (row >= this.count || this.heights[row] === height) return false;
    this.heights[row] = height;
    this.valid = Math.min(this.valid, row);
    return true;
  }

  /** Of the row after the last, it is the height of all. */
  topOf(row: number): number {
    for (; this.valid < row; this.valid++) {
      this.tops[this.valid + 1] = (this.tops[this.valid] as number) + (this.heights[this.valid] as number);
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
