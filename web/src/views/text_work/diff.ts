/**
 * What differs between two texts, by line and within lines by word. Pure. The shortest edit script is Myers' ("An O(ND)
 * Difference Algorithm and Its Variations", 1986); before it, lines that both texts have once hold them together, as in
 * patience diff, so that large texts fall into small parts. Where a part differs too much, it is replaced as a whole.
 */
import { linesOf } from './pieces';

/** A stretch of a line, and whether the other side has it. */
export interface Part {
  text: string;
  changed: boolean;
}

export interface Side {
  /** Number of the line, from 1. */
  line: number;
  parts: readonly Part[];
}

/** Lines that stand beside each other; without one, the other side has more of them there. */
export interface DiffRow {
  before?: Side;
  after?: Side;
  changed: boolean;
}

/** Rows as numbers, since there may be very many, and they come from a worker: {@link rowOf} reads one. */
export interface Diff {
  /** Two of each row: the numbers of its lines in both texts, from 1; 0 = there is none. */
  lines: Int32Array;
  /** 1 = the row is changed. */
  changed: Uint8Array;
  /** Pairs of places in a line, where what changed begins and ends: of one line after the other. */
  marks: Int32Array;
  /** Two of each row: where in `marks` those of its lines end. */
  markEnds: Int32Array;
  /** Of the rows. */
  changedCount: number;
}

/** Row `i` of a diff of two texts, of which these are the lines ({@link linesOf}). */
export function rowOf(diff: Diff, before: readonly string[], after: readonly string[], i: number): DiffRow {
  const side = (lines: readonly string[], at: number): Side | undefined => {
    const line = diff.lines[at] as number;
    if (line === 0) return undefined;
    const marks = diff.marks.subarray(diff.markEnds[at - 1] ?? 0, diff.markEnds[at]);
    return { line, parts: partsOfLine(lines[line - 1] as string, marks) };
  };
  const [old, now] = [side(before, 2 * i), side(after, 2 * i + 1)];
  return { ...(old && { before: old }), ...(now && { after: now }), changed: diff.changed[i] === 1 };
}

function partsOfLine(line: string, marks: Int32Array): Part[] {
  const parts: Part[] = [];
  const add = (from: number, to: number, changed: boolean): void => {
    if (to > from) parts.push({ text: line.slice(from, to), changed });
  };
  let at = 0;
  for (let i = 0; i < marks.length; i += 2) {
    const [from, to] = [marks[i] as number, marks[i + 1] as number];
    add(at, from, false);
    add(from, to, true);
    at = to;
  }
  add(at, line.length, false);
  return parts;
}

/** Edits beyond which a part counts as all changed: cost and memory grow with their square. */
const MAX_LINE_EDITS = 1000;
const MAX_WORD_EDITS = 200;

export function diffTexts(before: string, after: string): Diff {
  const [a, b] = [linesOf(before), linesOf(after)];
  const lines: number[] = [];
  const changed: number[] = [];
  const marks: number[] = [];
  const markEnds: number[] = [];
  let [atA, atB] = [0, 0];
  const changeTo = (endA: number, endB: number): void => {
    while (atA < endA || atB < endB) {
      const lineA = atA < endA ? a[atA++] : undefined;
      const lineB = atB < endB ? b[atB++] : undefined;
      const isPair = lineA !== undefined && lineB !== undefined;
      const [marksA, marksB] = isPair ? diffWords(lineA, lineB) : [[0, lineA?.length ?? 0], [0, lineB?.length ?? 0]]; // prettier-ignore
      lines.push(lineA === undefined ? 0 : atA, lineB === undefined ? 0 : atB);
      changed.push(1);
      marks.push(...marksA);
      markEnds.push(marks.length);
      marks.push(...marksB);
      markEnds.push(marks.length);
    }
  };
  for (const [matchA, matchB] of matchLines(a, b)) {
    changeTo(matchA, matchB);
    lines.push(++atA, ++atB);
    changed.push(0);
    markEnds.push(marks.length, marks.length);
  }
  changeTo(a.length, b.length);
  return {
    lines: Int32Array.from(lines),
    changed: Uint8Array.from(changed),
    marks: Int32Array.from(marks),
    markEnds: Int32Array.from(markEnds),
    changedCount: changed.filter((one) => one === 1).length,
  };
}

/** Words and numbers, spaces and single signs; joined, they are the line. */
export function wordsOf(line: string): string[] {
  return line.match(/[\p{L}\p{N}\p{M}_]+(?:[.,]\p{N}+)*|\s+|./gsu) ?? [];
}

/** Where two lines hold what the other has not: pairs of places. */
export function diffWords(before: string, after: string): [number[], number[]] {
  const [a, b] = [wordsOf(before), wordsOf(after)];
  const matches = matchTokens(a, b, MAX_WORD_EDITS);
  const same = [new Set(matches.map(([i]) => i)), new Set(matches.map(([, i]) => i))] as const;
  return [marksOf(a, same[0]), marksOf(b, same[1])];
}

function marksOf(words: readonly string[], same: ReadonlySet<number>): number[] {
  const marks: number[] = [];
  let at = 0;
  words.forEach((text, i) => {
    // A space that stays between two words that do not is no reason to part them.
    const isBetween = i > 0 && i < words.length - 1 && !same.has(i - 1) && !same.has(i + 1);
    const changed = !same.has(i) || (isBetween && text.trim() === '');
    if (changed && marks.at(-1) === at) marks[marks.length - 1] = at + text.length;
    else if (changed) marks.push(at, at + text.length);
    at += text.length;
  });
  return marks;
}

/** Places in both, rising in both: what stands there is equal. */
type Matches = [number, number][];

/** @returns lines that are kept, as a diff of lines has them. */
function matchLines(a: readonly string[], b: readonly string[]): Matches {
  const matches: Matches = [];
  let [atA, atB] = [0, 0];
  const matchTo = (endA: number, endB: number): void => {
    for (const [i, j] of matchTokens(a.slice(atA, endA), b.slice(atB, endB), MAX_LINE_EDITS)) {
      matches.push([atA + i, atB + j]);
    }
  };
  for (const [anchorA, anchorB] of anchorsOf(a, b)) {
    matchTo(anchorA, anchorB);
    matches.push([anchorA, anchorB]);
    [atA, atB] = [anchorA + 1, anchorB + 1];
  }
  matchTo(a.length, b.length);
  return matches;
}

/** Lines that both have exactly once, as many as are in the same order. */
function anchorsOf(a: readonly string[], b: readonly string[]): Matches {
  const placesOfOnce = (lines: readonly string[]): Map<string, number> => {
    const places = new Map<string, number>();
    lines.forEach((line, i) => places.set(line, places.has(line) ? -1 : i));
    return places;
  };
  const inB = placesOfOnce(b);
  const common: Matches = [];
  for (const [line, i] of placesOfOnce(a)) {
    const j = inB.get(line) ?? -1;
    if (i >= 0 && j >= 0) common.push([i, j]);
  }
  common.sort(([i], [j]) => i - j);
  return longestRising(common);
}

/** The longest run of pairs whose second numbers rise, by piles of patience. The first ones rise already. */
function longestRising(pairs: Matches): Matches {
  /** By pile: index of the pair on top. */
  const tops: number[] = [];
  const previous = new Int32Array(pairs.length);
  pairs.forEach(([, j], i) => {
    let [low, high] = [0, tops.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((pairs[tops[middle] as number] as [number, number])[1] < j) low = middle + 1;
      else high = middle;
    }
    previous[i] = low > 0 ? (tops[low - 1] as number) : -1;
    tops[low] = i;
  });
  const rising: Matches = [];
  for (let i = tops.at(-1) ?? -1; i >= 0; i = previous[i] as number) rising.push(pairs[i] as [number, number]);
  return rising.reverse();
}

/** @returns what a shortest edit script keeps; of parts that need more than `maxEdits`, only both ends. */
function matchTokens(a: readonly string[], b: readonly string[], maxEdits: number): Matches {
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) start++;
  let [endA, endB] = [a.length, b.length];
  while (endA > start && endB > start && a[endA - 1] === b[endB - 1]) {
    endA--;
    endB--;
  }
  const matches: Matches = [];
  for (let i = 0; i < start; i++) matches.push([i, i]);
  for (const [i, j] of myers(a.slice(start, endA), b.slice(start, endB), maxEdits))
    matches.push([start + i, start + j]);
  for (let i = endA; i < a.length; i++) matches.push([i, i - endA + endB]);
  return matches;
}

/** The greedy algorithm of the paper's figure 2, with a copy of the furthest points of each round to go back along. */
function myers(a: readonly string[], b: readonly string[], maxEdits: number): Matches {
  if (a.length === 0 || b.length === 0) return [];
  const most = Math.min(maxEdits, a.length + b.length);
  const furthest = new Int32Array(2 * most + 3);
  const middle = most + 1;
  const rounds: Int32Array[] = [];
  for (let edits = 0; edits <= most; edits++) {
    rounds.push(furthest.slice(middle - edits - 1, middle + edits + 2));
    for (let k = -edits; k <= edits; k += 2) {
      let x = stepFrom(furthest, middle, k, edits);
      while (x < a.length && x - k < b.length && a[x] === b[x - k]) x++;
      furthest[middle + k] = x;
      if (x >= a.length && x - k >= b.length) return trace(rounds, a.length, b.length);
    }
  }
  return [];
}

/** Where diagonal `k` begins in a round: one down from the diagonal above it, or one right from that below. */
function stepFrom(furthest: Int32Array, middle: number, k: number, edits: number): number {
  const [right, down] = [furthest[middle + k - 1] as number, furthest[middle + k + 1] as number];
  return k === -edits || (k !== edits && right < down) ? down : right + 1;
}

function trace(rounds: readonly Int32Array[], lengthA: number, lengthB: number): Matches {
  const matches: Matches = [];
  let [x, y] = [lengthA, lengthB];
  for (let edits = rounds.length - 1; edits >= 0; edits--) {
    const furthest = rounds[edits] as Int32Array;
    const [k, middle] = [x - y, edits + 1];
    const start = edits === 0 ? 0 : stepFrom(furthest, middle, k, edits);
    while (x > start && y > start - k && x > 0 && y > 0) matches.push([--x, --y]);
    if (edits === 0) break;
    const fromAbove = k === -edits || (k !== edits && (furthest[middle + k - 1] as number) < (furthest[middle + k + 1] as number)); // prettier-ignore
    if (fromAbove) y--;
    else x--;
  }
  return matches.reverse();
}

/** Unchanged rows in a stretch that is folded away. */
export interface Fold {
  /** Index of the first of them. */
  from: number;
  count: number;
}

/** Unchanged rows that stay in sight beside changed ones. */
const CONTEXT = 3;
/** Fewer are not worth a fold. */
const MIN_FOLD = 4;

/**
 * Folds away rows far from any change.
 *
 * @param opened first rows of folds that are open.
 * @returns indices of rows, and folds.
 */
export function foldRows({ changed }: Diff, opened: ReadonlySet<number>): (number | Fold)[] {
  const folded: (number | Fold)[] = [];
  const show = (from: number, to: number): void => {
    for (let i = from; i < to; i++) folded.push(i);
  };
  for (let at = 0; at < changed.length;) {
    let end = at;
    while (end < changed.length && changed[end] === 0) end++;
    const from = at === 0 ? 0 : at + CONTEXT;
    const to = end === changed.length ? end : end - CONTEXT;
    if (to - from < MIN_FOLD || opened.has(from)) {
      show(at, end);
    } else {
      show(at, from);
      folded.push({ from, count: to - from });
      show(to, end);
    }
    at = end;
    while (at < changed.length && changed[at] === 1) folded.push(at++);
  }
  return folded;
}
