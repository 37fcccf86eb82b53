/** Series as text, in pieces of a size that holds nothing up. Pure. */
import type { Columns } from '../../engine/values/values';
import { csvCell } from '../csv_cell';

/** A series, and what it is called. */
export interface NamedColumns extends Columns {
  run: string;
  tag: string;
}

/** Rows of a piece. */
const ROWS = 5000;

/** A row for each point, in the order they were written. */
export async function* longCsv(series: Iterable<NamedColumns> | AsyncIterable<NamedColumns>): AsyncGenerator<string> {
  yield 'run,tag,step,wall_time,value\n';
  for await (const { run, tag, steps, wallTimes, values } of series) {
    const name = `${csvCell(run)},${csvCell(tag)},`;
    for (let from = 0; from < steps.length; from += ROWS) {
      let rows = '';
      for (let i = from; i < Math.min(steps.length, from + ROWS); i++) {
        rows += `${name}${steps[i]},${wallTimes[i]},${values[i]}\n`;
      }
      yield rows;
    }
  }
}

/** A row for each step that any of the series has, and a column for each series. Of several points of one step the last counts. */
export function* wideCsv(series: readonly NamedColumns[]): Generator<string> {
  yield `${['step', ...series.map(({ run, tag }) => csvCell(`${run} ${tag}`))].join(',')}\n`;
  const columns = series.map(({ steps, values }) => {
    const order = Uint32Array.from(steps, (_, i) => i);
    // Stable: of equal steps, the last written is last.
    if (steps.some((step, i) => i > 0 && step < (steps[i - 1] as bigint))) {
      order.sort((a, b) => Number((steps[a] as bigint) - (steps[b] as bigint)) || a - b);
    }
    return { steps, values, order, at: 0 };
  });
  for (let [rows, count] = ['', 0]; ;) {
    let step: bigint | undefined;
    for (const { steps, order, at } of columns) {
      const next = at < order.length ? (steps[order[at] as number] as bigint) : undefined;
      if (next !== undefined && (step === undefined || next < step)) step = next;
    }
    if (step === undefined) {
      yield rows;
      return;
    }
    rows += String(step);
    for (const column of columns) {
      const { steps, values, order } = column;
      let value = '';
      for (; column.at < order.length && steps[order[column.at] as number] === step; column.at++) {
        value = String(values[order[column.at] as number]);
      }
      rows += `,${value}`;
    }
    rows += '\n';
    if (++count * columns.length >= ROWS) {
      yield rows;
      [rows, count] = ['', 0];
    }
  }
}

/** Numbers that JSON has no word for are strings. */
export async function* seriesJson(
  series: Iterable<NamedColumns> | AsyncIterable<NamedColumns>,
): AsyncGenerator<string> {
  yield '{"tensorpane": "scalars", "version": 1, "series": [';
  let before = '\n';
  for await (const { run, tag, steps, wallTimes, values } of series) {
    yield `${before}{"run": ${JSON.stringify(run)}, "tag": ${JSON.stringify(tag)}`;
    before = ',\n';
    for (const [name, list] of [
      ['steps', steps],
      ['wallTimes', wallTimes],
      ['values', values],
    ] as const) {
      yield `, "${name}": [`;
      for (let from = 0; from < list.length; from += ROWS) {
        yield `${from > 0 ? ',' : ''}${Array.from(list.slice(from, from + ROWS), jsonNumber).join(',')}`;
      }
      yield ']';
    }
    yield '}';
  }
  yield '\n]}\n';
}

function jsonNumber(value: number | bigint): string {
  return typeof value === 'bigint' || Number.isFinite(value) ? String(value) : `"${value}"`;
}
