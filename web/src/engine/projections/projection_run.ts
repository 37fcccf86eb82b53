import { Fault } from '../../faults/fault';
import type { ProjectionFrame } from './projections';
import { Turns } from '../turns';

/** Frames are given no sooner after each other, ms: some 30 a second. */
const FRAME_MS = 33;

/**
 * A projection on its way: works in turns, between which messages are answered, and gives a frame to whoever waits for the
 * next one.
 */
export class ProjectionRun {
  private done = false;
  private paused = false;
  /** It was worked at since the last frame. */
  private fresh = false;
  private error: unknown;
  private lastFrame = -Infinity;
  private waiting: { resolve: (frame: ProjectionFrame) => void; reject: (error: unknown) => void } | undefined;
  private wake: () => void = () => undefined;

  /**
   * @param step works for a turn; true = it is done
   * @param frame what there is now
   */
  constructor(
    readonly number: number,
    private readonly step: () => boolean,
    private readonly frame: () => ProjectionFrame,
  ) {
    void this.work();
  }

  /** The next frame, as soon as it is due; the last one once it is done. Asked for again when it was answered. */
  next(): Promise<ProjectionFrame> {
    return new Promise((resolve, reject) => {
      this.waiting = { resolve, reject };
      if (this.error !== undefined) this.end(this.error);
      else if (this.done || (this.paused && this.fresh)) this.give();
    });
  }

  pause(): void {
    this.paused = true;
  }

  resume(): void {
    this.paused = false;
    this.wake();
  }

  /** Gives what there is to whoever waits. */
  give(): void {
    const { waiting } = this;
    if (!waiting) return;
    this.waiting = undefined;
    this.fresh = false;
    this.lastFrame = performance.now();
    try {
      waiting.resolve(this.frame());
    } catch (error) {
      waiting.reject(error);
    }
  }

  /** Ends it; whoever waits gets no frame any more. */
  end(error: unknown = new Fault({ code: 'cancelled' })): void {
    this.error ??= error;
    this.waiting?.reject(this.error);
    this.waiting = undefined;
    this.wake();
  }

  private async work(): Promise<void> {
    const turns = new Turns();
    try {
      while (!this.done && this.error === undefined) {
        if (this.paused) {
          if (this.fresh) this.give();
          await new Promise<void>((resolve) => (this.wake = resolve));
          continue;
        }
        this.done = this.step();
        this.fresh = true;
        if (this.done || performance.now() - this.lastFrame >= FRAME_MS) this.give();
        await turns.end();
      }
    } catch (error) {
      this.end(error);
    }
    turns.close();
  }
}
