import readerUrl from 'tensorpane-wasm/reader.wasm?url';
import valuesUrl from 'tensorpane-wasm/values.wasm?url';
import { archiveWasm } from './archive_wasm';
import { EngineClient } from './client';
import type { Engine } from './engine';
import { hparamsReader } from './hparams_reader';
import hparamsWorkerUrl from './hparams_worker_entry?worker&url';
import readerWorkerUrl from './reader_worker_entry?worker&url';
import { compileWasm, startWorker } from './start_worker';
import valuesWorkerUrl from './values_worker_entry?worker&url';

/** Starts the worker and compiles the reader, both at once. What goes wrong is told by `engine.fatal`. */
export function startEngine(): Engine {
  return new EngineClient(
    startWorker(readerWorkerUrl),
    compileWasm(readerUrl),
    archiveWasm(),
    startValues,
    hparamsReader(() => startWorker(hparamsWorkerUrl)),
  );
}

/** Leaves no worker behind that has no wasm. */
async function startValues(): Promise<[Worker, WebAssembly.Module]> {
  const [worker, wasm] = await Promise.allSettled([startWorker(valuesWorkerUrl), compileWasm(valuesUrl)]);
  if (worker.status === 'rejected') throw worker.reason;
  if (wasm.status === 'fulfilled') return [worker.value, wasm.value];
  worker.value.terminate();
  throw wasm.reason;
}
