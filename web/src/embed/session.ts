import { computed, effect, untracked } from '@preact/signals-core';
import { chartTheme } from '../charts/chart_theme';
import { drawingIdle } from '../charts/draw_queue';
import type { Engine } from '../engine/engine';
import { startEngine } from '../engine/start';
import { paletteOf } from '../model/colours';
import { createShown, type Shown } from '../model/shown';
import type { State } from '../model/state';
import type { Opened } from '../sources/event_files';
import { pendingIdle } from '../ui/pending';
import { createHover, type Hover } from '../views/hover';
import type { ViewContext } from '../views/view_def';
import { VIEWS } from '../views/views';

/**
 * Workers with what they have read, and a view of it. It can end, and another one can read the same again: what is open
 * costs no memory while nobody sees it.
 */
export class Session implements ViewContext {
  readonly engine: Engine;
  readonly shown: Shown;
  readonly hover: Hover;
  /** The view that is wanted or, if it has nothing, the first that has something. */
  readonly viewId = computed((): string => {
    const wanted = this.state.view.value;
    const has = (id: string): boolean => this.shown.has(id);
    return has(wanted) ? wanted : (VIEWS.find(({ id }) => has(id))?.id ?? 'scalars');
  });
  /** Runs that have something in the view, drawn or not, in order. */
  readonly runs = computed((): readonly string[] => {
    const { shown } = this;
    const view = this.viewId.value;
    // By run first: a run has many series.
    const oneOf = new Map<number, number>();
    for (const tag of shown.tags(view))
      for (const series of shown.allSeriesOf(view, tag)) oneOf.set(this.engine.catalogue.run(series), series);
    const found = new Set([...oneOf.values()].map((series) => shown.line(series).run));
    return shown.matching.value.filter((run) => found.has(run));
  });
  private readonly stopPurge: () => void;

  constructor(
    readonly state: State,
    readonly announce: (text: string) => void,
  ) {
    this.engine = startEngine();
    this.shown = createShown(this.engine, state, () => paletteOf(chartTheme.value.dark));
    this.hover = createHover();
    this.stopPurge = effect(() => {
      const purge = state.purge.value;
      untracked(() => this.engine.setPurge(purge));
    });
  }

  /** Reads what was found. @returns why there is nothing to show; '' = there is */
  async read(found: readonly Opened[]): Promise<string> {
    let problem = '';
    for (const { files, name, beside } of found) {
      if (files.length === 0) problem ||= `No event files in ${name}`;
      else if (await this.engine.open(files, name, beside)) problem ||= await this.problemOf();
      if (this.engine.fatal.value) problem ||= 'The reader stopped';
    }
    return this.engine.catalogue.seriesCount > 0 ? '' : problem || 'No data was found';
  }

  private async problemOf(): Promise<string> {
    if (this.engine.catalogue.seriesCount > 0) return '';
    // The words of what goes wrong are not needed before it does.
    const { openingMessage } = await import('../model/opening');
    const message = openingMessage(this.engine.progress.value, this.engine.report.value);
    return message?.severity === 'error' ? message.text : '';
  }

  /** Resolves when all is drawn. */
  async idle(): Promise<void> {
    await this.engine.idle();
    await drawingIdle();
    await pendingIdle();
  }

  end(): void {
    this.stopPurge();
    this.engine.end();
  }
}
