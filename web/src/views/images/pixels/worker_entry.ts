/** The script of the worker of images: a classic one, as the engine's is. */
import { work, type JobRequest } from './jobs';

/** `self` in a worker, whose library cannot be loaded beside the page's. */
interface WorkerScope {
  postMessage(message: unknown, transfer: Transferable[]): void;
  onmessage: ((event: MessageEvent<JobRequest>) => void) | null;
}

const scope = globalThis as unknown as WorkerScope;
scope.onmessage = ({ data }) => void answer(data);

async function answer(request: JobRequest): Promise<void> {
  const response = await work(request);
  const { answer: found } = response;
  scope.postMessage(response, found && 'bitmap' in found ? [found.bitmap] : []);
}
