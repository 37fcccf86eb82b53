import { Fault } from '../faults/fault';
import type { StartSideWorker } from './side_worker';

/**
 * A worker is governed by the headers of its own script. Where the host sends none, it starts from a Blob: then it
 * inherits the policy that the page has as a <meta>.
 *
 * @throws Fault `network` or `http_status`
 */
export async function startWorker(url: string): Promise<Worker> {
  const response = await get(url);
  const script = await response.text();
  if (response.headers.has('Content-Security-Policy')) return new Worker(url);
  const own = URL.createObjectURL(new Blob([script], { type: 'text/javascript' }));
  const worker = new Worker(own);
  // Once it says something, its script is read.
  worker.addEventListener('message', () => URL.revokeObjectURL(own), { once: true });
  return worker;
}

/**
 * A file of the page.
 *
 * @throws Fault `network` or `http_status`
 */
export async function get(url: string): Promise<globalThis.Response> {
  const response = await fetch(url).catch((error: unknown) => {
    throw new Fault({ code: 'network', file: url, detail: String(error) });
  });
  if (!response.ok) throw new Fault({ code: 'http_status', file: url, detail: String(response.status) });
  return response;
}

/**
 * Fetches a module, and compiles it while it comes.
 *
 * @throws Fault `network` or `http_status`
 */
export async function compileWasm(url: string): Promise<WebAssembly.Module> {
  const response = await get(url);
  // Compiling while it comes asks for exactly this type, which not every host knows.
  const streams = response.headers.get('Content-Type') === 'application/wasm';
  return streams ? WebAssembly.compileStreaming(response) : WebAssembly.compile(await response.arrayBuffer());
}

/** How a worker beside the one that reads starts. It leaves none behind that has no wasm. */
export function startSideWorker(script: string, wasmUrl: string): StartSideWorker {
  return async () => {
    const [worker, wasm] = await Promise.allSettled([startWorker(script), compileWasm(wasmUrl)]);
    if (worker.status === 'rejected') throw worker.reason;
    if (wasm.status === 'fulfilled') return [worker.value, wasm.value];
    worker.value.terminate();
    throw wasm.reason;
  };
}
