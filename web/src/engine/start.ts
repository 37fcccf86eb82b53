import readerUrl from 'tensorpane-wasm/reader.wasm?url';
import { archiveWasm } from './archives/archive_wasm';
import { EngineClient } from './client';
import type { Engine } from './engine';
import { hparamsReader } from './hparams_reader';
import hparamsWorkerUrl from './hparams_worker_entry?worker&url';
import readerWorkerUrl from './reader_worker_entry?worker&url';
import { compileWasm, startWorker } from './start_worker';

/** Starts the worker and compiles the reader, both at once. What goes wrong is told by `engine.fatal`. */
export function startEngine(): Engine {
  return new EngineClient(
    startWorker(readerWorkerUrl),
    compileWasm(readerUrl),
    archiveWasm(),
    hparamsReader(() => startWorker(hparamsWorkerUrl)),
    {
      values: async (connect) => (await import('./values/start_values')).startValues(connect),
      graphs: async (connect) => (await import('./graphs/start_graphs')).startGraphs(connect),
      embeddings: async (connect) => (await import('./embeddings/start_embeddings')).startEmbeddings(connect),
      projections: async () => (await import('./projections/start_projections')).startProjections(),
    },
  );
}
