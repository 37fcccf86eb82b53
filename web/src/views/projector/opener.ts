/** Opens an embedding at a step, and gives back what it holds in the workers. */
import type {
  Embedding,
  EmbeddingProblem,
  Embeddings,
  EmbeddingStep,
  MetadataFacts,
} from '../../engine/embeddings/embeddings';
import type { Engine } from '../../engine/engine';
import { asWireError, Fault } from '../../faults/fault';
import type { OpenEmbedding } from './open_embedding';

/** Rows of an embedding are given to the other worker in pieces of so many numbers. */
const PIECE = 1 << 20;
/** By then nothing draws from the thumbnails of what was open before. */
const CLOSE_IMAGE_MS = 2000;

/**
 * Reads it, hands its numbers to the projection worker, and opens what is known of its points. Whoever has it closes it.
 *
 * @param progress share of the bytes that are read, 0 to 1
 * @throws Fault; nothing stays open
 */
export async function openEmbedding(
  engine: Engine,
  embedding: Embedding,
  step: EmbeddingStep,
  signal: AbortSignal,
  progress: (share: number) => void,
): Promise<OpenEmbedding> {
  const open: OpenEmbedding = {
    embedding,
    step,
    tensor: { rows: 0, columns: 0, fileRows: 0, faults: [], names: [] },
    rows: undefined,
    points: { set: -1, points: 0, dimensions: 0, excludedCount: 0, excluded: [], constant: false, leading: [] },
    metadata: undefined,
    tables: [],
    sprite: undefined,
    problems: [...step.problems],
  };
  if (!step.isReadable) return open;
  const [reader, projections] = await Promise.all([engine.embeddings(), engine.projections()]);
  try {
    const { facts, values, rows } = await reader.read(step.place, signal, progress);
    open.tensor = facts;
    open.rows = rows;
    if (facts.metadata) open.tables.push(facts.metadata.table);
    if (facts.problem) open.problems.push(facts.problem);
    open.points = await projections.open(Math.max(1, facts.columns), piecesOf(values, facts.columns), signal);
    open.metadata = ofPoints((await namedMetadata(reader, open, signal)) ?? facts.metadata, open);
    open.sprite = step.sprite && (await spriteOf(reader, step.sprite, signal, open.problems));
    if (signal.aborted) throw new Fault({ code: 'cancelled' });
    return open;
  } catch (error) {
    void closeEmbedding(engine, open);
    throw error;
  }
}

/**
 * The same with the labels that its step has now: its points stay, and with them its picture.
 *
 * @throws Fault; what is open stays so
 */
export async function withLabels(
  engine: Engine,
  open: OpenEmbedding,
  step: EmbeddingStep,
  signal: AbortSignal,
): Promise<OpenEmbedding> {
  const next: OpenEmbedding = { ...open, step, tables: [], problems: [...step.problems] };
  if (open.tensor.metadata) next.tables.push(open.tensor.metadata.table);
  const reader = await engine.embeddings();
  next.metadata = ofPoints((await namedMetadata(reader, next, signal)) ?? open.tensor.metadata, open);
  if (signal.aborted) {
    void closeEmbedding(engine, next, open);
    throw new Fault({ code: 'cancelled' });
  }
  return next;
}

/** @param kept what stays open, and may have parts of it */
export async function closeEmbedding(
  engine: Engine,
  { points, tables, sprite }: OpenEmbedding,
  kept?: OpenEmbedding,
): Promise<void> {
  if (sprite && sprite !== kept?.sprite) setTimeout(() => sprite.image.close(), CLOSE_IMAGE_MS);
  const isLeft = points.set >= 0 && points.set !== kept?.points.set;
  const left = tables.filter((table) => !kept?.tables.includes(table));
  if (!isLeft && left.length === 0) return;
  const [reader, projections] = await Promise.all([engine.embeddings(), engine.projections()]);
  if (isLeft) projections.close(points.set);
  for (const table of left) reader.closeMetadata(table);
}

/** What is beyond the points is of none of them. */
function ofPoints(metadata: MetadataFacts | undefined, { points }: OpenEmbedding): MetadataFacts | undefined {
  return metadata && { ...metadata, rows: Math.min(metadata.rows, points.points) };
}

/** Of a file beside the tensor; undefined = there is none that can be read. */
async function namedMetadata(
  reader: Embeddings,
  { step, rows, tables, problems }: OpenEmbedding,
  signal: AbortSignal,
): Promise<MetadataFacts | undefined> {
  if (step.metadata === undefined) return undefined;
  try {
    const metadata = await reader.openMetadata(step.metadata, rows, signal);
    tables.push(metadata.table);
    if (!metadata.problem) return metadata;
    problems.push(metadata.problem);
  } catch (error) {
    if (signal.aborted) throw error;
    problems.push({ fault: 'unreadable', path: step.metadata, text: asWireError(error).detail ?? '' });
  }
  return undefined;
}

async function spriteOf(
  reader: Embeddings,
  { path, width, height }: NonNullable<EmbeddingStep['sprite']>,
  signal: AbortSignal,
  problems: EmbeddingProblem[],
): Promise<OpenEmbedding['sprite']> {
  try {
    const bytes = await reader.bytes(path, signal);
    return { image: await createImageBitmap(new Blob([bytes])), width, height };
  } catch (error) {
    if (signal.aborted) throw error;
    problems.push({ fault: 'no_picture', path });
    return undefined;
  }
}

/** Whole rows, of copies that can be handed over. */
function piecesOf(values: Float32Array<ArrayBuffer>, columns: number): Float32Array<ArrayBuffer>[] {
  const step = Math.max(1, Math.floor(PIECE / Math.max(1, columns))) * Math.max(1, columns);
  if (values.length <= step) return [values];
  const pieces: Float32Array<ArrayBuffer>[] = [];
  for (let at = 0; at < values.length; at += step) pieces.push(values.slice(at, at + step));
  return pieces;
}
