import { nearestPoint } from '../../charts/nearest';
import type { Pick } from '../../engine/engine';
import type { Line } from '../../engine/lines';
import type { XKind } from '../../engine/protocol';
import { formatExact, formatRelative, formatStep, formatValue } from '../../model/format';

/** One line of the read-out; numbers that are not known yet are undefined. */
export interface ReadoutRow {
  run: string;
  /** What the run is called. */
  label: string;
  colour: string;
  dashRing: number;
  smoothed: number | undefined;
  value: number | undefined;
  relative: number | undefined;
  step: number | bigint | undefined;
  /** "part 2 of 3" of a series that restarts part into lines, else ''. */
  part: string;
  hot: boolean;
  /** The point is not where the crosshair is: its own step is told. */
  away: boolean;
}

/** What tells the values of the lines of a chart. */
export interface LineValues {
  readonly element: HTMLElement;
  /**
   * The values at the crosshair.
   *
   * @param rows with the heights at which their points are drawn, px within the chart; infinite where they are not
   * @param smoothing whether there is a smoothed value beside the raw one
   */
  showAt(place: string, rows: readonly PlacedRow[], smoothing: boolean): void;
  /** The last values. @param inView not those of all, but of what is shown */
  showLast(inView: boolean, rows: readonly PlacedRow[], smoothing: boolean): void;
}

export type PlacedRow = ReadoutRow & { top: number };

const ROWS = 3;

/**
 * Rows with those first that are seen: the ones nearest the pointer, else the first; those that stand out are always
 * among them. All keep their order, so that little moves.
 *
 * @param pointer height of the pointer, as `top` of the rows; undefined = it is not there
 */
export function seenFirst<R extends { top: number; hot: boolean }>(
  rows: readonly R[],
  pointer: number | undefined,
): R[] {
  const away = ({ top }: R): number => (pointer === undefined ? 0 : Math.abs(top - pointer));
  const near = [...rows].sort((a, b) => Number(b.hot) - Number(a.hot) || away(a) - away(b));
  const seen = new Set(near.slice(0, ROWS));
  return [...rows.filter((row) => seen.has(row)), ...rows.filter((row) => !seen.has(row))];
}

/**
 * The docked table under a chart. It is written for the rate of pointer moves: rows are made once, then only their text
 * changes; its height never does, unless all rows are asked for.
 */
export class Readout implements LineValues {
  readonly element = document.createElement('div');
  private readonly title = document.createElement('span');
  private readonly rest = document.createElement('span');
  private readonly more = document.createElement('button');
  private readonly heads: HTMLElement[] = [];
  private readonly body = document.createElement('tbody');
  private rows: RowCells[] = [];
  private all = false;
  private last: (() => void) | undefined;

  constructor() {
    this.element.className = 'readout';
    this.title.className = 'el';
    this.rest.className = 'rest';
    const table = document.createElement('table');
    const head = table.createTHead().insertRow();
    for (let i = 0; i < 4; i++) {
      const cell = document.createElement('th');
      cell.scope = 'col';
      cell.className = ['name', 'n smoothed', 'n value', 'n last'][i] as string;
      head.append(cell);
      this.heads.push(cell);
    }
    this.more.type = 'button';
    this.more.addEventListener('click', () => {
      this.all = !this.all;
      this.last?.();
    });
    const first = document.createElement('div');
    first.append(this.title, this.rest, this.more);
    this.heads[0]?.append(first);
    table.append(this.body);
    this.element.append(table);
    this.fill(ROWS);
  }

  showAt(place: string, rows: readonly ReadoutRow[], smoothing: boolean): void {
    this.show(place, '', 'Relative', rows, smoothing);
  }

  showLast(inView: boolean, rows: readonly ReadoutRow[], smoothing: boolean): void {
    this.show(inView ? 'Last in view' : 'Last', inView ? '' : 'of each run', 'Step', rows, smoothing);
  }

  /** @param rest of the title, where there is room for it */
  private show(
    title: string,
    rest: string,
    lastHead: 'Step' | 'Relative',
    rows: readonly ReadoutRow[],
    smoothing: boolean,
  ): void {
    this.last = (): void => this.show(title, rest, lastHead, rows, smoothing);
    const count = this.all ? Math.max(ROWS, rows.length) : ROWS;
    if (count !== this.rows.length) this.fill(count);
    setText(this.title, title);
    setText(this.rest, rest && `\u00a0${rest}`);
    setText(this.more, rows.length === 0 ? '' : `${Math.min(count, rows.length)} of ${rows.length}`);
    this.more.hidden = rows.length <= ROWS;
    this.more.setAttribute('aria-expanded', String(this.all));
    this.more.title = this.all ? 'Show 3 runs' : 'Show all runs';
    setText(this.heads[1] as HTMLElement, smoothing ? 'Smoothed' : 'Value');
    setText(this.heads[2] as HTMLElement, smoothing ? 'Value' : '');
    setText(this.heads[3] as HTMLElement, lastHead);
    this.rows.forEach((cells, i) => showRow(cells, rows[i], lastHead, smoothing));
  }

  private fill(count: number): void {
    while (this.rows.length > count) this.rows.pop()?.row.remove();
    while (this.rows.length < count) {
      const row = this.body.insertRow();
      const cell = (className: string): HTMLElement => {
        const made = row.insertCell();
        made.className = className;
        return made;
      };
      const [name, smoothed, value, last] = [cell('name'), cell('n'), cell('n m3 value'), cell('n m3 last')];
      const swatch = document.createElement('i');
      const prefix = document.createElement('span');
      prefix.className = 'm3';
      const leaf = document.createElement('span');
      const own = document.createElement('span');
      own.className = 'm3';
      name.append(swatch, prefix, leaf, own);
      this.rows.push({ row, name, swatch, prefix, leaf, own, smoothed, value, last });
    }
  }
}

interface RowCells {
  row: HTMLTableRowElement;
  name: HTMLElement;
  swatch: HTMLElement;
  prefix: HTMLElement;
  leaf: HTMLElement;
  own: HTMLElement;
  smoothed: HTMLElement;
  value: HTMLElement;
  last: HTMLElement;
}

function showRow(cells: RowCells, row: ReadoutRow | undefined, lastHead: string, smoothing: boolean): void {
  const { swatch, name, prefix, leaf, own, smoothed, value, last } = cells;
  cells.row.className = row?.hot ? 'hot' : '';
  swatch.className = row ? `sw d${row.dashRing}` : '';
  if (row) swatch.style.setProperty('--c', row.colour);
  const cut = row ? row.label.lastIndexOf('/') + 1 : 0;
  setText(prefix, row?.label.slice(0, cut) ?? '');
  setText(leaf, row?.label.slice(cut) ?? '');
  const at = row?.away && row.step !== undefined ? [`at ${formatStep(Number(row.step))}`] : [];
  setText(own, [...at, ...(row?.part ? [row.part] : [])].map((text) => ` ${text}`).join(','));
  name.title = row?.label ?? '';
  setNumber(smoothed, smoothing ? row?.smoothed : row?.value);
  setNumber(value, smoothing ? row?.value : undefined);
  if (lastHead === 'Step') {
    setText(last, row?.step === undefined ? '' : formatStep(Number(row.step)));
    last.title = row?.step === undefined ? '' : formatExact(row.step);
  } else {
    setText(last, row?.relative === undefined ? '' : formatRelative(row.relative));
    last.title = row?.relative === undefined ? '' : `${row.relative} s`;
  }
}

function setNumber(cell: HTMLElement, value: number | undefined): void {
  setText(cell, value === undefined ? '' : formatValue(value));
  cell.title = value === undefined ? '' : String(value);
  cell.classList.toggle('w', value !== undefined && !Number.isFinite(value));
}

/** Writes only what differs: text nodes change, nothing is laid out anew. */
function setText(element: HTMLElement, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}

type Numbers = globalThis.Pick<ReadoutRow, 'smoothed' | 'value' | 'relative' | 'step' | 'part'>;

/** Numbers of a row from the exact point. */
export function exactNumbers({ smoothed, value, relative, step, part, parts }: Pick): Numbers {
  return { smoothed, value, relative, step, part: parts > 0 ? `part ${part} of ${parts}` : '' };
}

/** Numbers of a row from what is drawn, until the exact point comes. */
export function drawnNumbers({ raw, smoothed }: Line, x: number, kind: XKind): Numbers {
  const [i, s] = [nearestPoint(raw, x), nearestPoint(smoothed, x)];
  return {
    smoothed: smoothed[s + 1],
    value: raw[i + 1],
    relative: kind === 'relative' ? raw[i] : undefined,
    step: kind === 'step' ? raw[i] : undefined,
    part: '',
  };
}
