/**
 * What is in the log, as the page knows it: runs, tags and series as growing columns. No object per series exists here;
 * a million series must stay usable.
 */
import { signal } from '@preact/signals-core';
import type { CatalogueDelta } from '../engine/protocol';

/** A growable typed column. */
class Column<T extends Uint32Array | Float64Array> {
  constructor(private data: T) {}
  get(i: number): number {
    return this.data[i] as number;
  }
  set(i: number, value: number): void {
    if (i >= this.data.length) {
      const grown = new (this.data.constructor as new (n: number) => T)(Math.max(64, i + 1, this.data.length * 2));
      grown.set(this.data);
      this.data = grown;
    }
    this.data[i] = value;
  }
}

export class Catalogue {
  /** Changes whenever anything below does; watch this one. */
  readonly version = signal(0);
  /** Run names by run id, in order of arrival. */
  readonly runs: string[] = [];
  /** Number of series; ids are 0 … count − 1. */
  seriesCount = 0;
  private readonly strings: string[] = [];
  private readonly runColumn = new Column(new Uint32Array(0));
  private readonly tagColumn = new Column(new Uint32Array(0));
  private readonly pluginColumn = new Column(new Uint32Array(0));
  private readonly numbers = {
    count: new Column(new Float64Array(0)),
    minStep: new Column(new Float64Array(0)),
    maxStep: new Column(new Float64Array(0)),
    firstWall: new Column(new Float64Array(0)),
    lastWall: new Column(new Float64Array(0)),
    lastValue: new Column(new Float64Array(0)),
    nonFinite: new Column(new Float64Array(0)),
    restarts: new Column(new Float64Array(0)),
    superseded: new Column(new Float64Array(0)),
    restartStep: new Column(new Float64Array(0)),
    dropped: new Column(new Float64Array(0)),
    isMatrix: new Column(new Float64Array(0)),
  };

  /** Run id of a series. */
  run(series: number): number {
    return this.runColumn.get(series);
  }
  runName(series: number): string {
    return this.runs[this.run(series)] as string;
  }
  tag(series: number): string {
    return this.strings[this.tagColumn.get(series)] as string;
  }
  /** Plugin name; '' = none. */
  plugin(series: number): string {
    return this.strings[this.pluginColumn.get(series)] as string;
  }
  number(series: number, column: keyof Catalogue['numbers']): number {
    return this.numbers[column].get(series);
  }

  /** Takes in what the worker sent. */
  apply(delta: CatalogueDelta): void {
    for (const text of delta.strings) this.strings.push(text);
    for (const name of delta.runs) this.runs.push(this.strings[name] as string);
    delta.series.forEach((id, i) => {
      this.seriesCount = Math.max(this.seriesCount, id + 1);
      this.runColumn.set(id, delta.run[i] as number);
      this.tagColumn.set(id, delta.tag[i] as number);
      this.pluginColumn.set(id, delta.plugin[i] as number);
      for (const name of Object.keys(this.numbers) as (keyof typeof this.numbers)[]) {
        this.numbers[name].set(id, delta[name][i] as number);
      }
    });
    this.version.value++;
  }
}
