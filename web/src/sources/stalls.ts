import { signal } from '@preact/signals-core';
import { Fault, type WireError } from '../faults/fault';

/** A read that got no further, and waits for a person to say whether it is to go on. */
export interface Stall {
  error: WireError;
  retry(): void;
  giveUp(): void;
}

/** All that wait. */
export const stalls = /* @__PURE__ */ signal<readonly Stall[]>([]);

/**
 * Resolves when the read is to be tried again.
 *
 * @throws Fault `error` when it is not; DOMException AbortError
 */
export async function untilRetried(error: WireError, signal: AbortSignal): Promise<void> {
  const { promise, resolve, reject } = withResolvers();
  const stall: Stall = { error, retry: resolve, giveUp: () => reject(new Fault(error)) };
  const abort = (): void => reject(signal.reason as Error);
  signal.addEventListener('abort', abort);
  if (signal.aborted) abort();
  stalls.value = [...stalls.peek(), stall];
  try {
    await promise;
  } finally {
    signal.removeEventListener('abort', abort);
    stalls.value = stalls.peek().filter((other) => other !== stall);
  }
}

/** Promise.withResolvers(), which not every browser has. */
function withResolvers(): { promise: Promise<void>; resolve: () => void; reject: (error: Error) => void } {
  let [resolve, reject]: [() => void, (error: Error) => void] = [() => undefined, () => undefined];
  const promise = new Promise<void>((...ends) => ([resolve, reject] = ends));
  return { promise, resolve, reject };
}
