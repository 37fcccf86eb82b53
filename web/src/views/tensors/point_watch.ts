import { effect, signal, type ReadonlySignal } from '@preact/signals-core';
import { asWireError } from '../../engine/fault';
import type { WireError } from '../../engine/protocol';
import type { PointValue } from '../../engine/values';
import { firstStep, pointAt } from '../../model/steps';
import { growthOf } from '../cards/growth';
import type { ViewContext } from '../view_def';

/** What a card shows of its series at the step of now. */
export type ShownPoint =
  /** The series has no point at all. */
  | { kind: 'nothing' }
  /** All its points are later. */
  | { kind: 'later'; first: bigint }
  /** The point at or before the step. */
  | ({ kind: 'point'; value: PointValue | undefined } & Place)
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

/**
 * Follows the step and fetches what one series holds there, while its card is near the visible part. What was shown
 * stays until the next is there; a request that nobody waits for any more is cancelled.
 */
export class PointWatch {
  private readonly found = signal<ShownPoint | undefined>(undefined);
  /** undefined = it is not known yet. */
  readonly shown: ReadonlySignal<ShownPoint | undefined> = this.found;
  private readonly attempt = signal(0);
  private abort = new AbortController();
  private stopWatching: (() => void) | undefined;

  constructor(
    private readonly context: ViewContext,
    private readonly series: number,
    private readonly near: ReadonlySignal<boolean>,
  ) {}

  start(): void {
    this.stopWatching ??= effect(() => {
      void growthOf(this.context.engine).value;
      void this.attempt.value;
      const step = this.context.state.step.value;
      this.abort.abort();
      if (this.near.value) void this.fetch(step, (this.abort = new AbortController()).signal);
    });
  }

  stop(): void {
    this.stopWatching?.();
    this.stopWatching = undefined;
    this.abort.abort();
  }

  retry(): void {
    this.attempt.value++;
  }

  private async fetch(wanted: bigint | undefined, signal: AbortSignal): Promise<void> {
    const { engine } = this.context;
    const { series } = this;
    const show = (shown: ShownPoint): void => {
      if (!signal.aborted) this.found.value = shown;
    };
    try {
      const { steps, wallTimes, points, hasPayload } = await engine.points(series);
      const first = firstStep(steps);
      if (first === undefined) return show({ kind: 'nothing' });
      const place = pointAt(steps, wanted);
      if (place === undefined) return show({ kind: 'later', first });
      const point = points[place] as number;
      const at = {
        point,
        step: steps[place] as bigint,
        wallTime: wallTimes[place] as number,
        count: steps.length,
      };
      const before = this.found.peek();
      if (before?.kind === 'point' && before.point === point && before.value) return show({ ...before, ...at });
      try {
        const value = hasPayload[place] === 1 ? await engine.value(series, point, signal) : undefined;
        show({ kind: 'point', ...at, value });
      } catch (error) {
        show({ kind: 'failed', ...at, error: asWireError(error) });
      }
    } catch {
      // The engine is dead, which the shell says.
    }
  }
}
