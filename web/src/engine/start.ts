import readerUrl from 'tensorpane-wasm/reader.wasm?url';
import valuesUrl from 'tensorpane-wasm/values.wasm?url';
import { archiveWasm } from './archive_wasm';
import { EngineClient } from './client';
import type { Engine } from './engine';
import { hparamsReader } from './hparams_reader';
import hparamsWorkerUrl from './hparams_worker_entry?worker&url';
import readerWorkerUrl from './reader_worker_entry?worker&url';
import { compileWasm, startSideWorker, startWorker } from './start_worker';
import valuesWorkerUrl from './values_worker_entry?worker&url';

/** Starts the worker and compiles the reader, both at once. What goes wrong is told by `engine.fatal`. */
export function startEngine(): Engine {
  return new EngineClient(
    startWorker(readerWorkerUrl),
    compileWasm(readerUrl),
    archiveWasm(),
    startSideWorker(valuesWorkerUrl, valuesUrl),
    hparamsReader(() => startWorker(hparamsWorkerUrl)),
    async (connect) => (await import('./start_graphs')).startGraphs(connect),
  );
}
