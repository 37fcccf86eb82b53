/** Which labels there is room for, and where. Pure. */
import type { Size } from './point_camera';

export interface WantedLabel {
  /** The same as long as it is the label of the same thing. */
  key: string;
  /** Size of its text, px. */
  width: number;
  height: number;
  /** Top left corners that it may have, the best first. */
  places: readonly (readonly [x: number, y: number])[];
}

/** Left, top, right and bottom, px. */
export type Box = readonly [left: number, top: number, right: number, bottom: number];

export interface PlacedLabel {
  wanted: WantedLabel;
  /** Which of its places it has. */
  place: number;
}

/** No label is nearer to another one, px. */
const GAP = 2;
const CELL = 48;

/**
 * Places labels in the order given, as long as there is room: none over another or over what is `kept` free, none wholly
 * out of the window.
 * Those that were placed `before` (by key) go first among those of their rank, and stay on their side: a camera that
 * moves a little changes little.
 *
 * @param ranks groups of labels: all of an earlier one go before those of a later one.
 */
export function placeLabels(
  ranks: readonly (readonly WantedLabel[])[],
  size: Size,
  before: ReadonlyMap<string, number>,
  most: number,
  kept: readonly Box[] = [],
): PlacedLabel[] {
  const placed: PlacedLabel[] = [];
  const taken = new Map<number, Box[]>();
  const cells = function* (left: number, top: number, right: number, bottom: number): Generator<number> {
    for (let y = Math.floor(top / CELL); y <= Math.floor(bottom / CELL); y++)
      for (let x = Math.floor(left / CELL); x <= Math.floor(right / CELL); x++) yield y * 4096 + x;
  };
  const isFree = (left: number, top: number, right: number, bottom: number): boolean => {
    if (right < 0 || bottom < 0 || left > size.width || top > size.height) return false;
    for (const cell of cells(left, top, right, bottom))
      for (const [l, t, r, b] of taken.get(cell) ?? [])
        if (left < r && right > l && top < b && bottom > t) return false;
    return true;
  };
  const take = (box: Box): void => {
    for (const cell of cells(...box)) {
      const list = taken.get(cell);
      if (list) list.push(box);
      else taken.set(cell, [box]);
    }
  };
  const place = (wanted: WantedLabel): void => {
    const { width, height, places } = wanted;
    const last = before.get(wanted.key) ?? 0;
    const order = [last, ...places.keys()];
    // Cut off by the window only where there is no other room.
    for (const isWhole of [true, false])
      for (const nth of order) {
        const [x, y] = places[nth] ?? [NaN, NaN];
        const box: Box = [x - GAP / 2, y - GAP / 2, x + width + GAP / 2, y + height + GAP / 2];
        const isInside = x >= 0 && y >= 0 && x + width <= size.width && y + height <= size.height;
        if (Number.isNaN(x) || (isWhole && !isInside) || !isFree(...box)) continue;
        take(box);
        placed.push({ wanted, place: nth });
        return;
      }
  };
  for (const box of kept) take(box);
  for (const rank of ranks)
    for (const isAgain of [true, false])
      for (const wanted of rank) {
        if (placed.length >= most) return placed;
        if (before.has(wanted.key) === isAgain) place(wanted);
      }
  return placed;
}
