import { effect, signal, type ReadonlySignal } from '@preact/signals-core';
import { asWireError, type WireError } from '../../faults/fault';
import { growthOf } from '../cards/growth';
import type { ViewContext } from '../view_def';
import type { SeriesHistograms } from './layout';

/** What a card knows of its series; undefined = nothing yet. */
export type Watched = { kind: 'series'; series: readonly SeriesHistograms[] } | { kind: 'failed'; error: WireError };

/**
 * Fetches the facts of all histograms of some series while their card is near the visible part, and again when they have
 * grown or other points are kept. What nobody waits for any more is cancelled.
 */
export class SeriesWatch {
  private readonly found = signal<Watched | undefined>(undefined);
  readonly watched: ReadonlySignal<Watched | undefined> = this.found;
  private readonly attempt = signal(0);
  private asked: AbortController | undefined;
  private stopWatching: (() => void) | undefined;

  constructor(
    private readonly context: ViewContext,
    private readonly series: ReadonlySignal<readonly number[]>,
    private readonly near: ReadonlySignal<boolean>,
  ) {}

  start(): void {
    this.stopWatching ??= effect(() => {
      void growthOf(this.context.engine).value;
      void this.attempt.value;
      void this.context.state.purge.value;
      const series = this.series.value;
      this.asked?.abort();
      this.asked = undefined;
      if (this.near.value) void this.fetch(series);
    });
  }

  stop(): void {
    this.stopWatching?.();
    this.stopWatching = undefined;
    this.asked?.abort();
    this.asked = undefined;
  }

  retry(): void {
    this.found.value = undefined;
    this.attempt.value++;
  }

  private async fetch(series: readonly number[]): Promise<void> {
    const abort = new AbortController();
    this.asked = abort;
    const { engine } = this.context;
    const known = this.found.peek();
    const before = known?.kind === 'series' ? known.series : [];
    try {
      const all = await Promise.all(
        series.map(async (one): Promise<SeriesHistograms> => {
          const points = await engine.points(one);
          // The engine gives the same object while nothing has changed.
          const same = before.find((other) => other.series === one && other.points === points);
          return same ?? { series: one, points, facts: await engine.histogramFacts(one, points.points, abort.signal) };
        }),
      );
      if (abort.signal.aborted) return;
      const isSame = before.length === all.length && all.every((one, i) => one === before[i]);
      if (!isSame || known?.kind !== 'series') this.found.value = { kind: 'series', series: all };
    } catch (error) {
      if (!abort.signal.aborted) this.found.value = { kind: 'failed', error: asWireError(error) };
    }
  }
}
