import type { Opened } from './event_files';
import { openEntries, type Entry } from './folder';

/** Newer than TypeScript's library. */
interface HandleItem {
  getAsFileSystemHandle?(): Promise<FileSystemHandle | null>;
}

/** What was dropped. To be called while the event is handled: the items are gone when it returns. */
export async function readDrop(transfer: DataTransfer): Promise<Opened> {
  const entries = [...transfer.items].filter(({ kind }) => kind === 'file').map(entryOf);
  return openEntries((await Promise.all(entries)).filter((entry) => entry !== null));
}

/** A handle if possible, because it can be read again after the file has grown; what a script drops is a mere File. */
async function entryOf(item: DataTransferItem & HandleItem): Promise<Entry | null> {
  // All asked for at once, before anything is awaited.
  const [handle, entry, file] = [item.getAsFileSystemHandle?.(), item.webkitGetAsEntry(), item.getAsFile()];
  return (await handle?.catch(() => null)) ?? entry ?? file;
}
