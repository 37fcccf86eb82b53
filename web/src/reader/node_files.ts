import { openAsBlob } from 'node:fs';
import { opendir, realpath, stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { nextSourceId, selectEventFiles, type Opened } from '../sources/event_files';
import type { SourceRef } from '../sources/source_ref';

/**
 * Finds the event files at a path of this machine. Links to folders are not followed: they multiply without end.
 *
 * @throws Error with a sentence
 */
export async function openPath(path: string): Promise<Opened> {
  const { opened } = await lookInto(path);
  return opened;
}

/** As {@link openPath}, with every file that was found, as paths below what was opened. */
export async function lookInto(path: string): Promise<{ opened: Opened; refs: SourceRef[] }> {
  const stats = await stat(path).catch(() => undefined);
  if (!stats) throw new Error(`${path} does not exist`);
  const name = basename(resolve(path)) || '/';
  const refs: SourceRef[] = [];
  if (stats.isDirectory()) for await (const file of filesBelow(await realpath(path), name)) refs.push(file);
  else refs.push(fileAt(path, name));
  return { opened: await selectEventFiles([name], refs), refs };
}

async function* filesBelow(folder: string, placed: string): AsyncGenerator<SourceRef> {
  for await (const entry of await opendir(folder)) {
    const path = join(folder, entry.name);
    const below = `${placed}/${entry.name}`;
    if (entry.isDirectory()) yield* filesBelow(path, below);
    // No pipe and no device: opening one may wait for ever.
    else if ((await stat(path).catch(() => undefined))?.isFile()) yield fileAt(path, below);
  }
}

/** The module that opens archives. */
export function archiveWasm(): SourceRef {
  return fileAt(fileURLToPath(new URL('./archive.wasm', import.meta.url)), 'archive.wasm');
}

/** A file that is opened anew each time, as a browser's handle is: one that grows meanwhile can be read on. */
function fileAt(file: string, path: string): SourceRef {
  const handle = { getFile: () => openAsBlob(file) } as unknown as FileSystemFileHandle;
  return { id: nextSourceId(), path, handle };
}
