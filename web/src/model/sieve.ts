import { signal } from '@preact/signals-core';
import { ALL, type Filter } from './filter';

/** Patterns hold the page no longer than this at a time. */
const SLICE_MS = 8;
/** Of a longer name only so many characters are looked at: what a pattern takes grows with it (`pattern.ts`). */
const MAX_NAME = 1024;

/**
 * Holds names against a filter, each once, in slices between which the page lives on: a link may bring any pattern, and
 * names may be many.
 */
export class Sieve {
  private filter: Filter | undefined;
  private readonly verdicts = new Map<string, boolean>();
  /** Rises when there is time for the names that were not reached. */
  private readonly turn = signal(0);
  private timer: ReturnType<typeof setTimeout> | undefined;

  /** The names that pass, as far as they have been reached; a signal tells the computation around it of the rest. */
  passing(names: readonly string[], filter: Filter): readonly string[] {
    void this.turn.value;
    if (filter === ALL) return names;
    if (filter !== this.filter) this.verdicts.clear();
    this.filter = filter;
    const end = performance.now() + SLICE_MS;
    let late = false;
    const passing = names.filter((name) => {
      let verdict = this.verdicts.get(name);
      if (verdict === undefined) {
        late ||= performance.now() > end;
        if (late) return false;
        verdict = filter.matches(name.slice(0, MAX_NAME));
        this.verdicts.set(name, verdict);
      }
      return verdict;
    });
    if (late) this.timer ??= setTimeout(() => this.goOn(), 0);
    return passing;
  }

  private goOn(): void {
    this.timer = undefined;
    this.turn.value++;
  }
}
