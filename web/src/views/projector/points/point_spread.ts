/** Where points are as a whole: middles and reaches that a few points far off do not spoil. Pure. */
import { BATCH } from './slices';

export type Place = readonly [x: number, y: number, z: number];

/** What is fitted into the window. */
export interface Frame {
  is3d: boolean;
  centre: Place;
  /** Half of what is fitted, across and down; of a ball, its radius. */
  half: readonly [number, number];
  /** From the centre to the farthest point. */
  reach: number;
  /** Of what is fitted in 3-D, what is outermost in each of `DIRECTIONS`; none = all of the ball. */
  corners: readonly Place[];
}

/** More points tell no more of percentiles. */
const SAMPLE = 10_000;
/** Of each group whose name is written. */
const MIDDLE_SAMPLE = 240;
const MIDDLE_CANDIDATES = 24;
const MEAN_SHIFTS = 3;
/** Points no farther from the middle 98 % than so much of their span are fitted too. */
const MARGIN = 0.75;

/** State of a point that is hidden or nowhere; others are an EMPHASIS. */
export const ABSENT = 255;

/** All around, some ten degrees from each other: whatever is seen from anywhere, one of them is about at its edge. */
const DIRECTIONS = directions(2);

/** Of nothing. */
export function blankFrame(is3d: boolean): Frame {
  return { is3d, centre: [0, 0, 0], half: [1, 1], reach: 1, corners: [] };
}

/** The frame of what is shown. `places` hold no NaN. Yields now and then. */
export function* frameOf(places: Float32Array, states: Uint8Array, is3d: boolean): Generator<undefined, Frame> {
  const least = new Float64Array(3).fill(Infinity);
  const most = new Float64Array(3).fill(-Infinity);
  let shown = 0;
  for (let i = 0; i < states.length; i++) {
    if (i % BATCH === BATCH - 1) yield;
    if (states[i] === ABSENT) continue;
    shown++;
    for (let axis = 0; axis < 3; axis++) {
      const value = places[3 * i + axis] as number;
      if (value < (least[axis] as number)) least[axis] = value;
      if (value > (most[axis] as number)) most[axis] = value;
    }
  }
  if (shown === 0) return blankFrame(is3d);

  const sample = yield* sampled(states, shown);
  const spans = [0, 1, 2].map((axis) =>
    fittedSpan(valuesOf(sample, places, axis), least[axis] as number, most[axis] as number),
  );
  const centre = spans.map(([from, to]) => (from + to) / 2) as unknown as Place;
  const farthest = spans.map((_, axis) =>
    Math.max((most[axis] as number) - (centre[axis] as number), (centre[axis] as number) - (least[axis] as number)),
  );
  const reach = Math.hypot(...farthest) || 1;
  if (!is3d) {
    const half = spans.map(([from, to]) => (to - from) / 2);
    const across = half[0] || half[1] || 1;
    return { is3d, centre, half: [across, half[1] || across], reach, corners: [] };
  }
  const distances = new Float32Array(sample.length);
  let farAway = 0;
  for (const [nth, i] of sample.entries()) {
    const [x, y, z] = [places[3 * i] as number, places[3 * i + 1] as number, places[3 * i + 2] as number];
    const far = Math.sqrt((x - centre[0]) ** 2 + (y - centre[1]) ** 2 + (z - centre[2]) ** 2);
    distances[nth] = far;
    if (far > farAway) farAway = far;
  }
  const radius = fittedSpan(distances.slice(), 0, farAway)[1] || reach;
  yield;
  const fitted = sample.filter((_, nth) => (distances[nth] as number) <= radius);
  const corners = yield* outermost(fitted, places);
  return { is3d, centre, half: [radius, radius], reach: Math.max(reach, radius), corners };
}

function* outermost(points: readonly number[], places: Float32Array): Generator<undefined, Place[]> {
  const corners: Place[] = [];
  for (const [dx, dy, dz] of DIRECTIONS) {
    let [found, farthest] = [0, -Infinity];
    for (const i of points) {
      const far = dx * (places[3 * i] as number) + dy * (places[3 * i + 1] as number) + dz * (places[3 * i + 2] as number); // prettier-ignore
      if (far > farthest) [found, farthest] = [i, far];
    }
    if (farthest > -Infinity) corners.push([0, 1, 2].map((axis) => places[3 * found + axis]) as unknown as Place);
    yield;
  }
  return corners;
}

/** Of a grid of whole numbers, so far from its middle each way, the ways from the middle; each once. */
function directions(most: number): Place[] {
  const found: Place[] = [];
  const commonDivisor = (a: number, b: number): number => (b === 0 ? Math.abs(a) : commonDivisor(b, a % b));
  for (let x = -most; x <= most; x++)
    for (let y = -most; y <= most; y++)
      for (let z = -most; z <= most; z++) if (commonDivisor(commonDivisor(x, y), z) === 1) found.push([x, y, z]);
  return found;
}

/** From least to most, but for those that are far from where 98 % of the values are. */
function fittedSpan(values: Float32Array, least: number, most: number): [number, number] {
  values.sort();
  const last = values.length - 1;
  const low = values[Math.floor(last * 0.01)] as number;
  const high = values[Math.ceil(last * 0.99)] as number;
  // Nearly all points in one place: the others are all that there is to see.
  if (low === high) return [least, most];
  const more = MARGIN * (high - low);
  return [
    least >= low - more ? least : (values.find((value) => value >= low - more) ?? low),
    most <= high + more ? most : (values.findLast((value) => value <= high + more) ?? high),
  ];
}

/** Where the name of some points stands: at their median or, if few of them are there, where more are. Undefined = none is shown. */
export function middleOf(points: Uint32Array, places: Float32Array, states: Uint8Array): Place | undefined {
  const shown: number[] = [];
  const step = Math.max(1, points.length / MIDDLE_SAMPLE);
  for (let nth = 0; nth < Math.min(points.length, MIDDLE_SAMPLE); nth++) {
    const point = points[spread(nth, step)] as number;
    if (states[point] !== ABSENT) shown.push(point);
  }
  if (shown.length === 0) return undefined;
  const median = [0, 1, 2].map((axis) => medianOf(valuesOf(shown, places, axis))) as unknown as Place;
  const placeOf = (point: number): Place => [0, 1, 2].map((axis) => places[3 * point + axis]) as unknown as Place;
  const width = medianOf(Float32Array.from(shown, (point) => distance(placeOf(point), median))) / 2;
  if (width === 0) return median;
  const density = (at: Place): number => sum(shown.map((point) => nearness(placeOf(point), at, width)));
  // The median moves little from one picture to the next: so it is the place wherever it can be.
  let [middle, most] = [median, 1.5 * density(median)];
  for (let nth = 0; nth < MIDDLE_CANDIDATES; nth++) {
    const candidate = placeOf(shown[Math.floor((nth * shown.length) / MIDDLE_CANDIDATES)] as number);
    // But for itself.
    const dense = density(candidate) - 1;
    if (dense > most) [middle, most] = [candidate, dense];
  }
  if (middle === median) return median;
  // From a point of a group to the middle of that: the mean shift of Fukunaga and Hostetler (1975).
  for (let i = 0; i < MEAN_SHIFTS; i++) {
    const weights = shown.map((point) => nearness(placeOf(point), middle, width));
    const all = sum(weights);
    middle = [0, 1, 2].map((axis) => sum(weights.map((weight, nth) => (weight * (places[3 * (shown[nth] as number) + axis] as number)) / all))) as unknown as Place; // prettier-ignore
  }
  return middle;
}

/** 1 at a place, and less the farther off; half the width away 0.64. */
function nearness(place: Place, at: Place, width: number): number {
  const far = distance(place, at) / width;
  return 1 / (1 + far * far) ** 2;
}

function distance(a: Place, b: Place): number {
  return Math.sqrt((a[0] - b[0]) ** 2 + (a[1] - b[1]) ** 2 + (a[2] - b[2]) ** 2);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/** Sorts the values; the median of an even number is between two. */
function medianOf(values: Float32Array): number {
  values.sort();
  const half = (values.length - 1) / 2;
  return ((values[Math.floor(half)] as number) + (values[Math.ceil(half)] as number)) / 2;
}

/** Those that are shown; of very many, some from everywhere. */
function* sampled(states: Uint8Array, shown: number): Generator<undefined, number[]> {
  const step = Math.max(1, shown / SAMPLE);
  const found: number[] = [];
  for (let i = 0, next = 0, passed = 0; i < states.length; i++) {
    if (i % BATCH === BATCH - 1) yield;
    if (states[i] === ABSENT || passed++ < next) continue;
    found.push(i);
    next = spread(found.length, step);
  }
  return found;
}

/** Where the nth of a sample is: never in equal steps, which groups of a table could have too. */
function spread(nth: number, step: number): number {
  return Math.floor(step * (nth + (step > 1 ? (nth * 0.618034) % 1 : 0)));
}

function valuesOf(points: readonly number[], places: Float32Array, axis: number): Float32Array {
  const values = new Float32Array(points.length);
  for (let nth = 0; nth < values.length; nth++) values[nth] = places[3 * (points[nth] as number) + axis] as number;
  return values;
}
