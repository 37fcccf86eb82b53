/** Where points are, out of what a projection made. Pure. */
import type { ProjectionFrame } from '../../engine/projections/projections';

/** Positions of points, so many numbers each. */
export interface Places {
  values: Float32Array<ArrayBuffer>;
  columns: 2 | 3;
}

/** Of the columns of a frame those that are seen. @param columns which are x, y and z; of what a frame has not there is 0 */
export function placesOf({ positions, progress }: ProjectionFrame, columns: readonly number[], is3d: boolean): Places {
  const width = progress.columns;
  const seen = is3d ? 3 : 2;
  const count = width === 0 ? 0 : positions.length / width;
  const values = new Float32Array(count * seen);
  for (let axis = 0; axis < seen; axis++) {
    const column = columns[axis] ?? axis;
    for (let i = 0; i < count; i++) {
      const first = positions[i * width] as number;
      // A point that is not there is nowhere, also along what there is not.
      values[i * seen + axis] = column < width ? (positions[i * width + column] as number) : first - first;
    }
  }
  return { values, columns: seen };
}

/** x, y and z of each, as they are drawn. */
export function inSpace({ values, columns }: Places): Float32Array<ArrayBuffer> {
  if (columns === 3) return values;
  const count = values.length / 2;
  const space = new Float32Array(count * 3);
  for (let i = 0; i < count; i++) {
    space[i * 3] = values[i * 2] as number;
    space[i * 3 + 1] = values[i * 2 + 1] as number;
  }
  return space;
}

/** There are several points, and one covers all the others. */
export function areOnOnePlace({ values, columns }: Places): boolean {
  const first = Array<number>(columns).fill(NaN);
  let count = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number;
    // A point that is not there.
    if (Number.isNaN(value)) continue;
    const axis = i % columns;
    if (axis === 0) count++;
    if (Number.isNaN(first[axis])) first[axis] = value;
    else if (first[axis] !== value) return false;
  }
  return count > 1;
}

/** Each axis turned round if it then lies nearer to the same one of other places. */
export function flippedTo({ values, columns }: Places, to: Places): Places {
  const flipped = values.slice();
  for (let axis = 0; axis < columns; axis++) {
    let product = 0;
    for (let i = axis; i < values.length; i += columns) {
      const both = (values[i] as number) * (to.values[i] as number);
      if (!Number.isNaN(both)) product += both;
    }
    if (product >= 0) continue;
    for (let i = axis; i < flipped.length; i += columns) flipped[i] = -(flipped[i] as number);
  }
  return { values: flipped, columns };
}
