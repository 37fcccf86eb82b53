/** Which colours of a drawing are told. Pure. */
import type { LegendEntry, Scene } from '../../engine/graphs/graphs';

/** Classes that have a colour, and are named. */
export const MAX_CLASSES = 12;

/**
 * The classes of the boxes that are drawn, those with the most nodes first, and how many others there are. By structure,
 * what is alone in its class has none.
 */
export function classesOf({ boxes, legend }: Scene): { named: (LegendEntry & { i: number })[]; more: number } {
  const drawn = new Set(boxes.map((box) => box.colour));
  const named = legend
    .map((entry, i) => ({ ...entry, i }))
    .filter(({ i }) => i < MAX_CLASSES && drawn.has(i))
    .sort((a, b) => b.count - a.count);
  return { named, more: legend.length - named.length };
}
