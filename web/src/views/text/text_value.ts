/** What a point of a text series holds, and how it is written out as a whole. Pure. */
import { rowLabel, rowsOf } from '../../model/tensor_rows';

/** A tensor of strings; one of a single string is a text, any other is a table of texts. */
export interface TextValue {
  shape: readonly number[];
  /** Row by row. */
  strings: readonly string[];
  /** What is missing of it, as a sentence; '' = it is whole. */
  missing: string;
}

/** One row of a table of texts. */
export interface TableRow {
  /** Its indices, where there are several rows; '' = the only one. */
  label: string;
  cells: readonly string[];
}

/** Whether a value is one text. Writers differ in whether they give it a dimension: torch's has shape [1]. */
export function isSingle({ shape }: TextValue): boolean {
  return shape.every((size) => size === 1);
}

/** The rows of a table; of more than two dimensions each row has its indices. */
export function tableRows({ shape, strings }: TextValue): TableRow[] {
  const { columns } = rowsOf(shape);
  if (columns === 0) return [];
  const rows: TableRow[] = [];
  for (let i = 0; i * columns < strings.length; i++) {
    rows.push({ label: rowLabel(shape, i), cells: strings.slice(i * columns, (i + 1) * columns) });
  }
  return rows;
}

/** Copied and compared: the text itself, or the rows with tabs between their cells. */
export function plainText(value: TextValue): string {
  return isSingle(value) ? (value.strings[0] ?? '') : separated(value, '\t', '\n');
}

/** Saved: the text itself, or the rows as RFC 4180 has them. */
export function fileText(value: TextValue): string {
  return isSingle(value) ? (value.strings[0] ?? '') : separated(value, ',', '\r\n');
}

/** Quoted where a cell holds what separates it, as spreadsheets read and write it. */
function separated(value: TextValue, between: string, end: string): string {
  const isPlain = (cell: string): boolean => !/["\r\n]/.test(cell) && !cell.includes(between);
  const quoted = (cell: string): string => (isPlain(cell) ? cell : `"${cell.replaceAll('"', '""')}"`);
  return tableRows(value)
    .map(({ cells }) => cells.map(quoted).join(between) + end)
    .join('');
}

/**
 * The strings of `content` (wasm/values/point_value.h): each behind its length as a little-endian number of 64 bits.
 * What is no UTF-8 becomes U+FFFD.
 *
 * @param most bytes and strings that are decoded.
 */
export function decodeStrings(
  content: ArrayBuffer,
  most: { bytes: number; strings: number },
): { strings: string[]; isCut: boolean } {
  const view = new DataView(content);
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  const strings: string[] = [];
  let left = most.bytes;
  for (let at = 0; at < content.byteLength;) {
    if (left === 0 || strings.length === most.strings) return { strings, isCut: true };
    const length = Number(view.getBigUint64(at, true));
    const shown = Math.min(length, left);
    strings.push(decoder.decode(new Uint8Array(content, at + 8, shown), { stream: shown < length }));
    if (shown < length) return { strings, isCut: true };
    left -= shown;
    at += 8 + length;
  }
  return { strings, isCut: false };
}
