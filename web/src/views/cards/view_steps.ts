import { computed, effect, signal, type ReadonlySignal } from '@preact/signals-core';
import type { StepUnion } from '../../engine/values/values';
import type { ViewContext } from '../view_def';
import { growthOf } from './growth';

const NONE: StepUnion = { steps: new BigInt64Array(), inEveryRun: new Uint8Array() };

/** The steps that the shown series of a view have, for its scrubber. Asked again when other series are shown, or when they have grown. */
export class ViewSteps {
  private readonly found = signal(NONE);
  readonly union: ReadonlySignal<StepUnion> = this.found;
  private readonly series: ReadonlySignal<Uint32Array>;
  private asking = false;
  private stopWatching: (() => void) | undefined;

  constructor(
    private readonly context: ViewContext,
    kind: string,
  ) {
    const { shown } = context;
    this.series = computed(() =>
      Uint32Array.from(shown.tags(kind).flatMap((tag) => [...shown.unorderedSeriesOf(kind, tag)])),
    );
  }

  start(): void {
    this.stopWatching ??= effect(() => {
      void growthOf(this.context.engine).value;
      void this.ask(this.series.value);
    });
  }

  stop(): void {
    this.stopWatching?.();
    this.stopWatching = undefined;
  }

  /** One question at a time; the next one is about the newest series. */
  private async ask(series: Uint32Array): Promise<void> {
    if (this.asking) return;
    this.asking = true;
    const { engine } = this.context;
    const growth = growthOf(engine).peek();
    try {
      this.found.value = await engine.steps(series);
    } catch {
      // The engine is dead, which the shell says.
    } finally {
      this.asking = false;
    }
    const isOld = this.series.peek() !== series || growthOf(engine).peek() !== growth;
    if (isOld && this.stopWatching) void this.ask(this.series.peek());
  }
}
