/** A state of the projector holds a place of each point. */
export const MAX_BOOKMARKS_BYTES = 2 << 20;

/**
 * How many states of TensorBoard's projector a file of bookmarks has: a JSON list of the objects that its
 * `State` (tensorboard/plugins/projector/vz_projector/data.ts) is written as. undefined = it is no such file.
 */
export function countBookmarks(text: string): number | undefined {
  let states: unknown;
  try {
    states = JSON.parse(text);
  } catch {
    return undefined;
  }
  const isState = (state: unknown): boolean =>
    typeof state === 'object' && state !== null && 'selectedProjection' in state;
  return Array.isArray(states) && states.every(isState) ? states.length : undefined;
}
