/** Spreads drawing over frames, so that a page full of charts never blocks: at most a few milliseconds a frame. */

const BUDGET_MS = 10;
const jobs = new Map<object, () => void>();
let scheduled = false;
let waiting: (() => void)[] = [];

/** Runs `job` in one of the next frames. A later job of the same owner replaces one that has not run. */
export function queueDrawing(owner: object, job: () => void): void {
  jobs.set(owner, job);
  schedule();
}

/** Forgets the job of an owner that is gone. */
export function cancelDrawing(owner: object): void {
  jobs.delete(owner);
  if (jobs.size === 0) settle();
}

/** Resolves when nothing waits to be drawn. */
export function drawingIdle(): Promise<void> {
  return jobs.size === 0 ? Promise.resolve() : new Promise((resolve) => waiting.push(resolve));
}

function schedule(): void {
  if (scheduled) return;
  scheduled = true;
  requestAnimationFrame(run);
}

function run(): void {
  scheduled = false;
  const end = performance.now() + BUDGET_MS;
  for (const [owner, job] of jobs) {
    jobs.delete(owner);
    job();
    if (performance.now() >= end) break;
  }
  if (jobs.size > 0) schedule();
  else settle();
}

function settle(): void {
  const resolvers = waiting;
  waiting = [];
  for (const resolve of resolvers) resolve();
}
