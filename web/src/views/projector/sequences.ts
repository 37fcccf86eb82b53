/** Points that metadata joins to sequences. Pure. */
import { BATCH } from './points/slices';

export interface Sequences {
  /** Two points for each line: from, to. */
  pairs: Uint32Array<ArrayBuffer>;
  /** Cells that are not empty and name no row of the file. */
  bad: number;
}

/**
 * Of a column `__next__` or `__seq_next__` (`MetadataFacts.next`), whose cells are the row of the file that follows, from 0;
 * an empty cell or -1 ends a sequence, as in tensorboard/plugins/projector/vz_projector/data.ts. Rows that were left out
 * have no lines. Yields now and then.
 *
 * @param next the column as numbers, one a point; NaN = empty or no number
 * @param empty how many of its cells are empty
 * @param fileRows of the file, with those that were left out
 * @param rows which row of the file each point is, ascending; undefined = all are there
 */
export function* sequencePairs(
  next: Float64Array,
  empty: number,
  fileRows: number,
  rows: Uint32Array | undefined,
): Generator<undefined, Sequences> {
  /** One more than the point; 0 = left out. */
  const points = rows && new Uint32Array(fileRows);
  for (let point = 0; rows && points && point < rows.length; point++) {
    if (point % BATCH === BATCH - 1) yield;
    points[rows[point] as number] = point + 1;
  }
  const pairs = new Uint32Array(2 * next.length);
  let [length, bad, blank] = [0, 0, 0];
  for (let from = 0; from < next.length; from++) {
    if (from % BATCH === BATCH - 1) yield;
    const row = next[from] as number;
    if (Number.isNaN(row)) blank++;
    else if (row !== -1 && !(Number.isInteger(row) && row >= 0 && row < fileRows)) bad++;
    else if (row >= 0) {
      const to = points ? (points[row] as number) - 1 : row;
      // One that follows itself is a dot, as it is.
      if (to < 0 || to === from) continue;
      pairs[length++] = from;
      pairs[length++] = to;
    }
  }
  return { pairs: pairs.slice(0, length), bad: bad + Math.max(0, blank - empty) };
}
