/** Files that the page around hands over, as what was opened. */
import type { TensorPaneFile } from '../../public/tensorpane';
import { nextSourceId, selectEventFiles, type Opened } from '../sources/event_files';
import type { SourceRef } from '../sources/source_ref';

/** Of files in several folders, which no folder of theirs can be called. */
const ROOT = 'logs';

/**
 * All files in folders are one log directory: the one folder that all are in or, if there is none, one above them, so that
 * the whole folder of a file is its run. A file without a folder, an archive or a log, was opened by itself.
 */
export async function openHanded(files: readonly TensorPaneFile[]): Promise<Opened[]> {
  const refOf = ({ path, blob }: TensorPaneFile, below = ''): SourceRef => ({ id: nextSourceId(), path: below + path, blob, size: blob.size }); // prettier-ignore
  const inFolders = files.filter(({ path }) => path.includes('/'));
  const alone = files.filter(({ path }) => !path.includes('/'));
  const tops = new Set(inFolders.map(({ path }) => path.slice(0, path.indexOf('/'))));
  const [top = ROOT] = tops;
  const directory =
    tops.size > 1
      ? selectEventFiles([ROOT], inFolders.map((file) => refOf(file, `${ROOT}/`))) // prettier-ignore
      : selectEventFiles([top], inFolders.map((file) => refOf(file))); // prettier-ignore
  return Promise.all([
    ...(tops.size > 0 ? [directory] : []),
    ...alone.map((file) => selectEventFiles([file.path], [refOf(file)])),
  ]);
}
