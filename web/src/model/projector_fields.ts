/** Settings of the projector as texts of a link, and back. Pure. */
import { METRICS } from '../engine/projections';
import {
  COMPONENTS,
  MAX_LEARNING_RATE,
  MIN_DISTANCES,
  PERPLEXITIES,
  UMAP_NEIGHBOURS,
  type AxisTerms,
  type ProjectionSettings,
} from './state';

/** Rows are told by 32 bits. */
const MAX_ROW = 0xffffffff;
/** A link that names more points is not read further. */
const MAX_ROWS = 1 << 22;

/** Each number by its name: what it may be. */
const NUMBERS = {
  perplexity: (value: number) => within(value, PERPLEXITIES),
  learningRate: (value: number) => value >= 0 && value <= MAX_LEARNING_RATE,
  neighbours: (value: number) => Number.isInteger(value) && within(value, UMAP_NEIGHBOURS),
  minDistance: (value: number) => within(value, MIN_DISTANCES),
  seed: (value: number) => Number.isInteger(value) && value >= 0 && value <= MAX_ROW,
} as const;
type NumberName = keyof typeof NUMBERS;

function within(value: number, [least, most]: readonly [number, number]): boolean {
  return value >= least && value <= most;
}

/** Whether a number can be set. */
export function isSetting(name: NumberName, value: number): boolean {
  return NUMBERS[name](value);
}

/** "perplexity:40 metric:euclidean", of what differs from the default; undefined = nothing does. */
export function writtenProjection(settings: ProjectionSettings, byDefault: ProjectionSettings): string | undefined {
  const parts: string[] = [];
  for (const name of [...(Object.keys(NUMBERS) as NumberName[]), 'metric'] as const) {
    if (settings[name] !== byDefault[name]) parts.push(`${name}:${settings[name]}`);
  }
  const components = settings.components.join('-');
  if (components !== byDefault.components.join('-')) parts.push(`components:${components}`);
  return parts.length === 0 ? undefined : parts.join(' ');
}

/** @param before what is kept where nothing is said */
export function readProjection(written: string, before: ProjectionSettings): ProjectionSettings {
  const next = { ...before };
  for (const part of written.split(' ')) {
    const [name = '', text = ''] = part.split(':');
    if (Object.hasOwn(NUMBERS, name)) {
      const value = text === '' ? NaN : Number(text);
      if (isSetting(name as NumberName, value)) next[name as NumberName] = value;
    } else if (name === 'metric') {
      next.metric = METRICS.find((metric) => metric === text) ?? next.metric;
    } else if (name === 'components') {
      const components = text.split('-').map((one) => (/^\d$/.test(one) ? Number(one) : NaN));
      if (components.length === 3 && components.every((one) => one < COMPONENTS))
        next.components = components as [number, number, number];
    }
  }
  return next;
}

const AXES = 3;

/** "=4" is a dimension; else a from and a to stand behind each other. undefined = nothing is said of any axis. */
export function writtenAxes(axes: ProjectionSettings['axes']): string[] | undefined {
  const isSaid = (axis: AxisTerms): boolean => axis.kind === 'dimension' || axis.from !== '' || axis.to !== '';
  if (!axes.some(isSaid)) return undefined;
  return axes.flatMap((axis) => (axis.kind === 'dimension' ? [`=${axis.index}`, ''] : [`<${axis.from}`, axis.to]));
}

/** @param before what is kept of what cannot be read */
export function readAxes(texts: readonly string[], before: ProjectionSettings['axes']): ProjectionSettings['axes'] {
  return Array.from({ length: AXES }, (_, i): AxisTerms | undefined => {
    const [from = '', to = ''] = texts.slice(2 * i);
    if (/^=\d{1,7}$/.test(from)) return { kind: 'dimension', index: Number(from.slice(1)) };
    return from.startsWith('<') ? { kind: 'between', from: from.slice(1), to } : before[i];
  }) as unknown as ProjectionSettings['axes'];
}

/** Rows in order, those that follow each other as one: "3 10-20 7". */
export function writtenRows(rows: readonly number[]): string {
  const parts: string[] = [];
  for (let at = 0; at < rows.length;) {
    const first = rows[at] as number;
    let last = first;
    for (at++; at < rows.length && rows[at] === last + 1; at++) last++;
    parts.push(last === first ? String(first) : `${first}-${last}`);
  }
  return parts.join(' ');
}

/** What cannot be read is left out; each row comes once. */
export function rowsOf(written: string): readonly number[] {
  const rows = new Set<number>();
  for (const part of written.split(/[ +]/)) {
    const [, from, to = from] = /^(\d{1,10})(?:-(\d{1,10}))?$/.exec(part) ?? [];
    const [first, last] = [Number(from), Number(to)];
    if (from === undefined || last > MAX_ROW || last - first > MAX_ROWS) continue;
    for (let row = first; row <= last && rows.size < MAX_ROWS; row++) rows.add(row);
  }
  return [...rows];
}
