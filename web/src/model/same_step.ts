/** What follows by itself from what a person has set, and is undone together with that (`history.ts`). */
import { batch } from '@preact/signals-core';

let following = false;

/** Whether what is being set now follows from what was set before. */
export function isFollowing(): boolean {
  return following;
}

/** Sets what follows from what was set last, however long ago that was: both are one step of undo. */
export function inSameStep(set: () => void): void {
  // Not within what is being set, nor in an effect of it: what a person did is a change by itself.
  queueMicrotask(() => {
    following = true;
    try {
      batch(set);
    } finally {
      following = false;
    }
  });
}
