/** The script of the worker that reads HDF5: a classic one, as `reader_worker_entry.ts` is. */
import type { H5Answer, H5Question } from './h5_reader';
import { answerTo } from './h5_worker';

/** `self` in a worker, whose library cannot be loaded beside the page's. */
interface WorkerScope {
  postMessage(message: H5Answer, transfer: Transferable[]): void;
  onmessage: ((event: MessageEvent<H5Question>) => void) | null;
}

const scope = globalThis as unknown as WorkerScope;
scope.onmessage = ({ data }) => {
  const answer = answerTo(data);
  scope.postMessage(answer, 'values' in answer ? [answer.values.buffer] : []);
};
