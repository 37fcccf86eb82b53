/** The script of the worker of texts: a classic one, as the engine's is. */
import { work, type JobRequest } from './jobs';

/** `self` in a worker, whose library cannot be loaded beside the page's. */
interface WorkerScope {
  postMessage(message: unknown): void;
  onmessage: ((event: MessageEvent<JobRequest>) => void) | null;
}

const scope = globalThis as unknown as WorkerScope;
scope.onmessage = ({ data }) => {
  scope.postMessage('begun');
  scope.postMessage(work(data));
};
