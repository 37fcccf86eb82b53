/** Rows of metadata that a query finds. */
import type { Embeddings, MetadataFacts } from '../../engine/embeddings';
import { Fault } from '../../engine/fault';
import { Turns } from '../../engine/turns';
import { compileFilter } from '../../model/filter';

/** What is asked: the engine has words of its own for plain queries (`Embeddings.search`). */
export type RowQuery =
  | { kind: 'none' }
  | { kind: 'plain'; query: string }
  /** @param columns that are looked at, by index */
  | { kind: 'pattern'; columns: number[]; matches: (cell: string) => boolean }
  | { kind: 'bad'; error: string };

/** Rows that are fetched in one go. */
const SLICE = 10_000;
/** Of a longer cell only so many characters are looked at: what a pattern takes grows with it (model/pattern.ts). */
const MAX_CELL = 4096;

/**
 * `/…/` is a regular expression, over all columns or, as `column:/…/`, over one. If `isPattern`, the slashes are not needed:
 * all that stands behind the name of a column is one. Whatever the case.
 */
export function readQuery(text: string, isPattern: boolean, { columns }: Pick<MetadataFacts, 'columns'>): RowQuery {
  const query = text.trim();
  if (query === '') return { kind: 'none' };
  const named = /^([^:]+):(.*)$/su.exec(query);
  const column = named ? columnOf(named[1]?.trim() ?? '', columns) : -1;
  const value = column < 0 ? query : (named?.[2] ?? '').trim();
  const isBetweenSlashes = value.length > 2 && value.startsWith('/') && value.endsWith('/');
  if (!isPattern && !isBetweenSlashes) return { kind: 'plain', query };
  const filter = compileFilter(isBetweenSlashes ? value : `/${value}/`);
  if (filter.error !== '') return { kind: 'bad', error: filter.error };
  const matches = (cell: string): boolean => filter.matches(cell);
  return { kind: 'pattern', columns: column < 0 ? columns.map((_, i) => i) : [column], matches };
}

/** By its name; whatever the case, if none is just so: as `Metadata::Search` of wasm/projector/metadata.cc has it. */
function columnOf(name: string, columns: MetadataFacts['columns']): number {
  const same = columns.findIndex((column) => column.name === name);
  return same >= 0 ? same : columns.findIndex((column) => column.name.toLowerCase() === name.toLowerCase());
}

/**
 * The rows that are found, ascending.
 *
 * @throws Fault `cancelled` when the signal aborts, or why the cells could not be read
 */
export async function findRows(
  embeddings: Pick<Embeddings, 'search' | 'texts'>,
  { table, rows }: Pick<MetadataFacts, 'table' | 'rows'>,
  query: RowQuery,
  signal: AbortSignal,
): Promise<Uint32Array<ArrayBuffer>> {
  const goOn = (): void => {
    if (signal.aborted) throw new Fault({ code: 'cancelled' });
  };
  goOn();
  if (query.kind === 'plain') {
    const found = await embeddings.search(table, query.query);
    goOn();
    return found;
  }
  if (query.kind !== 'pattern') return new Uint32Array();
  const isFound = new Uint8Array(rows);
  let count = 0;
  const turns = new Turns();
  try {
    for (let from = 0; from < rows; from += SLICE) {
      for (const column of query.columns) {
        const cells = await embeddings.texts(table, column, from, Math.min(SLICE, rows - from));
        for (const [i, cell] of cells.entries()) {
          await turns.end();
          goOn();
          if (isFound[from + i] === 1 || !query.matches(cell.slice(0, MAX_CELL))) continue;
          isFound[from + i] = 1;
          count++;
        }
      }
    }
  } finally {
    turns.close();
  }
  const found = new Uint32Array(count);
  for (let row = 0, i = 0; row < rows; row++) if (isFound[row] === 1) found[i++] = row;
  return found;
}
