/** Which point is under the pointer, and which are in an area: a grid over the window. Pure. */
import { NEAREST, nearness, project, type View } from './point_camera';
import { isShown, rankOf, type PointCloud } from './point_cloud';
import { GROWN, grownBy } from './point_sizes';
import { BATCH } from './slices';

/** What is hit of a point that is as far away as the target: half of it, px; dots are round. */
export interface HitShape {
  halfWidth: number;
  halfHeight: number;
  round: boolean;
}

const CELL_PX = 16;

/** Where all points are in one window. */
export interface ScreenGrid {
  readonly view: View;
  /** The nearest to a pixel of those that are within `reach` of it; of those that it is on, the one in front. -1 = none. */
  nearest(x: number, y: number, reach: number): number;
  /** Those whose middle is within a polygon: x and y of each corner. In ascending order. */
  within(corners: readonly (readonly [number, number])[]): Uint32Array;
}

/**
 * Places all points once; yields now and then.
 *
 * @param shape the largest that a point has
 * @param shapeAt that of each
 */
export function* screenGrid(
  cloud: Pick<PointCloud, 'count' | 'places' | 'states'>,
  view: View,
  shape: HitShape,
  shapeAt: (point: number) => HitShape = () => shape,
): Generator<undefined, ScreenGrid> {
  const { count, places, states } = cloud;
  const most = Math.max(shape.halfWidth, shape.halfHeight) * (view.is3d ? nearness(0) : 1) + GROWN / 2;
  const columns = Math.ceil((view.width + 2 * most) / CELL_PX) + 1;
  const rows = Math.ceil((view.height + 2 * most) / CELL_PX) + 1;
  const column = (x: number): number => Math.min(columns - 1, Math.max(0, Math.floor((x + most) / CELL_PX)));
  const row = (y: number): number => Math.min(rows - 1, Math.max(0, Math.floor((y + most) / CELL_PX)));
  const xs = new Float32Array(count);
  const ys = new Float32Array(count);
  const ws = new Float32Array(count);
  /** -1 = not in the window. */
  const cells = new Int32Array(count);
  const starts = new Uint32Array(columns * rows + 1);
  const at = new Float64Array(3);
  for (let i = 0; i < count; i++) {
    if (i % BATCH === BATCH - 1) yield;
    cells[i] = -1;
    if (!isShown(states[i] as number)) continue;
    project(view, places[3 * i] as number, places[3 * i + 1] as number, places[3 * i + 2] as number, at);
    const [x, y, w] = at as unknown as [number, number, number];
    if (w <= NEAREST || x < -most || x > view.width + most || y < -most || y > view.height + most) continue;
    xs[i] = x;
    ys[i] = y;
    ws[i] = w;
    const cell = row(y) * columns + column(x);
    cells[i] = cell;
    (starts[cell + 1] as number)++;
  }
  for (let cell = 1; cell < starts.length; cell++) (starts[cell] as number) += starts[cell - 1] as number;
  const next = starts.slice();
  const order = new Uint32Array(starts[starts.length - 1] as number);
  for (let i = 0; i < count; i++) {
    if (i % BATCH === BATCH - 1) yield;
    const cell = cells[i] as number;
    if (cell >= 0) order[(next[cell] as number)++] = i;
  }

  const isBefore = (a: number, b: number): boolean => {
    const ranks = rankOf(states[a] as number) - rankOf(states[b] as number);
    if (ranks !== 0) return ranks > 0;
    const depths = (ws[a] as number) - (ws[b] as number);
    return depths !== 0 ? depths < 0 : a > b;
  };
  const distance = (i: number, x: number, y: number): number => {
    const scale = view.is3d ? nearness(ws[i] as number) : 1;
    const more = grownBy(states[i] as number) / 2;
    const [dx, dy] = [Math.abs(x - (xs[i] as number)), Math.abs(y - (ys[i] as number))];
    const { halfWidth, halfHeight, round } = shapeAt(i);
    const across = dx - halfWidth * scale - more;
    if (round) return Math.max(0, Math.hypot(dx, dy) + across - dx);
    return Math.hypot(Math.max(0, across), Math.max(0, dy - halfHeight * scale - more));
  };
  function* near(left: number, top: number, right: number, bottom: number): Generator<number, void> {
    for (let down = row(top); down <= row(bottom); down++) {
      const from = starts[down * columns + column(left)] as number;
      const to = starts[down * columns + column(right) + 1] as number;
      for (let k = from; k < to; k++) yield order[k] as number;
    }
  }

  return {
    view,
    nearest(x, y, reach) {
      let [found, least] = [-1, reach];
      const around = reach + most;
      for (const i of near(x - around, y - around, x + around, y + around)) {
        const far = distance(i, x, y);
        if (far < least || (far === least && (found < 0 || isBefore(i, found)))) [found, least] = [i, far];
      }
      return found;
    },
    within(corners) {
      const [across, down] = [corners.map(([x]) => x), corners.map(([, y]) => y)];
      const found: number[] = [];
      // What is out of the window was not seen by whoever drew the area.
      const box = [Math.max(0, Math.min(...across)), Math.max(0, Math.min(...down)), Math.min(view.width, Math.max(...across)), Math.min(view.height, Math.max(...down))] as const; // prettier-ignore
      for (const i of near(...box)) {
        const [x, y] = [xs[i] as number, ys[i] as number];
        if (x >= box[0] && y >= box[1] && x <= box[2] && y <= box[3] && isInside(x, y, corners)) found.push(i);
      }
      return Uint32Array.from(found).sort();
    },
  };
}

/** By crossings to the right, even and odd. */
export function isInside(x: number, y: number, corners: readonly (readonly [number, number])[]): boolean {
  let inside = false;
  for (let i = 0, j = corners.length - 1; i < corners.length; j = i++) {
    const [ax, ay] = corners[i] as readonly [number, number];
    const [bx, by] = corners[j] as readonly [number, number];
    if (ay > y !== by > y && x < ((bx - ax) * (y - ay)) / (by - ay) + ax) inside = !inside;
  }
  return inside;
}
