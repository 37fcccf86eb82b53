import archiveUrl from 'tensorpane-wasm/archive.wasm?url';
import { nextSourceId } from '../../sources/event_files';
import type { SourceRef } from '../../sources/source_ref';

/** The module that opens archives: the worker asks for it as for any file at a URL. */
export function archiveWasm(): SourceRef {
  return { id: nextSourceId(), path: 'archive.wasm', url: new URL(archiveUrl, location.href).href };
}
