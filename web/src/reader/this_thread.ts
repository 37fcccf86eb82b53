import createReader from 'tensorpane-wasm/reader.js';
import type { Request } from '../engine/protocol';
import { ReaderWorker } from '../engine/reader_worker';
import { loaderOf } from '../engine/wasm_loader';
import type { ReaderPort } from './read_logs';

/** Reads in this very thread, in turns of a few milliseconds. */
export function inThisThread(): ReaderPort {
  const reader = new ReaderWorker((message) => port.receive(message), loaderOf(createReader));
  const port: ReaderPort = {
    send: (message) => void reader.handle(message as Request),
    receive: () => undefined,
    fail: () => undefined,
    close: () => (port.send = () => undefined),
  };
  return port;
}
