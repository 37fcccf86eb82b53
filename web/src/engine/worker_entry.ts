/** The worker's script: a classic one, the same text whether it is loaded from a URL or from a Blob. */
import type { Request } from './protocol';
import { loadWasm } from './wasm_loader';
import { EngineWorker } from './worker';

/** `self` in a worker, whose library cannot be loaded beside the page's. */
interface WorkerScope {
  postMessage(message: unknown, transfer: Transferable[]): void;
  onmessage: ((event: MessageEvent<Request>) => void) | null;
}

const scope = globalThis as unknown as WorkerScope;
const engine = new EngineWorker((message, transfer) => scope.postMessage(message, transfer), loadWasm);
scope.onmessage = ({ data }) => void engine.handle(data);
