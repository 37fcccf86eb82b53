/** Points as they are drawn: of a picture, what is fit for a GPU, and the way from where points were before. */
import { EMPHASIS, type PointsPicture } from './points_picture';
import { ABSENT, frameOf, medianOf, type Frame, type Place } from './point_spread';

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
  frame: Frame = frameOf(this.places, this.states, false);
  frameBefore = this.frame;
  /** Of each cluster; undefined = none of its points is shown. */
  middles: readonly (Place | undefined)[] = [];
  private middlesBefore: readonly (Place | undefined)[] = [];
  private last: PointsPicture | undefined;
  private fillings = 0;

  /** @returns whether points are to glide to new places. */
  update(picture: PointsPicture): boolean {
    const { last } = this;
    this.last = picture;
    const isOther = picture.count !== this.count;
    const isMoved = isOther || picture.positions !== last?.positions;
    const isHiding = isMoved || picture.colours !== last?.colours;
    const isGliding = isMoved && !isOther && picture.is3d === last?.is3d;
    if (isOther) {
      this.count = picture.count;
      this.places = new Float32Array(3 * this.count);
      this.before = new Float32Array(3 * this.count);
      this.states = new Uint8Array(this.count);
    }
    const from = { frame: this.frameNow(), middles: this.middles.map((_, i) => this.middle(i)) };
    if (isMoved) this.move(picture);
    const isOthers = isHiding || picture.emphasis !== last?.emphasis ? this.fillStates(picture, isMoved) : false;
    if (isMoved || isOthers || picture.is3d !== last?.is3d)
      this.frame = frameOf(this.places, this.states, picture.is3d);
    if (isMoved || isOthers || picture.clusters !== last?.clusters)
      this.middles = picture.clusters.map(({ points }) => medianOf(points, this.places, this.states));
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
    };
  }

  /** They begin where they are now: on their way, that is between two places. */
  private move({ positions }: PointsPicture): void {
    const { part } = this;
    if (part === 1) {
      [this.places, this.before] = [this.before, this.places];
      this.beforeVersion = this.placesVersion;
    } else {
      for (let i = 0; i < this.before.length; i++) {
        const from = this.before[i] as number;
        this.before[i] = from + ((this.places[i] as number) - from) * part;
      }
      this.beforeVersion = ++this.fillings;
    }
    this.places.set(positions);
    this.placesVersion = ++this.fillings;
  }

  /** @returns whether others are shown than before. */
  private fillStates({ positions, colours, emphasis }: PointsPicture, isMoved: boolean): boolean {
    const { states, places, before } = this;
    let [isBeforeOther, isOthers] = [false, false];
    this.shown = 0;
    for (let i = 0; i < states.length; i++) {
      const x = 3 * i;
      const sum = (positions[x] as number) + (positions[x + 1] as number) + (positions[x + 2] as number);
      // NaN or infinite.
      if (sum - sum !== 0) {
        isOthers ||= states[i] !== ABSENT;
        states[i] = ABSENT;
        places.fill(0, x, x + 3);
        continue;
      }
      // What was nowhere does not come from anywhere.
      if (isMoved && states[i] === ABSENT) {
        before.set(places.subarray(x, x + 3), x);
        isBeforeOther = true;
      }
      const isHidden = colours[4 * i + 3] === 0;
      isOthers ||= isHidden !== (states[i] === ABSENT);
      states[i] = isHidden ? ABSENT : (emphasis[i] as number);
      if (!isHidden) this.shown++;
    }
    if (isBeforeOther) this.beforeVersion = ++this.fillings;
    this.statesVersion = ++this.fillings;
    return isOthers;
  }
}

function mixed(a: Place, b: Place, part: number): Place {
  return [0, 1, 2].map((i) => (a[i] as number) + ((b[i] as number) - (a[i] as number)) * part) as unknown as Place;
}
