import { nextSourceId, selectEventFiles, type Opened } from './event_files';
import { openEntries } from './folder';
import type { SourceRef } from './source_ref';

/** Newer than TypeScript's library. */
interface Pickers {
  showDirectoryPicker?: () => Promise<FileSystemDirectoryHandle>;
  showOpenFilePicker?: (options: { multiple: boolean }) => Promise<FileSystemFileHandle[]>;
}

/** Asks for a folder; only in answer to a click or a key. undefined = dismissed. @throws DOMException */
export async function pickFolder(): Promise<Opened | undefined> {
  const { showDirectoryPicker } = globalThis as Pickers;
  if (!showDirectoryPicker) return pickByInput({ webkitdirectory: true });
  const folder = await unlessDismissed(showDirectoryPicker());
  return folder && openEntries([[folder]]);
}

/** Asks for files; only in answer to a click or a key. undefined = dismissed. @throws DOMException */
export async function pickFiles(): Promise<Opened | undefined> {
  const { showOpenFilePicker } = globalThis as Pickers;
  if (!showOpenFilePicker) return pickByInput({ multiple: true });
  const files = await unlessDismissed(showOpenFilePicker({ multiple: true }));
  return files && openEntries(files.map((file) => [file]));
}

async function unlessDismissed<T>(choice: Promise<T>): Promise<T | undefined> {
  try {
    return await choice;
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') return undefined;
    throw error;
  }
}

function pickByInput(options: { webkitdirectory: true } | { multiple: true }): Promise<Opened | undefined> {
  const input = Object.assign(document.createElement('input'), { type: 'file' }, options);
  return new Promise((resolve, reject) => {
    input.addEventListener('cancel', () => resolve(undefined));
    input.addEventListener('change', () => void openFiles([...(input.files ?? [])]).then(resolve, reject));
    input.click();
  });
}

function openFiles(files: readonly File[]): Promise<Opened> {
  const refs = files.map((blob): SourceRef => {
    return { id: nextSourceId(), path: blob.webkitRelativePath || blob.name, blob, size: blob.size };
  });
  const roots = new Set(refs.map(({ path }) => path.split('/')[0] as string));
  return selectEventFiles([...roots], refs);
}
