/** Which box is opened by itself, so that the first picture says something. Pure. */
import type { Scene } from '../../engine/graphs/graphs';

/** Of so few boxes one is what the graph is about, if it holds such a part of all. */
const MAX_BESIDE = 4;
const MIN_PART = 0.75;

/**
 * The path of a closed box that holds most of the innermost open level, as "model" between "input" and "output"; undefined =
 * there is none, or it cannot be opened.
 */
export function dominantIn({ boxes }: Scene): string | undefined {
  // What is opened in each other comes from the outermost in.
  const around = boxes.findLastIndex(({ open }) => open);
  const inside = boxes.filter(({ parent }) => parent === around);
  const ops = inside.reduce((sum, box) => sum + box.ops, 0);
  if (inside.length > MAX_BESIDE) return undefined;
  return inside.find((box) => box.kind === 'group' && box.expandable && !box.open && box.ops >= MIN_PART * ops)?.path;
}
