/** What a link says of the projector: loaded with its view, or with a link that says some of it. */
import { METRICS, PREPARATIONS, PROJECTION_METHODS } from '../engine/projections/projections';
import {
  COLOUR_SCALES,
  COMPONENTS,
  MAX_LEARNING_RATE,
  MAX_NEIGHBOURS,
  MIN_DISTANCES,
  PERPLEXITIES,
  POINT_COLOURINGS,
  POINT_DRAGS,
  POINT_FORMS,
  POINT_SIZES,
  UMAP_NEIGHBOURS,
  type AxisTerms,
  type ProjectionSettings,
} from './state';
import { choice, DEFAULTS, flag, names, namesOf, number, text, type Field } from './url_field';

export const PROJECTOR_FIELDS: Readonly<Record<string, Field>> = {
  embedding: {
    write: ({ embedding: { value } }) => (value.run || value.name ? names([value.run, value.name]) : undefined),
    read(state, written) {
      const [run = '', name = ''] = namesOf(written);
      state.embedding.value = { run, name };
    },
  },
  projection: choice('projection', PROJECTION_METHODS),
  dimensions: flag('projectionIs3d', '2'),
  prepared: choice('preparation', PREPARATIONS),
  projected: {
    write: ({ projectionSettings }) => writtenProjection(projectionSettings.value, DEFAULTS.projectionSettings.value),
    read: (state, written) =>
      void (state.projectionSettings.value = readProjection(written, state.projectionSettings.value)),
  },
  axes: {
    write({ projectionSettings: { value } }) {
      const written = writtenAxes(value.axes);
      return written && names(written);
    },
    read: (state, written) =>
      void (state.projectionSettings.value = {
        ...state.projectionSettings.value,
        axes: readAxes(namesOf(written), state.projectionSettings.value.axes),
      }),
  },
  pointcolour: {
    write: ({ pointColour: { value } }) =>
      value.by === 'auto' ? undefined : names(value.by === 'column' ? [value.by, value.column] : [value.by]),
    read(state, written) {
      const [way, column = ''] = namesOf(written);
      const by = POINT_COLOURINGS.find((one) => one === way);
      if (by) state.pointColour.value = { by, column };
    },
  },
  pointscale: choice('colourScale', COLOUR_SCALES),
  hiddenclasses: {
    write: ({ hiddenClasses: { value } }) => (value.size === 0 ? undefined : names([...value])),
    read: (state, written) => void (state.hiddenClasses.value = new Set(namesOf(written))),
  },
  otherclasses: flag('otherClassesHidden', '0'),
  pointlabel: text('pointLabel'),
  points: rows('points'),
  isolated: rows('isolatedPoints'),
  hiddenpoints: rows('hiddenPoints'),
  pointsearch: text('pointSearch'),
  distance: choice('pointMetric', METRICS),
  neighbours: number('neighbourCount', 1, MAX_NEIGHBOURS),
  pointform: choice('pointForm', POINT_FORMS),
  pointsize: number('pointSize', ...POINT_SIZES),
  opacity: number('pointOpacity', 0.05, 1),
  clusters: flag('clusterNames', '0'),
  density: flag('density', '1'),
  sequences: flag('sequences', '0'),
  drag: choice('pointDrag', POINT_DRAGS),
  lasso: flag('lasso', '1'),
  pointcamera: {
    write: ({ pointCamera: { value } }) =>
      value &&
      [...value.target, value.azimuth, value.elevation, value.zoom, ...(value.roll ? [value.roll] : [])].map(rounded).join(':'), // prettier-ignore
    read(state, written) {
      const numbers = written.split(':').map((part) => (part === '' ? NaN : Number(part)));
      if (numbers.length < 6 || numbers.length > 7 || !numbers.every(Number.isFinite)) return;
      const [x, y, z, azimuth, elevation, zoom, roll] = numbers as [number, number, number, number, number, number, number?]; // prettier-ignore
      if (zoom > 0)
        state.pointCamera.value = { target: [x, y, z], azimuth, elevation, zoom, ...(roll ? { roll } : {}) };
    },
  },
  pointtable: flag('pointTable', '1'),
};

function rows(key: 'points' | 'isolatedPoints' | 'hiddenPoints'): Field {
  return {
    write({ [key]: { value } }) {
      if (value.length === 0) return undefined;
      const written = textOf.get(value) ?? writtenRows(value);
      textOf.set(value, written);
      return written.length > MAX_ROWS_TEXT ? undefined : written;
    },
    read: (state, written) => void (state[key].value = rowsOf(written)),
  };
}

/** All fields are written whenever one changes: lists of points, which may be long, are written once. */
const textOf = new WeakMap<readonly number[], string>();

/** More digits of a place make no other picture. */
function rounded(value: number): string {
  return String(Number(value.toPrecision(6)));
}

/** Rows are told by 32 bits. */
const MAX_ROW = 0xffffffff;
/** A link that names more points is not read further. */
const MAX_ROWS = 1 << 20;
/** So many characters of points a link holds: of more of them it says nothing, as a link that is too long is not read at all. */
const MAX_ROWS_TEXT = 100_000;

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

/** "=4" is a dimension; else a from and a to stand behind each other. undefined = they are the first dimensions in which points differ. */
export function writtenAxes(axes: ProjectionSettings['axes']): string[] | undefined {
  if (axes.every((axis) => axis.kind === 'dimension' && axis.index < 0)) return undefined;
  return axes.flatMap((axis) => (axis.kind === 'dimension' ? [`=${axis.index}`, ''] : [`<${axis.from}`, axis.to]));
}

/** @param before what is kept of what cannot be read */
export function readAxes(texts: readonly string[], before: ProjectionSettings['axes']): ProjectionSettings['axes'] {
  return Array.from({ length: AXES }, (_, i): AxisTerms | undefined => {
    const [from = '', to = ''] = texts.slice(2 * i);
    if (/^=(-1|\d{1,7})$/.test(from)) return { kind: 'dimension', index: Number(from.slice(1)) };
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
  let room = MAX_ROWS;
  for (const part of written.split(/[ +]/)) {
    const [, from, to = from] = /^(\d{1,10})(?:-(\d{1,10}))?$/.exec(part) ?? [];
    const [first, last] = [Number(from), Number(to)];
    if (from === undefined || last > MAX_ROW || last - first > MAX_ROWS) continue;
    for (let row = first; row <= last && room > 0; row++, room--) rows.add(row);
  }
  return [...rows];
}
