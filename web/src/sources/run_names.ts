/** Names of runs that are taken: each as long as it was added more often than removed. */
export class RunNames {
  private readonly counts = new Map<string, number>();
  /** What was tried last behind a name: all before it was taken, and trying them again would take ever longer. */
  private readonly tried = new Map<string, number>();

  constructor(runs: Iterable<string> = []) {
    for (const run of runs) this.add(run);
  }

  has(run: string): boolean {
    return (this.counts.get(run) ?? 0) > 0;
  }

  add(run: string): void {
    this.counts.set(run, (this.counts.get(run) ?? 0) + 1);
  }

  remove(run: string): void {
    this.counts.set(run, (this.counts.get(run) ?? 0) - 1);
  }

  /** `run (2)`, or the next of them that is not taken. */
  other(run: string, isTaken: (name: string) => boolean): string {
    for (let n = this.tried.get(run) ?? 2; ; n++) {
      const name = `${run} (${n})`;
      if (this.has(name) || isTaken(name)) continue;
      this.tried.set(run, n);
      return name;
    }
  }
}
