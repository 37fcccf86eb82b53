import type { OpenFile } from './event_files';
import { isLocal, slice } from './read';
import type { SourceRef } from './source_ref';

/** Enough of an event file to tell it from others: it begins with a wall time. */
const HEAD_BYTES = 65536;

/** What was opened and read to its end, so that the same folder opened again does not show everything twice. */
export class OpenedFiles {
  private readonly sources = new Map<string, SourceRef[]>();

  /** @param file with the run that it was found in, whatever name the run got. */
  add(file: OpenFile): void {
    this.sources.set(keyOf(file), [...this.at(file), file.source]);
  }

  /** Leaves out the runs that are open already, each file just as it is now; a run with any other file is kept whole. */
  async withoutOpened(files: readonly OpenFile[]): Promise<OpenFile[]> {
    const known = await Promise.all(
      files.map(async (file) => {
        const same = await Promise.all(this.at(file).map((source) => isUnchanged(source, file.source)));
        return same.includes(true);
      }),
    );
    const newRuns = new Set(files.filter((_, i) => !known[i]).map(({ run }) => run));
    return files.filter(({ run }) => newRuns.has(run));
  }

  private at(file: OpenFile): readonly SourceRef[] {
    return this.sources.get(keyOf(file)) ?? [];
  }
}

function keyOf({ run, name }: OpenFile): string {
  return `${run}/${name}`;
}

/** Whether two sources are of one file that has not changed, as far as its size and its beginning tell. */
export async function isUnchanged(before: SourceRef, now: SourceRef): Promise<boolean> {
  if (!isLocal(before) || !isLocal(now)) return 'url' in before && 'url' in now && before.url === now.url;
  if (before.size !== now.size) return false;
  try {
    const heads = await Promise.all([before, now].map((source) => slice(source, 0, HEAD_BYTES)));
    const [a, b] = heads.map((head) => new Uint8Array(head)) as [Uint8Array, Uint8Array];
    return a.length === b.length && a.every((byte, i) => byte === b[i]);
  } catch {
    // What cannot be read any more cannot be compared.
    return false;
  }
}
