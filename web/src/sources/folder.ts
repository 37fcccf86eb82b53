import { nextSourceId, selectEventFiles, type Opened } from './event_files';
import type { SourceRef } from './source_ref';

/** A file or folder of one of the interfaces that browsers have for them. */
export type Entry = FileSystemHandle | FileSystemEntry | File;

/**
 * Walks everything that was dropped or picked and chooses the event files in it. What cannot be walked is named.
 *
 * @param items each with at least one way to it; where the first one leaves something out, the next one gives it.
 */
export async function openEntries(items: readonly (readonly Entry[])[]): Promise<Opened> {
  const refs: SourceRef[] = [];
  const unreadable: string[] = [];
  for (const ways of items) {
    const found = new Map<string, SourceRef>();
    for (const way of ways) {
      for await (const ref of walk(way, way.name, unreadable)) if (!found.has(ref.path)) found.set(ref.path, ref);
    }
    for (const ref of found.values()) refs.push(ref);
  }
  const opened = await selectEventFiles(
    items.map(([item]) => (item as Entry).name),
    refs,
  );
  return { ...opened, unreadable: [...new Set(unreadable)] };
}

async function* walk(entry: Entry, path: string, unreadable: string[]): AsyncGenerator<SourceRef> {
  try {
    if (entry instanceof File) {
      yield { id: nextSourceId(), path, blob: entry, size: entry.size };
    } else if ('kind' in entry) {
      if (isFileHandle(entry)) yield { id: nextSourceId(), path, handle: entry };
      else yield* walkAll((entry as FileSystemDirectoryHandle).values(), path, unreadable);
    } else if (isFileEntry(entry)) {
      yield* walk(await new Promise<File>((resolve, reject) => entry.file(resolve, reject)), path, unreadable);
    } else {
      yield* walkAll(entriesOf(entry as FileSystemDirectoryEntry), path, unreadable);
    }
  } catch (error) {
    // One folder without permission costs only itself.
    if (!(error instanceof DOMException)) throw error;
    unreadable.push(path);
  }
}

async function* walkAll(children: AsyncIterable<Entry>, path: string, unreadable: string[]): AsyncGenerator<SourceRef> {
  for await (const child of children) yield* walk(child, `${path}/${child.name}`, unreadable);
}

/** All of them: one call of readEntries() gives at most a hundred. */
async function* entriesOf(folder: FileSystemDirectoryEntry): AsyncGenerator<FileSystemEntry> {
  const reader = folder.createReader();
  for (;;) {
    const batch = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
    if (batch.length === 0) return;
    yield* batch;
  }
}

function isFileHandle(handle: FileSystemHandle): handle is FileSystemFileHandle {
  return handle.kind === 'file';
}

function isFileEntry(entry: FileSystemEntry): entry is FileSystemFileEntry {
  return entry.isFile;
}
