import { Fault, type WireError } from '../../faults/fault';
import type { ProjectionReplies, ProjectionRequestBody } from './projection_protocol';
import type { KeptNeighbours, Metric, Neighbours, PointFacts, Preparation, ProjectionFrame, ProjectionOptions, ProjectionProgress, Projections } from './projections'; // prettier-ignore
import { SideWorker, type Living, type StartSideWorker } from '../side_worker';

type Life = Living<ProjectionRequestBody, ProjectionReplies>;
type Begin = Extract<ProjectionRequestBody, { type: 'start' | 'more' }>;

/** The page's side of the projection worker. */
export class ProjectionClient implements Projections {
  private readonly worker: SideWorker<ProjectionRequestBody, ProjectionReplies>;
  /** The worker that a set is in, and what it is called there: with it, it is gone. */
  private readonly sets = new Map<number, { life: Life; set: number }>();
  /** Sets of which a run waits to be resumed. */
  private readonly paused = new Set<number>();
  /** The run of a set that is followed. */
  private readonly followed = new Map<number, number>();
  private lastSet = 0;
  private lastRun = 0;

  constructor(startWorker: StartSideWorker) {
    this.worker = new SideWorker(startWorker);
  }

  /** How many questions are not answered. What is paused answers nothing, and is not waited for. */
  get unanswered(): number {
    return this.worker.unanswered - this.paused.size;
  }

  open(dimensions: number, rows: readonly Float32Array<ArrayBuffer>[], signal: AbortSignal): Promise<PointFacts> {
    return this.worker.counted(async () => {
      const life = await this.worker.living();
      if (signal.aborted) throw new Fault({ code: 'cancelled' });
      const buffers = new Set(rows.map(({ buffer }) => buffer));
      const facts = await life.asker.ask({ type: 'open', dimensions, rows }, [...buffers]);
      if (signal.aborted) {
        life.asker.ask({ type: 'close', set: facts.set }).catch(() => undefined);
        throw new Fault({ code: 'cancelled' });
      }
      const set = ++this.lastSet;
      this.sets.set(set, { life, set: facts.set });
      return { ...facts, set };
    });
  }

  close(set: number): void {
    this.tell(set, (opened) => ({ type: 'close', set: opened }));
    this.sets.delete(set);
  }

  async prepare(set: number, preparation: Preparation): Promise<void> {
    await this.ask(set, (opened) => ({ type: 'prepare', set: opened, preparation }));
  }

  start(
    set: number,
    options: ProjectionOptions,
    onFrame: (frame: ProjectionFrame) => void,
    signal: AbortSignal,
  ): Promise<ProjectionProgress> {
    return this.follow(set, (opened, run) => ({ type: 'start', set: opened, run, options }), onFrame, signal);
  }

  pause(set: number): void {
    if (!this.followed.has(set)) return;
    this.paused.add(set);
    this.tell(set, (opened) => ({ type: 'pause', set: opened }));
  }

  resume(set: number): void {
    this.paused.delete(set);
    this.tell(set, (opened) => ({ type: 'resume', set: opened }));
  }

  perturb(set: number): void {
    this.tell(set, (opened) => ({ type: 'perturb', set: opened }));
  }

  more(
    set: number,
    steps: number,
    onFrame: (frame: ProjectionFrame) => void,
    signal: AbortSignal,
  ): Promise<ProjectionProgress> {
    return this.follow(set, (opened, run) => ({ type: 'more', set: opened, run, steps }), onFrame, signal);
  }

  neighbours(set: number, row: number, k: number, metric: Metric): Promise<Neighbours> {
    return this.ask(set, (opened) => ({ type: 'neighbours', set: opened, row, k, metric }));
  }

  distances(set: number, rows: Uint32Array, metric: Metric): Promise<Float32Array<ArrayBuffer>> {
    return this.ask(set, (opened) => ({ type: 'distances', set: opened, rows, metric }));
  }

  kept(set: number, k: number, metric: Metric, rows: Uint32Array, columns: readonly number[]): Promise<KeptNeighbours> {
    return this.ask(set, (opened) => ({ type: 'kept', set: opened, k, metric, rows, columns }));
  }

  align(positions: Float32Array, to: Float32Array, columns: number): Promise<Float32Array<ArrayBuffer>> {
    return this.worker.counted(async () => {
      const { asker } = await this.worker.living();
      return asker.ask({ type: 'align', positions, to, columns });
    });
  }

  /** The logs are gone: nothing is answered any more. */
  fail(error: WireError): void {
    this.worker.fail(error);
  }

  /** Ends the worker for good: nothing is answered any more. */
  end(): void {
    this.worker.end();
  }

  /** Begins a run, and asks for one frame after the other until it is done. */
  private follow(
    set: number,
    begin: (opened: number, run: number) => Begin,
    onFrame: (frame: ProjectionFrame) => void,
    signal: AbortSignal,
  ): Promise<ProjectionProgress> {
    return this.worker.counted(async () => {
      if (signal.aborted) throw new Fault({ code: 'cancelled' });
      const { life, set: opened } = this.opened(set);
      const { asker } = life;
      const run = ++this.lastRun;
      const stop = (): void => void asker.ask({ type: 'stop', run }).catch(() => undefined);
      signal.addEventListener('abort', stop);
      this.followed.set(set, run);
      this.paused.delete(set);
      try {
        for (let frame = await asker.ask(begin(opened, run)); ; frame = await asker.ask({ type: 'next', run })) {
          if (signal.aborted) throw new Fault({ code: 'cancelled' });
          onFrame(frame);
          if (frame.progress.stage === 'done') return frame.progress;
        }
      } finally {
        signal.removeEventListener('abort', stop);
        // Unless another one has taken its place.
        if (this.followed.get(set) === run) {
          this.followed.delete(set);
          this.paused.delete(set);
        }
      }
    });
  }

  private ask<R extends ProjectionRequestBody>(
    set: number,
    request: (opened: number) => R,
  ): Promise<ProjectionReplies[R['type']]> {
    return this.worker.counted(async () => {
      const { life, set: opened } = this.opened(set);
      return life.asker.ask(request(opened));
    });
  }

  /** What nobody waits for. */
  private tell(set: number, request: (opened: number) => ProjectionRequestBody): void {
    const known = this.sets.get(set);
    known?.life.asker.ask(request(known.set)).catch(() => undefined);
  }

  private opened(set: number): { life: Life; set: number } {
    const known = this.sets.get(set);
    if (!known) throw new Fault({ code: 'bug', detail: 'asked of points that are closed' });
    return known;
  }
}
