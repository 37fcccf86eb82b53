import wasmUrl from 'tensorpane-wasm/tensorpane.wasm?url';
import { EngineClient } from './client';
import type { Engine } from './engine';
import { hparamsReader } from './hparams_reader';
import hparamsWorkerUrl from './hparams_worker_entry?worker&url';
import { get, startWorker } from './start_worker';
import workerUrl from './worker_entry?worker&url';

/** Starts the worker and compiles the reader, both at once. What goes wrong is told by `engine.fatal`. */
export function startEngine(): Engine {
  return new EngineClient(
    startWorker(workerUrl),
    compileWasm(),
    hparamsReader(() => startWorker(hparamsWorkerUrl)),
  );
}

async function compileWasm(): Promise<WebAssembly.Module> {
  const response = await get(wasmUrl);
  // Compiling while it comes asks for exactly this type, which not every host knows.
  const streams = response.headers.get('Content-Type') === 'application/wasm';
  return streams ? WebAssembly.compileStreaming(response) : WebAssembly.compile(await response.arrayBuffer());
}
