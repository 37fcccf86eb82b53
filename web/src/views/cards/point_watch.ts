import { effect, signal, type ReadonlySignal } from '@preact/signals-core';
import { asWireError, type WireError } from '../../faults/fault';
import { pointAt } from '../../model/steps';
import type { ViewContext } from '../view_def';
import { growthOf } from './growth';

/** What a card shows of its series at the step of now. */
export type ShownPoint<V> =
  /** The series has no point at all. */
  | { kind: 'nothing' }
  /** All its points are later. */
  | { kind: 'later'; first: bigint }
  /** The point at or before the step. */
  | ({ kind: 'point'; value: V | undefined } & Place)
  | ({ kind: 'failed'; error: WireError } & Place);

/** Which point of its series it is. */
interface Place {
  point: number;
  step: bigint;
  /** Seconds since 1970. */
  wallTime: number;
  /** How many points the series has. */
  count: number;
}

/** What a card asks about its series. */
export interface PointQuestion<V> {
  /** Reads what a point holds. Rejects with a Fault, `cancelled` when the signal aborts. */
  read(point: number, signal: AbortSignal): Promise<V | undefined>;
  /** Which point is shown, as the signals that it reads say; by default that of the step of the scrubber. */
  chooser?(): ChoosePoint;
}

/** Index of a point among the steps of its series, in the order they were written; undefined = all are later. */
export type ChoosePoint = (steps: BigInt64Array) => number | undefined;

/** The point that stands for a step; undefined = the last one. */
export function atStep(step: bigint | undefined): ChoosePoint {
  return (steps) => pointAt(steps, step);
}

/**
 * Follows the step and fetches what one series holds there, while its card is near the visible part. What was shown
 * stays until the next is there; a request that nobody waits for any more is cancelled.
 */
export class PointWatch<V> {
  private readonly found = signal<ShownPoint<V> | undefined>(undefined);
  /** undefined = it is not known yet. */
  readonly shown: ReadonlySignal<ShownPoint<V> | undefined> = this.found;
  private readonly attempt = signal(0);
  /** The point whose value is on its way. */
  private asked: { point: number; abort: AbortController } | undefined;
  /** The latest look at the points: an older one that is not back yet is void. */
  private turn = 0;
  private stopWatching: (() => void) | undefined;

  constructor(
    private readonly context: ViewContext,
    private readonly series: number,
    private readonly near: ReadonlySignal<boolean>,
    private readonly question: PointQuestion<V>,
  ) {}

  start(): void {
    this.stopWatching ??= effect(() => {
      void growthOf(this.context.engine).value;
      void this.attempt.value;
      const choose = this.question.chooser?.() ?? atStep(this.context.state.step.value);
      const turn = ++this.turn;
      if (this.near.value) void this.look(choose, turn);
      else this.cancel();
    });
  }

  stop(): void {
    this.stopWatching?.();
    this.stopWatching = undefined;
    this.turn++;
    this.cancel();
  }

  retry(): void {
    this.found.value = undefined;
    this.attempt.value++;
  }

  private cancel(): void {
    this.asked?.abort.abort();
    this.asked = undefined;
  }

  private async look(choose: ChoosePoint, turn: number): Promise<void> {
    const points = await this.context.engine.points(this.series).catch(() => undefined);
    // Without points the engine is dead, which the shell says.
    if (!points || turn !== this.turn) return;
    const { steps, wallTimes, hasPayload } = points;
    const [first] = steps;
    const at = choose(steps);
    if (first === undefined || at === undefined) {
      this.cancel();
      this.found.value = first === undefined ? { kind: 'nothing' } : { kind: 'later', first };
      return;
    }
    const point = points.points[at] as number;
    const place = { point, step: steps[at] as bigint, wallTime: wallTimes[at] as number, count: steps.length };
    const before = this.found.peek();
    if (before && 'point' in before && before.point === point) {
      this.cancel();
      this.found.value = { ...before, ...place };
    } else if (this.asked?.point !== point) {
      await this.fetch(place, hasPayload[at] === 1);
    }
  }

  private async fetch(place: Place, hasPayload: boolean): Promise<void> {
    this.cancel();
    const { point } = place;
    const abort = new AbortController();
    this.asked = { point, abort };
    let shown: ShownPoint<V>;
    try {
      const value = hasPayload ? await this.question.read(point, abort.signal) : undefined;
      shown = { kind: 'point', ...place, value };
    } catch (error) {
      shown = { kind: 'failed', ...place, error: asWireError(error) };
    }
    if (abort.signal.aborted) return;
    this.asked = undefined;
    this.found.value = shown;
  }
}
