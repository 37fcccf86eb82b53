/** Work of the page that ends by itself: whoever has to know when all is shown waits for it. */

const pending = new Set<Promise<unknown>>();

/** @returns the same promise. */
export function counted<T>(work: Promise<T>): Promise<T> {
  pending.add(work);
  const end = (): void => void pending.delete(work);
  work.then(end, end);
  return work;
}

/** Resolves when no work that was counted is left. */
export async function pendingIdle(): Promise<void> {
  while (pending.size > 0) await Promise.allSettled(pending);
}
