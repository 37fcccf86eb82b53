import { MAX_HPARAMS_BYTES } from '../../model/hparams_file';
import { isTwin } from '../../sources/event_files';
import { isArchive, isEventFile } from '../../sources/log_names.mjs';
import { filesNamedBy, infoOf, MAX_CONFIG_BYTES, neighbourOf, type NeighbourKind } from '../../sources/neighbours.mjs';
import type { SourceRef } from '../../sources/source_ref';
import type { WireError } from '../../faults/fault';
import type { PackedFile, Verdict } from './unpacking';
import type { EntryFacts } from './archive_session';

/** A file beside the event files of an archive, as `Neighbour` of `sources/find_neighbours.ts`. */
export interface FoundInArchive {
  /** In the archive. */
  path: string;
  kind: NeighbourKind;
  isPart?: boolean;
  size?: number;
  source?: SourceRef;
  error?: WireError;
  /** As of PackedFile. */
  isLastOfSeveral?: true;
}

/** Of the kinds that are known by their names and read; none is unpacked that would not be read then. */
const MAX_BYTES: Partial<Record<NeighbourKind, number>> = {
  hparams: MAX_HPARAMS_BYTES,
  projector_config: MAX_CONFIG_BYTES,
};

/** What is to be done with a file in an archive that is none of events, by its name. */
export function judgeNeighbour({ name, size }: EntryFacts): Verdict {
  const known = neighbourOf(name);
  if (!known) return false;
  if (!infoOf(known.kind).isRead) return 'listed';
  return size !== undefined && size > (MAX_BYTES[known.kind] ?? Infinity) ? { code: 'file_too_large' } : true;
}

/**
 * What lies beside the event files of an archive: what is known by name, and what the projector configs among it name.
 * A compressed tar is gone through once more for those.
 *
 * @param known judged by {@link judgeNeighbour}
 * @param readText of a source that was unpacked
 * @param list goes through the archive again
 */
export async function findInArchive(
  known: readonly PackedFile[],
  readText: (source: SourceRef) => Promise<string>,
  list: (judge: (entry: EntryFacts) => Verdict) => Promise<PackedFile[]>,
): Promise<FoundInArchive[]> {
  const found = new Map<string, FoundInArchive>();
  const named = new Map<string, NeighbourKind>();
  const take = async (
    { unpack, bare: _, ...file }: PackedFile,
    kind: { kind: NeighbourKind; isPart?: boolean },
  ): Promise<FoundInArchive> => {
    const unpacked = await unpack();
    // An earlier one of its path may have been taken, which has another size.
    const size = unpacked.source?.size ?? file.size;
    const taken = { ...file, ...kind, ...unpacked, ...(size === undefined ? {} : { size }) };
    found.set(file.path, taken);
    return taken;
  };
  for (const file of known) {
    const { kind, source } = await take(file, neighbourOf(file.path) as { kind: NeighbourKind });
    if (kind !== 'projector_config' || !source) continue;
    for (const [path, kind] of filesNamedBy(file.path, await readText(source))) named.set(path, kind);
  }
  if (named.size === 0) return [...found.values()];
  const isWanted = (name: string): boolean => named.has(name) && !isEventFile(name) && !isArchive(name) && !isTwin(name); // prettier-ignore
  for (const file of await list(({ name }) => isWanted(name))) {
    await take(file, { kind: named.get(file.path) as NeighbourKind });
  }
  return [...found.values()];
}
