import wasmUrl from 'tensorpane-wasm/tensorpane.wasm?url';
import { EngineClient } from './client';
import type { Engine } from './engine';
import { Fault } from './fault';
import { hparamsReader } from './hparams_reader';
import hparamsWorkerUrl from './hparams_worker_entry?worker&url';
import workerUrl from './worker_entry?worker&url';

/** Starts the worker and compiles the reader, both at once. What goes wrong is told by `engine.fatal`. */
export function startEngine(): Engine {
  return new EngineClient(
    startWorker(workerUrl),
    compileWasm(),
    hparamsReader(() => startWorker(hparamsWorkerUrl)),
  );
}

/**
 * A worker is governed by the headers of its own script. Where the host sends none, it starts from a Blob: then it
 * inherits the policy that the page has as a <meta>.
 */
async function startWorker(url: string): Promise<Worker> {
  const response = await get(url);
  const script = await response.text();
  if (response.headers.has('Content-Security-Policy')) return new Worker(url);
  return new Worker(URL.createObjectURL(new Blob([script], { type: 'text/javascript' })));
}

async function compileWasm(): Promise<WebAssembly.Module> {
  const response = await get(wasmUrl);
  // Compiling while it comes asks for exactly this type, which not every host knows.
  const streams = response.headers.get('Content-Type') === 'application/wasm';
  return streams ? WebAssembly.compileStreaming(response) : WebAssembly.compile(await response.arrayBuffer());
}

async function get(url: string): Promise<globalThis.Response> {
  const response = await fetch(url).catch((error: unknown) => {
    throw new Fault({ code: 'network', file: url, detail: String(error) });
  });
  if (!response.ok) throw new Fault({ code: 'http_status', file: url, detail: String(response.status) });
  return response;
}
