/** Rows of metadata that a query finds. */
import type { CellMatch, Embeddings, MetadataFacts } from '../../engine/embeddings/embeddings';
import { Fault } from '../../faults/fault';
import { Turns } from '../../engine/turns';
import { compileFilter } from '../../model/filter';
import { columnTitle } from './projector_text';

/** A quote ends a text where a space or nothing is behind it; two are one. */
const QUOTED = /^"(?:[^"]|""|"(?=[^\s"]))*"(?=\s|$)/;

/** One condition. */
export type RowTerm =
  /** The engine has words of its own for it (`Embeddings.search`). */
  | ({ kind: 'match' } & CellMatch)
  /** @param columns that are looked at, by index */
  | { kind: 'pattern'; columns: number[]; matches: (cell: string) => boolean };

/** What is asked: all of its terms hold. An error says why nothing can be asked; '' = all is well. */
export interface RowQuery {
  terms: RowTerm[];
  error: string;
}

/** A term as it stands in the text. */
interface Said {
  /** By index; -1 = none is named. */
  column: number;
  sign: Sign;
  /** Where its value stands, with its quotes or slashes. */
  from: number;
  to: number;
}
type Sign = ':' | Exclude<CellMatch['match'], 'has'>;

/** Rows that are fetched in one go. */
const SLICE = 10_000;
/** Of a longer cell only so many characters are looked at: what a pattern takes grows with it (model/pattern.ts). */
const MAX_CELL = 4096;
/** As `ParseNumber` of wasm/projector/number.h has it. */
const NUMBER = /^[+-]?(?:(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?|inf(?:inity)?)$/i;

/**
 * `text` in any column, `column:text`, `column > 3` (<, <=, >=, =, !=) and, instead of text, `/a pattern/`. Several stand one
 * behind the other: a value goes on until the next column that is named with a sign, so that it may hold spaces; in quotes it
 * is text, whatever it holds, and a quote in it stands twice, as in CSV. What names no column is text. Names are taken whatever the case, if none is just so.
 */
export function readQuery(text: string, { columns }: Pick<MetadataFacts, 'columns'>): RowQuery {
  const terms: RowTerm[] = [];
  for (const { column, sign, from, to } of saidIn(text, columns)) {
    const value = text.slice(from, to);
    const quoted = inQuotes(value);
    if (value.startsWith('"') && quoted === undefined) {
      return failed(`No quote ends what begins with ${value}; as text it is "${value.replaceAll('"', '""')}"`);
    }
    if (isPattern(sign, value)) {
      const filter = compileFilter(value);
      if (filter.error !== '') return failed(filter.error);
      const matches = (cell: string): boolean => filter.matches(cell);
      terms.push({ kind: 'pattern', columns: column < 0 ? columns.map((_, i) => i) : [column], matches });
      continue;
    }
    const wanted = quoted ?? value;
    if (/[<>]/.test(sign) && !NUMBER.test(wanted)) {
      const said = `${titleOf(columns, column)} ${sign}`;
      return failed(wanted === '' ? `“${said}” needs a number` : `“${said}” needs a number, and “${wanted}” is none`);
    }
    terms.push({ kind: 'match', column, match: sign === ':' ? 'has' : sign, text: wanted });
  }
  return { terms, error: '' };
}

/** What stands before a colon as a column does, and names none: "nosuch" of "nosuch:7", which is text; undefined = nothing. */
export function unknownColumn(text: string, { columns }: Pick<MetadataFacts, 'columns'>): string | undefined {
  for (const { sign, from, to } of saidIn(text, columns)) {
    const value = text.slice(from, to);
    if (sign !== ':' || inQuotes(value) !== undefined || isPattern(sign, value)) continue;
    const [, name] = /(?:^|\s)(\p{L}[\p{L}\p{N}_.-]*)\s*:(?!\/\/)/u.exec(value) ?? [];
    if (name !== undefined) return name;
  }
  return undefined;
}

/** Whether the last term is a regular expression; undefined = it compares, and cannot be one. */
export function endsInPattern(text: string, { columns }: Pick<MetadataFacts, 'columns'>): boolean | undefined {
  const last = saidIn(text, columns).at(-1);
  if (!last) return false;
  return last.sign === ':' ? isInSlashes(text.slice(last.from, last.to)) : undefined;
}

/** The text with its last term as a regular expression or, if it is one, as text. */
export function withPatternToggled(text: string, facts: Pick<MetadataFacts, 'columns'>): string {
  const { from, to } = saidIn(text, facts.columns).at(-1) ?? { from: text.length, to: text.length };
  const value = text.slice(from, to);
  return text.slice(0, from) + (endsInPattern(text, facts) === true ? value.slice(1, -1) : `/${value}/`);
}

function failed(error: string): RowQuery {
  return { terms: [], error };
}

/** The text of a value in quotes; undefined = it is in none. */
function inQuotes(value: string): string | undefined {
  const [all] = QUOTED.exec(value) ?? [];
  return all === value ? value.slice(1, -1).replaceAll('""', '"') : undefined;
}

function isInSlashes(value: string): boolean {
  return value.length > 1 && value.startsWith('/') && value.endsWith('/');
}

function isPattern(sign: Sign, value: string): boolean {
  return sign === ':' && isInSlashes(value) && value.length > 2;
}

function titleOf(columns: MetadataFacts['columns'], at: number): string {
  const column = columns[at];
  return column ? columnTitle(column, at) : '';
}

function saidIn(text: string, columns: MetadataFacts['columns']): Said[] {
  const said: Said[] = [];
  const begins = (at: number): ReturnType<typeof headAt> => headAt(text, at, columns);
  for (let at = spaceEnd(text, 0); at < text.length;) {
    const { column, sign, end } = begins(at) ?? { column: -1, sign: ':' as const, end: at };
    const from = spaceEnd(text, end);
    const isEmpty = from > end && begins(from) !== undefined;
    const to = isEmpty ? from : valueEnd(text, from, sign, (next) => begins(next) !== undefined);
    said.push({ column, sign, from, to });
    at = spaceEnd(text, to);
  }
  return said;
}

/** "column:" or "column >" at a place of a text; of several columns the one of the longest name. */
function headAt(
  text: string,
  at: number,
  columns: MetadataFacts['columns'],
): { column: number; sign: Sign; end: number } | undefined {
  let found: { column: number; sign: Sign; end: number } | undefined;
  for (const isSame of [
    (a: string, b: string) => a === b,
    (a: string, b: string) => a.toLowerCase() === b.toLowerCase(),
  ]) {
    let length = 0;
    for (const column of columns.keys()) {
      const name = titleOf(columns, column);
      if (name.length <= length || !isSame(name, text.slice(at, at + name.length))) continue;
      const [all, sign] = /^\s*(:|<=|>=|!=|==?|<|>)/.exec(text.slice(at + name.length)) ?? [];
      if (all === undefined) continue;
      length = name.length;
      found = { column, sign: (sign === '==' ? '=' : sign) as Sign, end: at + length + all.length };
    }
    if (found) return found;
  }
  return undefined;
}

/** Where a value ends: in quotes or slashes with them, else before the next term. @param begins whether a term does, there */
function valueEnd(text: string, from: number, sign: Sign, begins: (at: number) => boolean): number {
  if (text[from] === '"') {
    const [quoted] = QUOTED.exec(text.slice(from)) ?? [];
    return quoted === undefined ? text.trimEnd().length : from + quoted.length;
  }
  if (text[from] === '/' && sign === ':') {
    for (let at = text.indexOf('/', from + 1); at >= 0; at = text.indexOf('/', at + 1)) {
      const next = spaceEnd(text, at + 1);
      // In a pattern a slash may stand anywhere.
      if (next === text.length || (next > at + 1 && begins(next))) return at + 1;
    }
  }
  for (let at = from; at < text.length; at++) {
    if (/\s/.test(text[at] as string) && begins(spaceEnd(text, at))) return text.slice(0, at).trimEnd().length;
  }
  return text.trimEnd().length;
}

function spaceEnd(text: string, at: number): number {
  return text.length - text.slice(at).trimStart().length;
}

/**
 * The rows that are found, ascending.
 *
 * @throws Fault `cancelled` when the signal aborts, or why the cells could not be read
 */
export async function findRows(
  embeddings: Pick<Embeddings, 'search' | 'texts'>,
  { table, rows }: Pick<MetadataFacts, 'table' | 'rows'>,
  terms: readonly RowTerm[],
  signal: AbortSignal,
): Promise<Uint32Array<ArrayBuffer>> {
  if (terms.length === 0) return new Uint32Array();
  const goOn = (): void => {
    if (signal.aborted) throw new Fault({ code: 'cancelled' });
  };
  goOn();
  /** 1 = all terms so far hold. */
  let found = new Uint8Array(rows).fill(1);
  for (const term of terms) {
    if (term.kind !== 'match') continue;
    const { column, match, text } = term;
    const before = found;
    found = new Uint8Array(rows);
    for (const row of await embeddings.search(table, { column, match, text })) found[row] = before[row] ?? 0;
    goOn();
  }
  // Patterns come last: they take longest, and there may be few rows left.
  const turns = new Turns();
  try {
    for (const term of terms) {
      if (term.kind !== 'pattern') continue;
      const before = found;
      found = new Uint8Array(rows);
      for (let from = 0; from < rows; from += SLICE) {
        if (!before.subarray(from, from + SLICE).includes(1)) continue;
        for (const column of term.columns) {
          const cells = await embeddings.texts(table, column, from, Math.min(SLICE, rows - from));
          for (const [i, cell] of cells.entries()) {
            await turns.end();
            goOn();
            if (before[from + i] === 1 && found[from + i] === 0 && term.matches(cell.slice(0, MAX_CELL))) found[from + i] = 1; // prettier-ignore
          }
        }
      }
    }
  } finally {
    turns.close();
  }
  const numbers = new Uint32Array(found.reduce((count, one) => count + one, 0));
  for (let row = 0, i = 0; row < rows; row++) if (found[row] === 1) numbers[i++] = row;
  return numbers;
}
