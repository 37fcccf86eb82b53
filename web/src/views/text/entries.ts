import { signal } from '@preact/signals-core';
import type { PropertyDeclarations } from 'lit';
import { asWireError } from '../../faults/fault';
import type { SeriesPoints } from '../../engine/values/values';
import { errorText } from '../../model/errors';
import { WatchElement } from '../../ui/watch';
import type { ViewContext } from '../view_def';
import { readText, type NoText } from './read_text';
import type { TextValue } from './text_value';

/** One step of a series of texts, in a list. */
export interface Entry {
  step: bigint;
  wallTime: number;
  point: number;
  hasPayload: boolean;
}

/** The steps of a series as rows; while the series grows, those that there were are the same objects. */
export class Entries {
  private made: { points: SeriesPoints; places: readonly number[] | undefined; entries: Entry[] } | undefined;

  /** @param places which of the points, by index; undefined = all. */
  of(points: SeriesPoints, places: readonly number[] | undefined): readonly Entry[] {
    if (this.made?.points !== points || this.made.places !== places) {
      const kept = new Map(this.made?.entries.map((entry) => [entry.point, entry]));
      const entryAt = (i: number): Entry => ({
        step: points.steps[i] as bigint,
        wallTime: points.wallTimes[i] as number,
        point: points.points[i] as number,
        hasPayload: points.hasPayload[i] === 1,
      });
      const at = places ?? Array.from(points.points.keys());
      const entries = at.map((i) => kept.get(points.points[i] as number) ?? entryAt(i));
      this.made = { points, places, entries };
    }
    return this.made.entries;
  }
}

/** `value` undefined = nothing was written. */
export type Read = { value: TextValue | NoText | undefined } | { error: string };

/** A row of a list of steps: its text is read while it exists. */
export abstract class EntryElement extends WatchElement {
  static override properties: PropertyDeclarations = {
    context: { attribute: false },
    series: { attribute: false },
    entry: { attribute: false },
  };
  declare context: ViewContext;
  declare series: number;
  declare entry: Entry;
  /** undefined = not yet. */
  protected readonly read = signal<Read | undefined>(undefined);
  private asked: { entry: Entry; abort: AbortController } | undefined;

  protected override willUpdate(): void {
    if (this.asked?.entry === this.entry) return;
    this.asked?.abort.abort();
    this.asked = { entry: this.entry, abort: new AbortController() };
    this.read.value = undefined;
    void this.fetch(this.asked);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    // It was cancelled when it was taken away.
    if (this.asked?.abort.signal.aborted) this.asked = undefined;
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.asked?.abort.abort();
  }

  private async fetch({ entry, abort }: { entry: Entry; abort: AbortController }): Promise<void> {
    let read: Read;
    try {
      const { engine } = this.context;
      read = { value: entry.hasPayload ? await readText(engine, this.series, entry.point, abort.signal) : undefined };
    } catch (error) {
      read = { error: errorText(asWireError(error)) };
    }
    if (!abort.signal.aborted) this.read.value = read;
  }
}
