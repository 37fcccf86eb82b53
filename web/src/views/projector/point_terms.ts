/** Points as a person says them in one field: what is searched for, or rows by their number. */
import type { Embeddings, MetadataFacts } from '../../engine/embeddings/embeddings';
import { pointsOf, type OpenEmbedding } from './open_embedding';
import { findRows, readQuery } from './row_search';

export interface PointTerms {
  /** By their number among the points. */
  points: number[];
  /** Why there are none; '' = all is well. An empty text means all points, which an axis says by none. */
  problem: string;
}

/** "#12" and "#12 #40-50" are rows of the file, from 0; all else is searched for. */
export function rowsNamed(text: string): number[] | undefined {
  const parts = text.trim().split(/[\s,]+/);
  const rows: number[] = [];
  for (const part of parts) {
    const [, from, to = from] = /^#(\d{1,9})(?:-#?(\d{1,9}))?$/.exec(part) ?? [];
    if (from === undefined) return undefined;
    for (let row = Number(from); row <= Number(to) && rows.length < 100_000; row++) rows.push(row);
  }
  return rows;
}

export async function rowsOfTerms(
  reader: Embeddings,
  open: Pick<OpenEmbedding, 'rows' | 'points'> & { metadata: MetadataFacts | undefined },
  text: string,
  signal: AbortSignal,
): Promise<PointTerms> {
  if (text.trim() === '') return { points: [], problem: '' };
  const named = rowsNamed(text);
  const query = open.metadata && readQuery(text, open.metadata);
  if (!named && query && query.error !== '') return { points: [], problem: query.error };
  const found = (): Promise<Uint32Array> | number[] =>
    open.metadata && query ? findRows(reader, open.metadata, query.terms, signal) : [];
  const points = named ? pointsOf(open, named) : [...(await found())];
  return { points, problem: points.length > 0 ? '' : `No point matches “${text}”` };
}

/** The match after (1) or before (-1) a point, of ascending ones; after the last comes the first. There is one at least. */
export function matchBeside(matches: Uint32Array, point: number | undefined, by: 1 | -1): number {
  const at =
    by === 1
      ? matches.findIndex((match) => match > (point ?? -1))
      : matches.findLastIndex((match) => match < (point ?? Infinity));
  return matches.at(at === -1 && by === 1 ? 0 : at) as number;
}
