/** What is known of rows, as long as there are points: a file of metadata may be shorter or longer. Pure. */
import type { Categories } from '../../engine/embeddings/embeddings';

/** Points beyond it have no value. */
export function fitNumbers(values: Float64Array<ArrayBuffer>, points: number): Float64Array<ArrayBuffer> {
  if (values.length === points) return values;
  const fitted = new Float64Array(points).fill(NaN);
  fitted.set(values.subarray(0, points));
  return fitted;
}

/** Points beyond it are of the class of empty cells; what is counted are points. */
export function fitCategories({ values, of }: Categories, points: number): Categories {
  if (of.length === points) return { values, of };
  const fitted = new Int32Array(points);
  fitted.set(of.subarray(0, points));
  const counts = new Float64Array(values.length + 1);
  const empty = values.findIndex(({ text }) => text === '');
  const none = empty === -1 ? values.length : empty;
  fitted.fill(none, Math.min(points, of.length));
  for (const value of fitted) if (value >= 0) counts[value] = (counts[value] as number) + 1;
  const all = empty === -1 ? [...values, { text: '', count: 0 }] : values;
  return { values: all.map(({ text }, i) => ({ text, count: counts[i] as number })), of: fitted };
}
