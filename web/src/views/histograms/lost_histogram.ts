/** A histogram that has nothing to show: why, and its bytes. */
import { signal } from '@preact/signals-core';
import { asWireError } from '../../faults/fault';
import { factsAt } from '../../engine/values/histograms';
import { errorText, histogramFaultText } from '../../model/errors';
import { pointAt } from '../../model/steps';
import { fileNamePart, saveBytes } from '../../ui/save';
import type { ViewContext } from '../view_def';
import type { SeriesHistograms } from './layout';

/** A histogram that has nothing to show at the step. */
export interface Lost {
  of: SeriesHistograms;
  /** Index among the points of its series. */
  point: number;
  isDamaged: boolean;
}

/** The first that has no values at the step; of several series, if none has any. */
export function lostAt(all: readonly SeriesHistograms[], step: bigint | undefined): Lost | undefined {
  const shown = all.flatMap((of) => {
    const point = pointAt(of.points.steps, step);
    return point === undefined ? [] : [{ of, point, count: factsAt(of.facts, point).count }];
  });
  if (shown.some(({ count }) => count > 0)) return undefined;
  const [first] = shown;
  return first && { of: first.of, point: first.point, isDamaged: Number.isNaN(first.count) };
}

/** What of a card has nothing to show. */
export class LostHistogram {
  /** Why the payload of a damaged histogram is none, or could not be saved. */
  private readonly reason = signal<{ series: number; point: number; text: string } | undefined>(undefined);
  private asked: AbortController | undefined;

  constructor(private readonly context: ViewContext) {}

  /** Asks why it is damaged, if it is. */
  async ask(lost: Lost | undefined): Promise<void> {
    this.stop();
    if (!lost?.isDamaged) return;
    const abort = (this.asked = new AbortController());
    const [series, point] = [lost.of.series, lost.of.points.points[lost.point] as number];
    try {
      const value = await this.context.engine.value(series, point, abort.signal);
      if (abort.signal.aborted) return;
      const text = value ? histogramFaultText(value.facts) : 'Nothing was written at this step';
      this.reason.value = { series, point, text };
    } catch (error) {
      if (!abort.signal.aborted) this.reason.value = { series, point, text: errorText(asWireError(error)) };
    }
  }

  stop(): void {
    this.asked?.abort();
  }

  /** A sentence. */
  reasonOf({ of, point, isDamaged }: Lost): string {
    const known = this.reason.value;
    if (known?.series === of.series && known.point === of.points.points[point]) return known.text;
    if (isDamaged) return 'Damaged';
    return factsAt(of.facts, point).mended ? 'Not one edge is a finite number' : 'This histogram has no values';
  }

  /** Saves the bytes of its payload as a file. */
  async save({ of: { series, points }, point }: Lost): Promise<void> {
    const { engine, shown } = this.context;
    const { catalogue } = engine;
    const [run, tag] = [shown.runLabel(catalogue.runName(series)), catalogue.tag(series)];
    const place = points.points[point] as number;
    try {
      const content = await engine.content(series, place);
      const name = `${fileNamePart(run)}.${fileNamePart(tag)}.step${points.steps[point]}.bin`.replace(/^\.+/, '');
      if (content) saveBytes(content, name);
    } catch (error) {
      this.reason.value = { series, point: place, text: errorText(asWireError(error)) };
    }
  }
}
