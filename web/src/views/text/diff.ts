/**
 * What differs between two texts, by line and within lines by word. Pure. The shortest edit script is Myers' ("An O(ND)
 * Difference Algorithm and Its Variations", 1986); before it, lines that both texts have once hold them together, as in
 * patience diff, so that large texts fall into small parts. Where a part differs too much, it is replaced as a whole.
 */
import { linesOf } from './text_value';

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

export interface Diff {
  rows: DiffRow[];
  /** Of the rows. */
  changedCount: number;
}

/** Edits beyond which a part counts as all changed: cost and memory grow with their square. */
const MAX_LINE_EDITS = 1000;
const MAX_WORD_EDITS = 200;

export function diffTexts(before: string, after: string): Diff {
  const [a, b] = [linesOf(before), linesOf(after)];
  const rows: DiffRow[] = [];
  let changedCount = 0;
  let [atA, atB] = [0, 0];
  const changeTo = (endA: number, endB: number): void => {
    for (; atA < endA || atB < endB; changedCount++) {
      const lineA = atA < endA ? a[atA++] : undefined;
      const lineB = atB < endB ? b[atB++] : undefined;
      rows.push(changedRow(lineA, atA, lineB, atB));
    }
  };
  for (const [matchA, matchB] of matchLines(a, b)) {
    changeTo(matchA, matchB);
    const parts = [{ text: a[atA++] as string, changed: false }];
    rows.push({ before: { line: atA, parts }, after: { line: ++atB, parts }, changed: false });
  }
  changeTo(a.length, b.length);
  return { rows, changedCount };
}

function changedRow(a: string | undefined, lineA: number, b: string | undefined, lineB: number): DiffRow {
  if (a !== undefined && b !== undefined) {
    const [before, after] = diffWords(a, b);
    return { before: { line: lineA, parts: before }, after: { line: lineB, parts: after }, changed: true };
  }
  const whole = (text: string): Part[] => [{ text, changed: true }];
  if (a !== undefined) return { before: { line: lineA, parts: whole(a) }, changed: true };
  return { after: { line: lineB, parts: whole(b ?? '') }, changed: true };
}

/** Words, spaces and single signs; joined, they are the line. */
export function wordsOf(line: string): string[] {
  return line.match(/[\p{L}\p{N}\p{M}_]+|\s+|./gsu) ?? [];
}

/** Two lines as parts that both have and parts that only one has. */
export function diffWords(before: string, after: string): [Part[], Part[]] {
  const [a, b] = [wordsOf(before), wordsOf(after)];
  const matches = matchTokens(a, b, MAX_WORD_EDITS);
  const same = [new Set(matches.map(([i]) => i)), new Set(matches.map(([, i]) => i))] as const;
  return [partsOf(a, same[0]), partsOf(b, same[1])];
}

function partsOf(words: readonly string[], same: ReadonlySet<number>): Part[] {
  const parts: Part[] = [];
  words.forEach((text, i) => {
    // A space that stays between two words that do not is no reason to part them.
    const isBetween = i > 0 && i < words.length - 1 && !same.has(i - 1) && !same.has(i + 1);
    const changed = !same.has(i) || (isBetween && text.trim() === '');
    const last = parts.at(-1);
    if (last?.changed === changed) last.text += text;
    else parts.push({ text, changed });
  });
  return parts;
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
 */
export function foldRows(rows: readonly DiffRow[], opened: ReadonlySet<number>): (DiffRow | Fold)[] {
  const folded: (DiffRow | Fold)[] = [];
  for (let at = 0; at < rows.length;) {
    if (rows[at]?.changed) {
      folded.push(rows[at++] as DiffRow);
      continue;
    }
    let end = at;
    while (end < rows.length && !rows[end]?.changed) end++;
    const from = at === 0 ? 0 : at + CONTEXT;
    const to = end === rows.length ? end : end - CONTEXT;
    if (to - from < MIN_FOLD || opened.has(from)) folded.push(...rows.slice(at, end));
    else folded.push(...rows.slice(at, from), { from, count: to - from }, ...rows.slice(to, end));
    at = end;
  }
  return folded;
}
