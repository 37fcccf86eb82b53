/** An embedding that is open. Pure. */
import type {
  Embedding,
  EmbeddingProblem,
  EmbeddingStep,
  MetadataColumn,
  MetadataFacts,
  TensorFacts,
} from '../../engine/embeddings/embeddings';
import type { PointFacts } from '../../engine/projections/projections';

/** Columns of no more distinct values are of classes, where nobody says otherwise. */
export const MAX_CLASSES = 50;

/** An embedding at a step, ready to be projected. */
export interface OpenEmbedding {
  embedding: Embedding;
  step: EmbeddingStep;
  tensor: TensorFacts;
  /** Which row of the file each point is, ascending; undefined = point n is row n. */
  rows: Uint32Array | undefined;
  points: PointFacts;
  /** Of no more rows than there are points. */
  metadata: MetadataFacts | undefined;
  /** Tables of metadata that the worker holds for it. */
  tables: number[];
  sprite: { image: ImageBitmap; width: number; height: number } | undefined;
  /** What of it cannot be shown. */
  problems: EmbeddingProblem[];
}

/** The dimension along an axis, 0 = x; of `AxisTerms` -1 is one in which points differ. */
export function dimensionAlong({ points }: Pick<OpenEmbedding, 'points'>, axis: number, said: number): number {
  const wanted = said < 0 ? (points.leading[axis] ?? axis) : said;
  return Math.max(0, Math.min(wanted, points.dimensions - 1));
}

/** The column that points are coloured by where nobody says: one called so, else the first of few classes; -1 = none. */
export function classColumn(columns: readonly MetadataColumn[]): number {
  const isOfClasses = ({ distinct }: MetadataColumn): boolean => distinct > 1 && distinct <= MAX_CLASSES;
  const named = columns.findIndex(
    (one) => isOfClasses(one) && /^(label|class|category|target|cluster)$/i.test(one.name),
  );
  return named !== -1 ? named : columns.findIndex((one) => one.type === 'category' && isOfClasses(one));
}

/** Of rows of the file those that are points, by their number there. */
export function pointsOf({ rows, points }: Pick<OpenEmbedding, 'rows' | 'points'>, of: readonly number[]): number[] {
  if (!rows) return of.filter((row) => row < points.points);
  return of.flatMap((row) => {
    const at = lowerBound(rows, row);
    return rows[at] === row ? [at] : [];
  });
}

function lowerBound(sorted: Uint32Array, value: number): number {
  let [from, to] = [0, sorted.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    if ((sorted[middle] as number) < value) from = middle + 1;
    else to = middle;
  }
  return from;
}

/** The column of this name, else the first of texts, of classes, or of all; -1 = there is none. */
export function columnNamed(metadata: MetadataFacts | undefined, name: string): number {
  const columns: readonly MetadataColumn[] = metadata?.columns ?? [];
  if (columns.length === 0) return -1;
  const named = name === '' ? -1 : columns.findIndex((column) => column.name === name);
  const first = (type: MetadataColumn['type']): number => columns.findIndex((column) => column.type === type);
  return [named, first('text'), first('category'), 0].find((at) => at !== -1) as number;
}
