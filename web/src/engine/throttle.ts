/** Calls `run` soon after it was touched, but not more often than every so many milliseconds. */
export class Throttle {
  private last = -Infinity;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly intervalMs: number,
    private readonly run: () => void,
  ) {}

  touch(): void {
    if (this.timer !== undefined) return;
    const wait = this.last + this.intervalMs - performance.now();
    if (wait <= 0) this.flush();
    else this.timer = setTimeout(() => this.flush(), wait);
  }

  /** Calls now. */
  flush(): void {
    this.stop();
    this.last = performance.now();
    this.run();
  }

  /** Forgets a call that is due. */
  stop(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
  }
}
