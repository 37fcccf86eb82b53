import { MAX_CONFIG_BYTES, neighbourOf, filesNamedBy, type NeighbourKind } from './neighbours.mjs';
import { readText } from './read_text';
import type { SourceRef } from './source_ref';

/** A file beside the event files that is known for what it is. */
export interface Neighbour {
  /** Below what was opened, '/' between names. */
  path: string;
  kind: NeighbourKind;
  /** It belongs to something that another file stands for. */
  isPart?: boolean;
  /** In bytes, as far as it is known. */
  size?: number;
  /** Absent if the bytes are not to be had. */
  source?: SourceRef;
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
