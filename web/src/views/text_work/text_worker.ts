import { startWorker } from '../../engine/start_worker';
import { counted } from '../../ui/pending';
import type { JobKind, JobRequest, JobResponse, Jobs } from './jobs';
import workerUrl from './worker_entry?worker&url';

/**
 * A job that takes longer is given up, and so is its worker: a pattern or a text may be made to never end. Counted from its
 * beginning: a worker may wait long for its script.
 */
const MAX_MS = 3000;
/** By then a worker has its script, or never will: others wait for it. */
const MAX_START_MS = 30_000;

/** One job at a time, in the order they were asked for. */
let last: Promise<unknown> = Promise.resolve();
let worker: Promise<Worker> | undefined;

/**
 * @returns undefined = it could not be done, or takes too long.
 * @throws DOMException AbortError once the signal aborts: a job that waits is then never begun.
 */
export function ask<K extends JobKind>(
  kind: K,
  what: Jobs[K]['ask'],
  signal?: AbortSignal,
): Promise<Jobs[K]['answer'] | undefined> {
  const job = last.then(() => {
    signal?.throwIfAborted();
    return run({ kind, ask: what });
  });
  last = job.catch(() => undefined);
  return counted(job);
}

async function run<K extends JobKind>(request: JobRequest<K>): Promise<Jobs[K]['answer'] | undefined> {
  worker ??= startWorker(workerUrl);
  let port: Worker;
  try {
    port = await worker;
  } catch {
    worker = undefined;
    return undefined;
  }
  return new Promise((resolve) => {
    const giveUp = (): void => {
      port.terminate();
      worker = undefined;
      resolve(undefined);
    };
    let timer = setTimeout(giveUp, MAX_START_MS);
    port.onerror = () => {
      clearTimeout(timer);
      giveUp();
    };
    // The two that worker_entry.ts says.
    port.onmessage = ({ data }: MessageEvent<'begun' | JobResponse<K>>) => {
      if (data === 'begun') {
        clearTimeout(timer);
        timer = setTimeout(giveUp, MAX_MS);
        return;
      }
      clearTimeout(timer);
      resolve(data.answer);
    };
    port.postMessage(request);
  });
}
