/** Which colours of a drawing are told. Pure. */
import type { GraphColour, LegendEntry, Scene } from '../../engine/graphs/graphs';

/** Classes that are named: beyond, nobody looks for one. */
const MAX_NAMED = 12;

/**
 * The classes of the boxes that are drawn, those with the most nodes first, and how many others there are. A class by
 * structure is one only if several nodes are of it.
 */
export function classesOf(
  { boxes, legend: all }: Scene,
  colour: GraphColour,
): { named: (LegendEntry & { i: number })[]; more: number } {
  const drawn = new Set(boxes.map((box) => box.colour));
  const classes = all.map((entry, i) => ({ ...entry, i })).filter(({ count }) => count > 1 || colour !== 'structure');
  const named = classes
    .filter(({ i }) => drawn.has(i))
    .sort((a, b) => b.count - a.count)
    .slice(0, MAX_NAMED);
  return { named, more: classes.length - named.length };
}
