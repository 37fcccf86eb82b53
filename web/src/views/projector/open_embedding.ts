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

/** Numbers of so few distinct values are classes, unless somebody wants a scale. */
export const FEW_NUMBERS = 12;
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

/** What a column is called that tells points apart, and what one is that names them. */
const CLASS_NAME = /^(label|class|category|cluster|target)(_?(name|id))?$/i;
const ID_NAME = /^(id|idx|index|row|key|uuid)$|[_ -]id$/i;
/** Beyond so many classes colours are hard to tell apart. */
const FEW_CLASSES = 20;

/**
 * The column that points are coloured by where nobody says: one called so, else the first of three to 20 classes, of two, of
 * more, or of numbers; never one in which all rows differ as their names do. -1 = none.
 */
export function usualColour(metadata: Pick<MetadataFacts, 'columns' | 'rows' | 'next'> | undefined): number {
  const choices = (metadata?.columns ?? []).map((column, at) => {
    const { name, type, empty, distinct, min = 0, max = 0 } = column;
    const valued = (metadata?.rows ?? 0) - empty;
    // The empty cell is one of the distinct, but no value.
    const classes = distinct - (empty > 0 ? 1 : 0);
    const isNamed = CLASS_NAME.test(name);
    const areClasses = classes <= MAX_CLASSES && classes < valued && classes <= Math.max(2, valued / 2);
    const isCount = Number.isInteger(min) && max - min === valued - 1;
    const isScale = type === 'number' && !isCount;
    const isNone = classes < 2 || at === metadata?.next || (ID_NAME.test(name) && !isNamed);
    const isWanted = !isNone && (areClasses || isScale);
    const areNumbers = isScale && !(areClasses && distinct <= FEW_NUMBERS);
    const rank = isNamed ? 0 : areNumbers ? 4 : classes > FEW_CLASSES ? 3 : classes > 2 ? 1 : 2;
    return { at, rank: isWanted ? rank : Infinity };
  });
  const [best] = choices.filter(({ rank }) => rank < Infinity).sort((a, b) => a.rank - b.rank);
  return best?.at ?? -1;
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
