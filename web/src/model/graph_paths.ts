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

/** "block_[0-11]" in its parts; undefined = it is no stack. */
function stackOf(path: string): { prefix: string; first: string; last: string } | undefined {
  const [, prefix, first, last] = /^(.*)\[(\d*)-(\d+)\]$/s.exec(path) ?? [];
  return prefix === undefined || first === undefined || last === undefined ? undefined : { prefix, first, last };
}

/** The number of a member as it is in its name; the first one may have none. */
function memberName(prefix: string, number: string): string {
  return number === '' ? prefix.slice(0, -1) : prefix + number;
}

/** A path as a person reads it: a stack by its first and last members, as its box is labelled (`StackRun::Label`). */
export function readable(path: string): string {
  const stack = stackOf(path);
  if (!stack) return path;
  const { prefix, first, last } = stack;
  return `${memberName(prefix, first)} … ${leafOf(prefix + last)}`;
}

/** The last name of a path, as a person reads it. */
export function titleOf(path: string): string {
  return stackOf(path) ? readable(leafOf(path)) : leafOf(path);
}

/**
 * What is drawn of a stack of which some members are to be seen by themselves: these, and those between them, which are
 * stacks if they are as many as one has at least (`LevelBuilder::AddRun` in wasm/graph/level.cc).
 *
 * @param alone paths of members, or of what is in them; others do not count
 * @returns of each its path, how many members it has, and which one of all is its first
 */
export function partsOf(
  path: string,
  alone: Iterable<string>,
  least: number,
): { path: string; members: number; at: number }[] {
  const stack = stackOf(path);
  if (!stack) return [{ path, members: 1, at: 0 }];
  const { prefix, first, last } = stack;
  const [from, to] = [Number(first), Number(last)];
  const apart = new Set<number>();
  for (const one of alone) {
    const number = isInStack(one, path) ? Number(/^\d+/.exec(one.slice(prefix.length))?.[0] ?? 0) : -1;
    if (number >= from && number <= to) apart.add(number);
  }
  // "01" … "12": as wide as the first of them.
  const written = (number: number): string =>
    number === from ? first : String(number).padStart(first.startsWith('0') ? first.length : 0, '0');
  const parts: { path: string; members: number; at: number }[] = [];
  const addOne = (number: number): void =>
    void parts.push({ path: memberName(prefix, written(number)), members: 1, at: number - from });
  const add = (begin: number, end: number): void => {
    const members = end - begin;
    if (members >= least)
      parts.push({ path: `${prefix}[${written(begin)}-${written(end - 1)}]`, members, at: begin - from }); // prettier-ignore
    else for (let number = begin; number < end; number++) addOne(number);
  };
  let begin = from;
  for (const number of [...apart].sort((a, b) => a - b)) {
    add(begin, number);
    addOne(number);
    begin = number + 1;
  }
  add(begin, to + 1);
  return parts;
}

/**
 * Whether a path is that of a member of a stack, or leads into one: "encoder/block_3" of "encoder/block_[0-11]". A stack
 * "dense_[-4]" begins with "dense" (`StackRun` in wasm/graph/blocks.h).
 */
export function isInStack(path: string, stack: string): boolean {
  const parts = stackOf(stack);
  if (!parts) return false;
  const { prefix, first, last } = parts;
  if (first === '' && isIn(path, prefix.slice(0, -1))) return true;
  const digits = path.startsWith(prefix) ? /^\d+/.exec(path.slice(prefix.length))?.[0] : undefined;
  if (digits === undefined || !isIn(path, prefix + digits)) return false;
  return Number(digits) >= Number(first) && Number(digits) <= Number(last);
}
