import { formatValue } from '../model/format';
import type { LineValues, PlacedRow } from '../views/scalars/readout';

/** More lines than this are told apart by the legend. */
export const MAX_LABELLED = 4;
/** Height of a label, px. */
const LABEL_PX = 14;

/** Names and values at the ends of the lines; while there is a crosshair, the values are those of its place. */
export class EndLabels implements LineValues {
  readonly element = document.createElement('div');
  private labels: { name: HTMLElement; value: HTMLElement; element: HTMLElement }[] = [];
  /** Where the line of each run ends, px. */
  private readonly ends = new Map<string, number>();

  constructor() {
    this.element.className = 'end-labels';
    this.element.ariaHidden = 'true';
  }

  showAt(_place: string, rows: readonly PlacedRow[], smoothing: boolean): void {
    this.show(rows, smoothing);
  }

  showLast(_inView: boolean, rows: readonly PlacedRow[], smoothing: boolean): void {
    this.ends.clear();
    for (const { label, top } of rows) if (Number.isFinite(top)) this.ends.set(label, top);
    this.show(rows, smoothing);
  }

  private show(rows: readonly PlacedRow[], smoothing: boolean): void {
    const shown = rows.length > MAX_LABELLED ? [] : rows;
    while (this.labels.length > shown.length) this.labels.pop()?.element.remove();
    while (this.labels.length < shown.length) {
      const element = document.createElement('div');
      const [name, value] = [document.createElement('span'), document.createElement('b')];
      name.className = 'el';
      element.append(name, value);
      this.element.append(element);
      this.labels.push({ element, name, value });
    }
    // By run: no label leaves its place while the crosshair moves.
    const placed = shown
      .map((row) => ({ row, top: this.ends.get(row.label) ?? row.top }))
      .sort((a, b) => a.top - b.top || (a.row.label < b.row.label ? -1 : 1));
    const tops = apart(
      placed.map(({ top }) => (Number.isFinite(top) ? top : 0)),
      this.element.clientHeight,
    );
    placed.forEach(({ row }, i) => {
      const { element, name, value } = this.labels[i] as (typeof this.labels)[number];
      name.textContent = endName(row.label);
      const number = (smoothing ? row.smoothed : row.value) ?? row.value;
      value.textContent = number === undefined ? '' : formatValue(number);
      element.title = row.label;
      element.classList.toggle('st', row.hot);
      element.style.top = `${(tops[i] as number) - LABEL_PX / 2}px`;
    });
  }
}

/** What is written of the name of a run: its last part. */
export function endName(label: string): string {
  return label.slice(label.lastIndexOf('/') + 1);
}

/** Room for names and a value, px; a long name has twelve characters or so. */
export function endsWidth(names: readonly string[]): number {
  return 52 + 7 * Math.min(12, Math.max(0, ...names.map((name) => name.length)));
}

/** Moves heights in rising order apart, so that labels do not cover each other, and none leaves the chart. */
export function apart(tops: readonly number[], height: number, least = LABEL_PX): number[] {
  const moved: number[] = [];
  for (const top of tops) moved.push(Math.max(top, (moved.at(-1) ?? -least / 2) + least));
  let limit = Math.max(height, tops.length * least) - least / 2;
  for (let i = moved.length - 1; i >= 0; i--) {
    moved[i] = Math.min(moved[i] as number, limit);
    limit = (moved[i] as number) - least;
  }
  return moved;
}
