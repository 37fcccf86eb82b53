/** Rows of metadata in the order of a column. */
import { Turns } from '../../engine/turns';
import type { MetadataFacts } from '../../engine/embeddings/embeddings';
import { Fault } from '../../faults/fault';

/** What is asked of metadata to list it: methods of `Embeddings`, of one table. */
export interface MetadataSource {
  facts: MetadataFacts;
  /** What a row is called: its number in the file, of which others may have been left out. */
  rowOf(row: number): number;
  texts(column: number, from: number, count: number): Promise<string[]>;
  numbers(column: number): Promise<Float64Array>;
}

/** By a column, by its index; -1 = the number of the row. */
export interface RowOrder {
  column: number;
  descending: boolean;
}

/** Texts that are fetched in one go. */
const SLICE = 10_000;
/** Rows that are sorted in one go. */
const RUN = 4096;

/**
 * Rows sorted, without holding the page up. Numbers by size, texts by their characters, whatever the case; what is no number,
 * or empty, is last in either direction, and equal ones are by row.
 *
 * @param rows ascending
 * @throws Fault `cancelled` when the signal aborts, or why the column could not be read
 */
export async function sortRows(
  source: MetadataSource,
  rows: Uint32Array<ArrayBuffer>,
  { column, descending }: RowOrder,
  signal: AbortSignal,
): Promise<Uint32Array<ArrayBuffer>> {
  if (column < 0) return descending ? rows.toReversed() : rows;
  const turns = new Turns();
  const goOn = async (): Promise<void> => {
    await turns.end();
    if (signal.aborted) throw new Fault({ code: 'cancelled' });
  };
  try {
    const sign = descending ? -1 : 1;
    if (source.facts.columns[column]?.type === 'number') {
      const numbers = await source.numbers(column);
      const key = (row: number): number => numbers[row] as number;
      return await mergeSort(rows, (a, b) => byPlace(key(a), key(b), Number.isNaN(key(a)), Number.isNaN(key(b)), sign) || a - b, goOn); // prettier-ignore
    }
    const texts: string[] = [];
    while (texts.length < source.facts.rows) {
      const slice = await source.texts(column, texts.length, Math.min(SLICE, source.facts.rows - texts.length));
      for (const text of slice) texts.push(text.toLowerCase());
      await goOn();
    }
    const key = (row: number): string => texts[row] as string;
    return await mergeSort(rows, (a, b) => byPlace(key(a), key(b), key(a) === '', key(b) === '', sign) || a - b, goOn);
  } finally {
    turns.close();
  }
}

function byPlace<T extends number | string>(a: T, b: T, isLastA: boolean, isLastB: boolean, sign: number): number {
  if (isLastA || isLastB) return Number(isLastA) - Number(isLastB);
  return a < b ? -sign : a > b ? sign : 0;
}

/** @param goOn is called often, and may throw. */
async function mergeSort(
  rows: Uint32Array<ArrayBuffer>,
  compare: (a: number, b: number) => number,
  goOn: () => Promise<void>,
): Promise<Uint32Array<ArrayBuffer>> {
  let [from, to] = [rows.slice(), new Uint32Array(rows.length)];
  for (let at = 0; at < from.length; at += RUN) {
    await goOn();
    from.subarray(at, at + RUN).sort(compare);
  }
  for (let width = RUN; width < from.length; width *= 2) {
    for (let at = 0; at < from.length; at += 2 * width) {
      const [middle, end] = [Math.min(at + width, from.length), Math.min(at + 2 * width, from.length)];
      for (let [left, right, out] = [at, middle, at]; out < end; out++) {
        if ((out - at) % RUN === 0) await goOn();
        const isLeft = left < middle && (right >= end || compare(from[left] as number, from[right] as number) <= 0);
        to[out] = from[isLeft ? left++ : right++] as number;
      }
    }
    [from, to] = [to, from];
  }
  return from;
}
