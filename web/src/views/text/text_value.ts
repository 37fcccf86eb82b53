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

/** Characters of a piece of a text that a browser lays out at once. */
export const PIECE = 2000;

/**
 * Cuts a text where lines end; a line that is longer than a piece is cut at a space, or anywhere.
 *
 * @returns pieces with their line ends; joined, they are the text.
 */
export function piecesOf(text: string, size = PIECE): string[] {
  const pieces: string[] = [];
  for (let at = 0; at < text.length;) {
    let end = at + size;
    if (end >= text.length) end = text.length;
    else end = lastIn(text, '\n', at, end) ?? lastIn(text, ' ', at, end) ?? wholeCharacter(text, end);
    pieces.push(text.slice(at, end));
    at = end;
  }
  return pieces;
}

/** Behind the last `what` between two places; undefined = it is not there. */
function lastIn(text: string, what: string, from: number, to: number): number | undefined {
  const found = text.lastIndexOf(what, to - 1);
  return found >= from ? found + 1 : undefined;
}

/** Not inside a surrogate pair. */
function wholeCharacter(text: string, at: number): number {
  const isLow = (text.charCodeAt(at) & 0xfc00) === 0xdc00;
  const isHigh = (text.charCodeAt(at - 1) & 0xfc00) === 0xd800;
  return isLow && isHigh ? at - 1 : at;
}

/** The lines of a text, without their ends; one that is longer than `size` is several. */
export function linesOf(text: string, size = PIECE): string[] {
  if (text === '') return [];
  const lines = text.split(/\r\n|[\r\n]/);
  // An end behind the last line begins no other.
  if (lines.at(-1) === '') lines.pop();
  return lines.flatMap((line) => (line.length <= size ? [line] : piecesOf(line, size)));
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
