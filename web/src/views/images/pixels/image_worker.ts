import { startWorker } from '../../../engine/start_worker';
import { counted } from '../../../ui/pending';
import type { JobKind, JobRequest, JobResponse, Jobs } from './jobs';
import workerUrl from './worker_entry?worker&url';

/** So many jobs are with the worker at once: those that wait here can be called off. */
const AT_ONCE = 4;
/** Of which so many compare whole pictures, which takes long: what is seen goes before what is said of it. */
const COMPARED_AT_ONCE = 1;

interface Job {
  request: JobRequest;
  signal: AbortSignal;
  resolve: (answer: never) => void;
  reject: (reason: unknown) => void;
}

const waiting: Job[] = [];
const begun = new Map<number, Job>();
let worker: Promise<Worker> | undefined;
let count = 0;

/**
 * @returns undefined = it could not be done: it is no image that can be decoded here.
 * @throws DOMException AbortError once the signal aborts: a job that waits is then never begun.
 */
export function ask<K extends JobKind>(
  kind: K,
  what: Jobs[K]['ask'],
  signal: AbortSignal,
): Promise<Jobs[K]['answer'] | undefined> {
  return counted(
    new Promise<Jobs[K]['answer'] | undefined>((resolve, reject) => {
      waiting.push({ request: { id: count++, kind, ask: what }, signal, resolve, reject });
      begin();
    }),
  );
}

/** Takes the next job from those that wait; undefined = there is none for now. */
function next(): Job | undefined {
  const isComparison = ({ request }: Job): boolean => request.kind === 'compare';
  const at = waiting.findIndex((job) => !isComparison(job));
  if (at >= 0) return waiting.splice(at, 1)[0];
  return [...begun.values()].filter(isComparison).length < COMPARED_AT_ONCE ? waiting.shift() : undefined;
}

function begin(): void {
  while (begun.size < AT_ONCE) {
    const job = next();
    if (!job) return;
    if (job.signal.aborted) {
      job.reject(job.signal.reason);
      continue;
    }
    begun.set(job.request.id, job);
    worker ??= start();
    worker.then(
      (port) => port.postMessage(job.request),
      () => fail(),
    );
  }
}

async function start(): Promise<Worker> {
  const port = await startWorker(workerUrl);
  port.onmessage = ({ data: { id, answer } }: MessageEvent<JobResponse>) => {
    const job = begun.get(id);
    begun.delete(id);
    if (job?.signal.aborted) {
      if (answer && 'bitmap' in answer) answer.bitmap.close();
      job.reject(job.signal.reason);
    } else job?.resolve(answer as never);
    begin();
  };
  port.onerror = () => {
    port.terminate();
    fail();
  };
  return port;
}

/** The worker is dead: what it had cannot be done; another one does the rest. */
function fail(): void {
  worker = undefined;
  const jobs = [...begun.values()];
  begun.clear();
  for (const { resolve } of jobs) resolve(undefined as never);
  begin();
}
