import { computed, effect, signal, type ReadonlySignal } from '@preact/signals-core';
import { compileFilter } from '../../model/filter';
import { counted } from '../../ui/pending';
import { growthOf } from '../cards/growth';
import type { ViewContext } from '../view_def';
import { isText, readText } from './read_text';
import { ask } from '../text_work/text_worker';

/** While it is typed, nothing is looked for, ms. */
const TYPING_MS = 200;
/** What was found is told so often, ms. */
const TELL_MS = 200;

export interface Found {
  /** What was searched. */
  filter: string;
  /** Indices among the points of a series, in order, whose texts match; by series. */
  bySeries: ReadonlyMap<number, readonly number[]>;
  /** How many texts were looked at, and matched. */
  looked: number;
  matched: number;
  /** Those that could not be read, or took too long. */
  failed: number;
  done: boolean;
}

/** See the job `search` (../text_work/jobs.ts). */
interface Wanted {
  filter: string;
  asMarkdown: boolean;
}

const NOTHING: Omit<Found, 'filter'> = { bySeries: new Map(), looked: 0, matched: 0, failed: 0, done: false };

/** Looks through every text of the shown series for what is searched. */
export class TextSearch {
  /** undefined = nothing is searched. */
  readonly found: ReadonlySignal<Found | undefined>;
  /** Why the pattern cannot be used; '' = it can. */
  readonly error: ReadonlySignal<string>;
  private readonly result = signal<Found | undefined>(undefined);
  private stopWatching: (() => void) | undefined;
  private abort = new AbortController();

  constructor(
    private readonly context: ViewContext,
    private readonly series: ReadonlySignal<readonly number[]>,
  ) {
    this.found = this.result;
    this.error = computed(() => compileFilter(context.state.textSearch.value).error);
  }

  start(): void {
    this.stopWatching ??= effect(() => {
      const { textSearch, textFormat, textComparison } = this.context.state;
      void growthOf(this.context.engine).value;
      const [filter, series] = [textSearch.value, this.series.value];
      // What is found is what is seen: differences are of the texts as they are written.
      const asMarkdown = textFormat.value === 'markdown' && textComparison.value === 'off';
      this.abort.abort();
      this.abort = new AbortController();
      // Half a pattern means nothing yet.
      const isIdle = ['', '!', '/', '!/'].includes(filter) || this.error.value !== '';
      if (isIdle) this.result.value = undefined;
      else void counted(this.search({ filter, asMarkdown }, series, this.abort.signal)).catch(() => undefined);
    });
  }

  stop(): void {
    this.stopWatching?.();
    this.stopWatching = undefined;
    this.abort.abort();
  }

  private async search(wanted: Wanted, series: readonly number[], signal: AbortSignal): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, TYPING_MS));
    const { engine } = this.context;
    const { filter } = wanted;
    const bySeries = new Map<number, number[]>();
    let [looked, matched, failed, told] = [0, 0, 0, performance.now()];
    const tell = (done: boolean): void => {
      if (!signal.aborted) this.result.value = { filter, bySeries: new Map(bySeries), looked, matched, failed, done };
      told = performance.now();
    };
    if (signal.aborted) return;
    this.result.value = { ...(this.result.value ?? NOTHING), filter };
    for (const one of series) {
      const { points, hasPayload } = await engine.points(one);
      for (const [at, point] of points.entries()) {
        if (signal.aborted) return;
        if (hasPayload[at] !== 1) continue;
        const isMatch = await this.matches(wanted, one, point, signal);
        if (signal.aborted) return;
        if (isMatch === 'no text') continue;
        looked++;
        if (isMatch === 'failed') failed++;
        if (isMatch === true) {
          matched++;
          const places = bySeries.get(one);
          if (places) bySeries.set(one, [...places, at]);
          else bySeries.set(one, [at]);
        }
        if (performance.now() - told > TELL_MS) tell(false);
      }
    }
    tell(true);
  }

  private async matches(
    wanted: Wanted,
    series: number,
    point: number,
    signal: AbortSignal,
  ): Promise<boolean | 'no text' | 'failed'> {
    try {
      const text = await readText(this.context.engine, series, point, signal);
      if (!isText(text)) return 'no text';
      return (await ask('search', { ...wanted, texts: text.strings }, signal)) ?? 'failed';
    } catch {
      return 'failed';
    }
  }
}
