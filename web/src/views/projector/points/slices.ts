/** Long work in slices, between which the page can answer. */

const SLICE_MS = 8;
/** A generator over points yields after so many: about a millisecond. */
export const BATCH = 16_384;

/**
 * Runs a generator that yields often, some milliseconds at a time.
 *
 * @returns what it returns; undefined once `signal` aborts.
 */
export async function inSlices<T>(work: Generator<undefined, T>, signal: AbortSignal): Promise<T | undefined> {
  for (;;) {
    const end = performance.now() + SLICE_MS;
    do {
      if (signal.aborted) return undefined;
      const { done, value } = work.next();
      if (done) return value;
    } while (performance.now() < end);
    await new Promise((resolve) => setTimeout(resolve));
  }
}
