/** Rules of the paths of graphs: names with `/` between them, "encoder/block_3/attn". Pure. */

/** Nobody opens so many boxes in each other: names that go deeper are drawn as far as this. */
const MAX_DEPTH = 256;

/** The paths around a path, from the outermost in, as far as boxes are opened; not the path itself. */
export function around(path: string): string[] {
  const paths: string[] = [];
  for (let at = path.indexOf('/'); at !== -1 && paths.length < MAX_DEPTH; at = path.indexOf('/', at + 1))
    paths.push(path.slice(0, at));
  return paths;
}

/** The path of the box around; '' = it is at the top. */
export function parentOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}

/** The last name of a path. */
export function leafOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** Whether a path leads into a box, or is it. */
export function isIn(path: string, box: string): boolean {
  return path === box || path.startsWith(`${box}/`);
}

/** These paths and all around them. */
export function closedUnder(paths: Iterable<string>): Set<string> {
  const closed = new Set<string>();
  for (const path of paths) {
    for (const one of around(path)) closed.add(one);
    closed.add(path);
  }
  return closed;
}

/** Those of which no other is inside: what {@link closedUnder} gives all of them for. */
export function leavesOf(paths: ReadonlySet<string>): string[] {
  const inner = new Set<string>();
  for (const path of paths) for (const one of around(path)) inner.add(one);
  return [...paths].filter((path) => !inner.has(path));
}

/**
 * Whether a path is that of a member of a stack, or leads into one: "encoder/block_3" of "encoder/block_[0-11]". A stack
 * "dense_[-4]" begins with "dense" (`StackRun` in wasm/graph/blocks.h).
 */
export function isInStack(path: string, stack: string): boolean {
  const [, prefix, first, last] = /^(.*)\[(\d*)-(\d+)\]$/s.exec(stack) ?? [];
  if (prefix === undefined) return false;
  if (first === '' && isIn(path, prefix.slice(0, -1))) return true;
  const digits = path.startsWith(prefix) ? /^\d+/.exec(path.slice(prefix.length))?.[0] : undefined;
  if (digits === undefined || !isIn(path, prefix + digits)) return false;
  return Number(digits) >= Number(first) && Number(digits) <= Number(last);
}
