/** A scene as it is looked up: boxes by path and place, and what is joined to what. Pure. */
import type { Box, EdgePiece, GraphColour, Scene } from '../../engine/graphs/graphs';
import { isInStack, parentOf } from '../../model/graph_paths';
import type { Rect } from './camera';

/** What is next to something: bytes, 1 = it is. */
export interface Lit {
  boxes: Uint8Array;
  pieces: Uint8Array;
}

export class SceneIndex {
  readonly byPath = new Map<string, number>();
  /** Of each box, how many are around it. */
  readonly depth: Uint16Array;
  /** Boxes, those that hold others before what they hold. */
  readonly order: Uint32Array;
  private readonly stacks = new Map<string, number[]>();
  private readonly from = new Map<number, number[]>();
  private readonly to = new Map<number, number[]>();

  /** @param colour what its boxes have the colours of */
  constructor(
    readonly scene: Scene,
    readonly colour: GraphColour = 'structure',
  ) {
    const { boxes, pieces } = scene;
    this.depth = new Uint16Array(boxes.length);
    boxes.forEach((box, i) => {
      this.byPath.set(box.path, i);
      if (box.kind === 'stack') push(this.stacks, parentOf(box.path), i);
      // Most come after what they are in.
      const { parent } = box;
      if (parent >= 0 && parent < i) this.depth[i] = this.depthOf(parent) + 1;
      else for (let at = parent; at >= 0; at = boxes[at]?.parent ?? -1) this.depth[i] = this.depthOf(i) + 1;
    });
    this.order = byDepth(this.depth);
    pieces.forEach((piece, i) => {
      push(this.from, piece.from, i);
      push(this.to, piece.to, i);
    });
  }

  depthOf(box: number): number {
    return this.depth[box] ?? 0;
  }

  /** The stack that a path is a member of. */
  stackOf(path: string): number | undefined {
    const near = this.stacks.get(parentOf(path)) ?? [];
    return near.find((i) => isInStack(path, (this.scene.boxes[i] as Box).path));
  }

  /** Index of the innermost box at a place of the drawing; -1 = none. */
  at(x: number, y: number): number {
    let found = -1;
    this.scene.boxes.forEach((box, i) => {
      if (x < box.x || y < box.y || x > box.x + box.width || y > box.y + box.height) return;
      if (found === -1 || this.depthOf(i) > this.depthOf(found)) found = i;
    });
    return found;
  }

  /**
   * Boxes that edges join to one, with the pieces of these edges, through any ports: from what it gives only onwards, from
   * what it takes only backwards. Behind a port that edges from several boxes to several boxes share, nobody can tell
   * which of them are its own: there it ends, and more than this may be joined to it.
   */
  near(box: number): Lit & { isAll: boolean } {
    const { boxes, pieces } = this.scene;
    const lit = { boxes: new Uint8Array(boxes.length), pieces: new Uint8Array(pieces.length), isAll: true };
    for (const forward of [true, false]) {
      const [onwards, back] = forward ? [this.from, this.to] : [this.to, this.from];
      const ahead = (i: number): number => (pieces[i] as EdgePiece)[forward ? 'to' : 'from'];
      const behind = (i: number): number => (pieces[i] as EdgePiece)[forward ? 'from' : 'to'];
      /** Ports that were reached: whether edges of others go through them, too. */
      const reached = new Map<number, boolean>();
      const stack: { end: number; isShared: boolean }[] = [{ end: box, isShared: false }];
      for (let at = stack.pop(); at; at = stack.pop()) {
        const { end, isShared } = at;
        const next = onwards.get(end) ?? [];
        if (isShared && new Set(next.map(ahead)).size > 1) {
          lit.isAll = false;
          continue;
        }
        for (const i of next) {
          lit.pieces[i] = 1;
          const to = ahead(i);
          if (to >= 0) {
            lit.boxes[to] = 1;
            continue;
          }
          const others = isShared || new Set((back.get(to) ?? []).map(behind)).size > 1;
          // What is behind it was reached already, with as much right.
          if (reached.has(to) && (others || reached.get(to) === false)) continue;
          reached.set(to, others);
          stack.push({ end: to, isShared: others });
        }
      }
    }
    lit.boxes[box] = 1;
    return lit;
  }

  /**
   * The box that the longest way along edges begins at: what leads from the inputs to the result, and not what stands beside
   * it by itself; -1 = there are no boxes.
   */
  first(): number {
    return this.longest(() => true);
  }

  /** The same of what is in an open box. */
  firstIn(around: number): number {
    return this.longest(({ parent }) => parent === around);
  }

  private longest(counts: (box: Box) => boolean): number {
    const { boxes, pieces } = this.scene;
    const starts = pieces.flatMap(({ upward, kind }, i) => (upward || kind !== 'data' ? [] : [i]));
    // From the bottom up, what a piece leads to is known before the piece.
    const y = (i: number): number => (pieces[i] as EdgePiece).points[1] ?? 0;
    starts.sort((a, b) => y(b) - y(a));
    /** Pieces of the longest way on, by box or port. */
    const ahead = new Map<number, number>();
    for (const i of starts) {
      const { from, to } = pieces[i] as EdgePiece;
      ahead.set(from, Math.max(ahead.get(from) ?? 0, 1 + (ahead.get(to) ?? 0)));
    }
    const length = (i: number): number => ahead.get(i) ?? 0;
    return boxes.reduce((found, box, i) => {
      if (!counts(box)) return found;
      const best = boxes[found];
      if (!best || length(i) > length(found)) return i;
      return length(i) === length(found) && box.y < best.y && box.parent === best.parent ? i : found;
    }, -1);
  }

  /** Boxes in an area: those that it touches, or an open one if all of it is there, and then nothing that is in that. */
  within({ x, y, width, height }: Rect): number[] {
    const isTaken = new Uint8Array(this.scene.boxes.length);
    const found: number[] = [];
    for (const i of this.order) {
      const box = this.scene.boxes[i] as Box;
      isTaken[i] = isTaken[box.parent] ?? 0;
      if (isTaken[i] === 1) continue;
      const isAllIn = box.x >= x && box.y >= y && box.x + box.width <= x + width && box.y + box.height <= y + height;
      const touches = box.x < x + width && box.y < y + height && box.x + box.width > x && box.y + box.height > y;
      if (box.open ? !isAllIn : !touches) continue;
      isTaken[i] = 1;
      found.push(i);
    }
    return found;
  }

  /** The box next to one in a direction, of one level, by where they are drawn; -1 = there is none. */
  beside(box: number, dx: -1 | 0 | 1, dy: -1 | 0 | 1): number {
    const { boxes } = this.scene;
    const own = boxes[box];
    if (!own) return this.first();
    let [found, least] = [-1, Infinity];
    boxes.forEach((other, i) => {
      if (i === box || other.parent !== own.parent) return;
      const [across, down] = [
        gap(own.x, own.width, other.x, other.width),
        gap(own.y, own.height, other.y, other.height),
      ];
      const ahead = across * dx + down * dy;
      const aside = Math.abs(across * dy) + Math.abs(down * dx);
      if (ahead <= 0 || aside > 2 * ahead + 40) return;
      // Of those that are as near, the one that is in line.
      const offset = Math.abs((middleX(other) - middleX(own)) * dy) + Math.abs((middleY(other) - middleY(own)) * dx);
      const distance = ahead + 2 * aside + offset / 10;
      if (distance < least) [found, least] = [i, distance];
    });
    return found;
  }
}

/** Indices in the order of their depths, those of one depth as they come. */
function byDepth(depths: Uint16Array): Uint32Array {
  const ends: number[] = [];
  for (const depth of depths) ends[depth] = (ends[depth] ?? 0) + 1;
  let sum = 0;
  const next = Array.from(ends, (count = 0) => (sum += count) - count);
  const order = new Uint32Array(depths.length);
  depths.forEach((depth, i) => {
    order[next[depth] as number] = i;
    next[depth] = (next[depth] as number) + 1;
  });
  return order;
}

/** How far one stretch is behind another, or before it: less than 0; 0 = both have some part in common. */
function gap(start: number, length: number, other: number, otherLength: number): number {
  if (other >= start + length) return other - start - length;
  return other + otherLength <= start ? other + otherLength - start : 0;
}

const middleX = (box: Box): number => box.x + box.width / 2;
const middleY = (box: Box): number => box.y + box.height / 2;

function push<K>(lists: Map<K, number[]>, key: K, value: number): void {
  const list = lists.get(key);
  if (list) list.push(value);
  else lists.set(key, [value]);
}
