/** Points as they are drawn: of a picture, what is fit for a GPU, and the way from where points were before. */
import { EMPHASIS, type PointsPicture } from './points_picture';
import { ABSENT, blankFrame, frameOf, middleOf, type Frame, type Place } from './point_spread';
import { BATCH } from './slices';

export function isShown(state: number): boolean {
  return state !== ABSENT;
}

/** What is drawn over what: the higher, the farther in front. `points_shader.ts` does the same. */
export function rankOf(state: number): number {
  return state === EMPHASIS.plain ? 1 : state === EMPHASIS.dimmed ? 0 : state;
}

export class PointCloud {
  count = 0;
  /** How many of them are shown. */
  shown = 0;
  /** x y z of each, never NaN. */
  places = new Float32Array();
  /** Where they glide from. */
  before = new Float32Array();
  /** EMPHASIS or ABSENT. */
  states = new Uint8Array();
  /** Other numbers once what is in the array is other. */
  placesVersion = 0;
  beforeVersion = 0;
  statesVersion = 0;
  /** How far they have glided, 0…1. */
  part = 1;
  frame: Frame = blankFrame(false);
  frameBefore = this.frame;
  /** Of each cluster; undefined = none of its points is shown. */
  middles: readonly (Place | undefined)[] = [];
  private middlesBefore: readonly (Place | undefined)[] = [];
  private last: PointsPicture | undefined;
  private fillings = 0;
  /** In which the next picture becomes ready. */
  private sparePlaces = new Float32Array();
  private spareStates = new Uint8Array();

  /**
   * Takes a picture; yields now and then. What is here stays the same until all of the new picture is ready.
   *
   * @returns whether points are to glide to new places
   */
  *update(picture: PointsPicture): Generator<undefined, boolean> {
    const { last } = this;
    const { count, is3d } = picture;
    const isOther = count !== this.count;
    const isMoved = isOther || picture.positions !== last?.positions;
    const isMarked = isMoved || picture.colours !== last?.colours || picture.emphasis !== last?.emphasis;
    const isGliding = isMoved && !isOther && is3d === last?.is3d;

    const places = isMoved ? ofLength(this.sparePlaces, 3 * count, Float32Array) : this.places;
    const states = isMarked ? ofLength(this.spareStates, count, Uint8Array) : this.states;
    if (isMoved) yield* fillPlaces(picture, places);
    const shown = isMarked ? yield* fillStates(picture, states) : this.shown;
    const isSpread = isMoved || (isMarked && (yield* areOthers(states, this.states)));
    const frame = isSpread || is3d !== last?.is3d ? yield* frameOf(places, states, is3d) : this.frame;
    let middles = [...this.middles];
    if (isSpread || picture.clusters !== last?.clusters) {
      middles = [];
      for (const { points } of picture.clusters) {
        middles.push(middleOf(points, places, states));
        yield;
      }
    }

    // From here on without a pause: what is drawn is either all old or all new.
    const from = { frame: this.frameNow(), middles: this.middles.map((_, i) => this.middle(i)) };
    if (isMoved) this.move(places, states, isOther);
    if (isMarked) {
      [this.states, this.spareStates] = [states, this.states];
      this.statesVersion = ++this.fillings;
    }
    [this.last, this.count, this.shown, this.frame, this.middles] = [picture, count, shown, frame, middles];
    if (isMoved) {
      this.part = isGliding ? 0 : 1;
      this.frameBefore = isGliding ? from.frame : this.frame;
      this.middlesBefore = isGliding && from.middles.length === this.middles.length ? from.middles : this.middles;
    } else if (this.part === 1) this.frameBefore = this.frame;
    return isGliding;
  }

  /** Where a point is now. */
  placeNow(point: number): Place {
    return [0, 1, 2].map((axis) => {
      const from = this.before[3 * point + axis] as number;
      return from + ((this.places[3 * point + axis] as number) - from) * this.part;
    }) as unknown as Place;
  }

  /** The middle of a cluster now. */
  middle(cluster: number): Place | undefined {
    const to = this.middles[cluster];
    const from = this.middlesBefore[cluster] ?? to;
    return to && from ? mixed(from, to, this.part) : undefined;
  }

  frameNow(): Frame {
    const { frame: to, frameBefore: from, part } = this;
    if (part === 1 || from.is3d !== to.is3d) return to;
    const number = (a: number, b: number): number => a + (b - a) * part;
    return {
      is3d: to.is3d,
      centre: mixed(from.centre, to.centre, part),
      half: [number(from.half[0], to.half[0]), number(from.half[1], to.half[1])],
      reach: number(from.reach, to.reach),
      corners: to.corners.map((corner, i) => mixed(from.corners[i] ?? corner, corner, part)),
    };
  }

  /** They begin where they are now: on their way, that is between two places. */
  private move(places: Float32Array<ArrayBuffer>, states: Uint8Array, isOther: boolean): void {
    const { part, before, places: old } = this;
    if (isOther) {
      this.before = new Float32Array(places.length);
      this.sparePlaces = new Float32Array();
      this.beforeVersion = ++this.fillings;
    } else if (part === 1) {
      [this.before, this.sparePlaces] = [old, before];
      this.beforeVersion = this.placesVersion;
    } else {
      for (let i = 0; i < before.length; i++) {
        const from = before[i] as number;
        before[i] = from + ((old[i] as number) - from) * part;
      }
      this.sparePlaces = old;
      this.beforeVersion = ++this.fillings;
    }
    this.places = places;
    this.placesVersion = ++this.fillings;
    if (isOther) return;
    // What was nowhere does not come from anywhere.
    let isBeforeOther = false;
    for (let i = 0; i < states.length; i++) {
      if (this.states[i] !== ABSENT || states[i] === ABSENT) continue;
      isBeforeOther = true;
      for (let at = 3 * i; at < 3 * i + 3; at++) this.before[at] = places[at] as number;
    }
    if (isBeforeOther) this.beforeVersion = ++this.fillings;
  }
}

function ofLength<T extends Float32Array | Uint8Array>(spare: T, length: number, type: new (length: number) => T): T {
  return spare.length === length ? spare : new type(length);
}

function* fillPlaces({ positions }: PointsPicture, places: Float32Array): Generator<undefined, void> {
  for (let from = 0; from < places.length; from += 3 * BATCH) {
    const end = Math.min(places.length, from + 3 * BATCH);
    for (let x = from; x < end; x += 3) {
      const isThere = isPlace(positions, x);
      for (let at = x; at < x + 3; at++) places[at] = isThere ? (positions[at] as number) : 0;
    }
    yield;
  }
}

/** @returns how many are shown. */
function* fillStates(picture: PointsPicture, states: Uint8Array): Generator<undefined, number> {
  const { positions, colours, emphasis } = picture;
  let shown = 0;
  for (let i = 0; i < states.length; i++) {
    if (i % BATCH === BATCH - 1) yield;
    const isHere = colours[4 * i + 3] !== 0 && isPlace(positions, 3 * i);
    states[i] = isHere ? (emphasis[i] as number) : ABSENT;
    if (isHere) shown++;
  }
  return shown;
}

/** Whether others are shown. */
function* areOthers(states: Uint8Array, before: Uint8Array): Generator<undefined, boolean> {
  for (let i = 0; i < states.length; i++) {
    if (i % BATCH === BATCH - 1) yield;
    if ((states[i] === ABSENT) !== (before[i] === ABSENT)) return true;
  }
  return false;
}

/** Neither NaN nor infinite. */
function isPlace(positions: Float32Array, x: number): boolean {
  const sum = (positions[x] as number) + (positions[x + 1] as number) + (positions[x + 2] as number);
  return sum - sum === 0;
}

function mixed(a: Place, b: Place, part: number): Place {
  return [0, 1, 2].map((i) => (a[i] as number) + ((b[i] as number) - (a[i] as number)) * part) as unknown as Place;
}
