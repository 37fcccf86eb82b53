/** `tensorpane/reader` for Node: reads in the calling thread. */
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Input, Logs, OpenOptions } from './api';
import { findInputs, openWeb } from './inputs';
import { archiveWasm, openPath } from './node_files';
import { asSentence, readLogs } from './read_logs';
import { inThisThread } from './this_thread';

export type * from './api';

/** See {@link import('./api').Open}. */
export async function open(inputs: Input | readonly Input[], options: OpenOptions = {}): Promise<Logs> {
  try {
    const openings = await findInputs(inputs, options, (place, signal) => {
      if (/^(https?|hf):/.test(String(place))) return openWeb(place, signal);
      return openPath(place instanceof URL ? fileURLToPath(place) : place);
    });
    const wasm = readFile(new URL('./reader.wasm', import.meta.url)).then((bytes) => WebAssembly.compile(bytes));
    return await readLogs(inThisThread(), wasm, archiveWasm(), openings, options);
  } catch (error) {
    throw asSentence(error);
  }
}
