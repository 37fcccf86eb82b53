import type { EmbeddingName } from '../engine/embeddings/embeddings';
import { filesNamedBy, infoOf, MAX_CONFIG_BYTES, neighbourOf, type NeighbourKind } from './neighbours.mjs';
import { readRange, readText } from './read_text';
import type { SourceRef } from './source_ref';

/** A file beside the event files that is known for what it is. */
export interface Neighbour {
  /** Below what was opened, '/' between names. */
  path: string;
  kind: NeighbourKind;
  /** It was opened without event files, and is no neighbour of any: what is in it is all there is to see. */
  alone?: true;
  /** It belongs to something that another file stands for. */
  isPart?: boolean;
  /** It has labels, and came later than the embedding that they are of. */
  labelsOf?: EmbeddingName;
  /** In bytes, as far as it is known. */
  size?: number;
  /** Absent if the bytes are not to be had. */
  source?: SourceRef;
}

/** Files that are looked into for embeddings or graphs where there are no logs: more are data for something else. */
const MAX_ALONE = 1000;
/** What embeddings are in by themselves, and configs that name others; much of it may be something else. */
const ALONE = /\.(?:tsv|csv|txt|vec|npy|npz|json|pbtxt|index|h5)$/i;

/** Whether embeddings, or the labels of some, may be in a file that nothing else tells what it is. */
export function mayBeAlone(path: string): boolean {
  return ALONE.test(path);
}

/** As tutorials and TensorBoard's own projector call labels: metadata.tsv, labels.tsv. */
export function isLabels(path: string): boolean {
  return /(?:^|[/._\s-])(?:meta|metadata|labels?)(?:[._\s-][^/]*)?\.(?:tsv|csv|txt)$/i.test(path);
}

/** Most of these are graphs, and settings of other programs: configs of the projector begin so. */
const MAY_BE_CONFIG = /\.(?:json|pbtxt)$/i;
const CONFIG = /"embeddings"\s*:\s*\[|\bembeddings\s*:?\s*\{/;

/**
 * Files that were opened without any event file, as what the projector may have of them; none if there is nothing that could
 * be an embedding. Those that cannot be are there because a config may name them.
 */
export async function mayBeEmbeddings(files: ReadonlyMap<string, SourceRef>): Promise<Neighbour[]> {
  const isAlone = new Set<string>();
  for (const [path, source] of files) {
    if (!mayBeAlone(path) || isAlone.size === MAX_ALONE) continue;
    if (!MAY_BE_CONFIG.test(path) || CONFIG.test(await startOf(source))) isAlone.add(path);
  }
  if (isAlone.size === 0) return [];
  return [...files].map(([path, source]): Neighbour => {
    const known = neighbourOf(path);
    const kind = known && infoOf(known.kind).view === 'Projector' ? known.kind : 'embedding';
    return { path, kind, source, ...(isAlone.has(path) ? { alone: true } : { isPart: true }) };
  });
}

/**
 * Finds the known ones among files: by name, or because a projector config names them. Configs are read.
 *
 * @param files by path below what was opened
 */
export async function findNeighbours(files: ReadonlyMap<string, SourceRef>): Promise<Neighbour[]> {
  const named = new Map<string, NeighbourKind>();
  for (const [path, source] of files) {
    if (neighbourOf(path)?.kind !== 'projector_config') continue;
    // One that cannot be read names nothing; it is a neighbour itself.
    const config = await readText(source, MAX_CONFIG_BYTES).catch(() => '');
    for (const [file, kind] of filesNamedBy(path, config)) named.set(file, kind);
  }
  return [...files].flatMap(([path, source]): Neighbour[] => {
    const kind = named.get(path);
    const known = kind === undefined ? neighbourOf(path) : { kind };
    if (!known) return [];
    return [{ ...known, path, source, ...(source.size === undefined ? {} : { size: source.size }) }];
  });
}

/**
 * Local files that are graphs by how they begin, of those of which nothing else tells what they are.
 *
 * @param files by path below what was opened
 */
export async function graphTexts(
  files: ReadonlyMap<string, SourceRef>,
  known: readonly Neighbour[],
): Promise<Neighbour[]> {
  // Its code comes with the first files without a log.
  return (await import('./graph_texts')).graphTexts(files, known, MAX_ALONE);
}

/** The first bytes as text; '' = it cannot be read. */
async function startOf(source: SourceRef): Promise<string> {
  const { signal } = new AbortController();
  const bytes = await readRange(source, 0, MAX_CONFIG_BYTES, signal).catch(() => new Uint8Array());
  return new TextDecoder().decode(bytes);
}
