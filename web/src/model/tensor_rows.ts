/** How the elements of a tensor lie in rows. */

/**
 * Elements as rows: the last dimension is the columns, and all before it are the rows; of a single dimension, each
 * element is a row.
 */
export function rowsOf(shape: readonly number[]): { rows: number; columns: number } {
  if (shape.length < 2) return { rows: shape[0] ?? 1, columns: 1 };
  return { rows: shape.slice(0, -1).reduce((product, size) => product * size, 1), columns: shape.at(-1) as number };
}

/** The indices of row `row`: "2", or "1, 0" of several dimensions; '' of a single number. */
export function rowLabel(shape: readonly number[], row: number): string {
  const sizes = shape.length < 2 ? shape : shape.slice(0, -1);
  const indices: number[] = [];
  let rest = row;
  for (const size of [...sizes].reverse()) {
    indices.unshift(rest % size);
    rest = Math.floor(rest / size);
  }
  return indices.join(', ');
}
