/** The script of the worker that reads `hparams.yaml`: a classic one, as `reader_worker_entry.ts` is. */
import type { HParamsAnswer, HParamsQuestion } from './hparams_reader';
import { answerTo } from './hparams_worker';

/** `self` in a worker, whose library cannot be loaded beside the page's. */
interface WorkerScope {
  postMessage(message: HParamsAnswer): void;
  onmessage: ((event: MessageEvent<HParamsQuestion>) => void) | null;
}

const scope = globalThis as unknown as WorkerScope;
scope.onmessage = ({ data }) => scope.postMessage(answerTo(data));
