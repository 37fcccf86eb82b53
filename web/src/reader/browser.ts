/** `tensorpane/reader` for pages and their workers. A page has it read by a worker, a worker reads itself. */
import type { Answer } from '../engine/asker';
import type { Notice } from '../engine/protocol';
import { get } from '../engine/start_worker';
import { nextSourceId } from '../sources/event_files';
import type { Input, Logs, OpenOptions } from './api';
import { findInputs } from './inputs';
import { asSentence, readLogs, type ReaderPort } from './read_logs';
import { inThisThread } from './this_thread';

export type * from './api';

/** See {@link import('./api').Open}. */
export async function open(inputs: Input | readonly Input[], options: OpenOptions = {}): Promise<Logs> {
  try {
    const openings = await findInputs(inputs, options);
    // Bundlers look for these very words, and take the files with them.
    const wasm = get(String(new URL('./reader.wasm', import.meta.url))).then((answer) => answer.arrayBuffer());
    const archives = String(new URL('./archive.wasm', import.meta.url));
    const isPage = typeof document !== 'undefined' && typeof Worker !== 'undefined';
    return await readLogs(
      isPage ? startWorker() : inThisThread(),
      wasm,
      { id: nextSourceId(), path: 'archive.wasm', url: archives },
      openings,
      options,
    );
  } catch (error) {
    throw asSentence(error);
  }
}

function startWorker(): ReaderPort {
  const worker = new Worker(new URL('./worker.js', import.meta.url), { type: 'module' });
  const port: ReaderPort = {
    send: (message, transfer) => worker.postMessage(message, transfer),
    receive: () => undefined,
    fail: () => undefined,
    close: () => worker.terminate(),
  };
  worker.onmessage = ({ data }: MessageEvent<Answer | Notice>) => port.receive(data);
  worker.onerror = ({ message }) => port.fail(message || 'the worker could not be started');
  return port;
}
