/** Spreads drawing over frames, so that a page full of charts never blocks: a few milliseconds of each frame. */

const BUDGET_MS = 10;
/** A frame is late when it comes this long after the one before, and in time when it comes sooner. */
const LATE_MS = 40;
const IN_TIME_MS = 25;
/** Without drawing for so long, it was not in a row of frames. */
const PAUSE_MS = 50;
const MAX_JOBS = 16;
const jobs = new Map<object, () => void>();
let scheduled = false;
/**
 * Jobs of a frame: a canvas is painted after its job has returned, so the time that it takes shows only in how late the
 * next frame is.
 */
let jobsPerFrame = 2;
let lastFrame = -Infinity;
let wasBusy = false;
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

/** Draws all that waits: it is printed before the next frame. */
export function drawNow(): void {
  while (jobs.size > 0) draw(Infinity, Infinity);
  settle();
}

function schedule(): void {
  if (scheduled) return;
  scheduled = true;
  // After a pause there is time to draw before the next frame, which then shows it.
  if (!wasBusy && performance.now() - lastFrame > PAUSE_MS) queueMicrotask(() => run(performance.now()));
  else requestAnimationFrame(run);
}

function run(now: number): void {
  scheduled = false;
  const late = now - lastFrame;
  lastFrame = now;
  // A queue that was empty says nothing about how long drawing takes.
  if (wasBusy && late > LATE_MS) jobsPerFrame = Math.max(1, jobsPerFrame >> 1);
  else if (wasBusy && late < IN_TIME_MS) jobsPerFrame = Math.min(MAX_JOBS, jobsPerFrame + 1);
  draw(jobsPerFrame, performance.now() + BUDGET_MS);
  wasBusy = jobs.size > 0;
  if (wasBusy) schedule();
  else settle();
}

/** Runs so many jobs at most, and begins none after a time. */
function draw(count: number, end: number): void {
  for (const [owner, job] of jobs) {
    jobs.delete(owner);
    try {
      job();
    } catch (error) {
      // The others wait for their turn.
      reportError(error);
    }
    if (--count === 0 || performance.now() >= end) break;
  }
}

function settle(): void {
  const resolvers = waiting;
  waiting = [];
  for (const resolve of resolvers) resolve();
}
