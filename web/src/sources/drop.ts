import type { Opened } from './event_files';
import { openEntries, type Entry } from './folder';

/** Newer than TypeScript's library. */
interface HandleItem {
  getAsFileSystemHandle?(): Promise<FileSystemHandle | null>;
}

/** What was dropped. To be called while the event is handled: the items are gone when it returns. */
export async function readDrop(transfer: DataTransfer): Promise<Opened> {
  const items = [...transfer.items].filter(({ kind }) => kind === 'file').map(waysTo);
  return openEntries((await Promise.all(items)).filter((ways) => ways.length > 0));
}

/**
 * A handle if possible, because it can be read again after the file has grown. But Chromium's handles leave out, without
 * a word, files and folders with names that Windows would not allow, as `12:30:00`; the older entries have them. What a
 * script drops is a mere File.
 */
async function waysTo(item: DataTransferItem & HandleItem): Promise<Entry[]> {
  // All asked for at once, before anything is awaited.
  const [handle, entry, file] = [item.getAsFileSystemHandle?.(), item.webkitGetAsEntry(), item.getAsFile()];
  return [await handle?.catch(() => null), entry ?? file].filter((way) => way !== null && way !== undefined);
}
