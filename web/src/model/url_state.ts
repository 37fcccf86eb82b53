/**
 * State as the text behind '#': `v=1&view=scalars&smoothing=0.9`. Only what differs from the default is there, and only
 * names, so that a link means the same for whoever has the same logs. Nothing in it ever reaches a host.
 */
import { batch } from '@preact/signals-core';
import { GRAPH_COLOURS, TABLE_COLUMNS, TRACE_DIRECTIONS } from '../engine/graphs';
import { MEASURES } from '../engine/histograms';
import { FREQUENCY_SCALES, SILENCE } from '../engine/media';
import { METRICS, PREPARATIONS, PROJECTION_METHODS } from '../engine/projections';
import { PURGES } from '../engine/protocol';
import { fromBase64Url, inflated, deflated, toBase64Url } from './deflate';
import { isSlot } from './colours';
import { asFragment } from './fragment';
import { isRange } from './range';
import { closedUnder, leavesOf } from './graph_paths';
import { readAxes, readProjection, rowsOf, writtenAxes, writtenProjection, writtenRows } from './projector_fields';
import {
  COLOUR_SCALES,
  createState,
  GRAPH_FORMS,
  GRAPH_ZOOMS,
  HISTOGRAM_TAG_MODES,
  IMAGE_AXES,
  IMAGE_CHANNELS,
  IMAGE_COMPARISONS,
  IMAGE_FITS,
  IMAGE_HEIGHTS,
  MAX_GAIN,
  MAX_NEIGHBOURS,
  POINT_COLOURINGS,
  POINT_DRAGS,
  POINT_FORMS,
  POINT_SIZES,
  SOUND_PICTURES,
  TEXT_COMPARISONS,
  TEXT_FORMATS,
  type GraphPlace,
  type HistogramTagMode,
  type ImageLook,
  type State,
  type YScale,
  type Zoom,
} from './state';

export const VERSION = 1;
/** `upgraders[i]` turns the parameters of version i into those of version i + 1. The first version was 1. */
export const upgraders: Readonly<Record<number, (params: URLSearchParams) => URLSearchParams>> = {};
/** Longer texts are deflated: `v=1&z=` and base64url. */
const MAX_PLAIN = 1024;
/** No state is longer than this, in bytes: a link that is, or inflates to more, is not read. */
const MAX_INFLATED = 1 << 20;
/** A place in a drawing of a graph that a link may name, pixels from the box that it is told by. */
const MAX_PLACE = 1e7;

/** How one setting is written: undefined = as by default. `read` may throw or answer nonsense: it is checked. */
interface Field {
  write(state: State): string | undefined;
  read(state: State, text: string): void;
}

const DEFAULTS = createState();
const Y_SCALES: readonly YScale[] = ['linear', 'log', 'symlog'];

const FIELDS: Record<string, Field> = {
  view: text('view'),
  runs: text('runFilter'),
  tags: text('tagFilter'),
  shown: {
    write: ({ selection: { value } }) =>
      value.shownByDefault && value.exceptions.size === 0
        ? undefined
        : names([value.shownByDefault ? 'all' : 'none', ...value.exceptions]),
    read(state, written) {
      const [rule, ...exceptions] = namesOf(written);
      state.selection.value = { shownByDefault: rule !== 'none', exceptions: new Set(exceptions) };
    },
  },
  colours: {
    write: ({ colours: { value } }) => writtenColours(value),
    read(state, written) {
      const slots = [...pairs(namesOf(written))].map(([run, slot]) => [run, Number(slot)] as const);
      state.colours.value = new Map(slots.filter(([, slot]) => isSlot(slot)));
    },
  },
  folders: {
    write: ({ closedFolders: { value } }) => (value.size === 0 ? undefined : names([...value])),
    read: (state, written) => void (state.closedFolders.value = new Set(namesOf(written))),
  },
  panel: {
    write: ({ panelHidden }) => (panelHidden.value ? '0' : undefined),
    read: (state, written) => void (state.panelHidden.value = written === '0'),
  },
  fold: {
    write: ({ fold }) => (fold.value ? undefined : '0'),
    read: (state, written) => void (state.fold.value = written !== '0'),
  },
  smoothing: {
    write: ({ smoothing }) => (smoothing.value === DEFAULTS.smoothing.value ? undefined : String(smoothing.value)),
    read(state, written) {
      const weight = Number(written);
      if (weight >= 0 && weight < 1) state.smoothing.value = weight;
    },
  },
  x: choice('x', ['step', 'relative', 'wall']),
  y: choice('y', Y_SCALES),
  purge: choice('purge', PURGES),
  clip: {
    write: ({ clipOutliers }) => (clipOutliers.value ? undefined : '0'),
    read: (state, written) => void (state.clipOutliers.value = written !== '0'),
  },
  yof: {
    write: ({ yOfTag }) => (yOfTag.value.size === 0 ? undefined : names([...yOfTag.value].flat())),
    read(state, written) {
      const scales = new Map<string, YScale>();
      for (const [tag, scale] of pairs(namesOf(written))) {
        if (Y_SCALES.includes(scale as YScale)) scales.set(tag, scale as YScale);
      }
      state.yOfTag.value = scales;
    },
  },
  zoom: {
    write: ({ zoom }) =>
      zoom.value.size === 0 ? undefined : names([...zoom.value].flatMap(([tag, { x, y }]) => [tag, ranges(x, y)])),
    read(state, written) {
      const zooms = new Map<string, Zoom>();
      for (const [tag, range] of pairs(namesOf(written))) {
        const ends = range.split(':').map((end) => (end === '' ? NaN : Number(end)));
        if (ends.length !== 4) continue;
        const [x0, x1, y0, y1] = ends as [number, number, number, number];
        if (isZoom(x0, x1) && isZoom(y0, y1)) zooms.set(tag, { x: [x0, x1], y: [y0, y1] });
      }
      state.zoom.value = zooms;
    },
  },
  enlarged: {
    write: ({ enlarged: { value } }) => (value.size === 0 ? undefined : names([...value].flat())),
    read: (state, written) => void (state.enlarged.value = new Map(pairs(namesOf(written)))),
  },
  closed: {
    write: ({ closedGroups }) => (closedGroups.value.size === 0 ? undefined : names([...closedGroups.value])),
    read: (state, written) => void (state.closedGroups.value = new Set(namesOf(written))),
  },
  pins: {
    write: ({ pins }) => (pins.value.length === 0 ? undefined : names(pins.value.flat())),
    read(state, written) {
      // Each once, whatever the address says.
      const pins = new Map([...pairs(namesOf(written))].map((pin) => [pin.join('\n'), pin]));
      state.pins.value = [...pins.values()];
    },
  },
  step: step('step'),
  histograms: choice('histogramMode', [...HISTOGRAM_TAG_MODES, 'tags']),
  histogramsof: {
    write: ({ histogramModeOfTag: { value } }) => (value.size === 0 ? undefined : names([...value].flat())),
    read(state, written) {
      const modes = new Map<string, HistogramTagMode>();
      for (const [tag, mode] of pairs(namesOf(written))) {
        const known = HISTOGRAM_TAG_MODES.find((one) => one === mode);
        if (known) modes.set(tag, known);
      }
      state.histogramModeOfTag.value = modes;
    },
  },
  bins: choice('histogramBins', ['logged', 'compatible']),
  height: choice('histogramMeasure', MEASURES),
  values: choice('histogramScale', Y_SCALES),
  range: {
    write: ({ sameRange }) => (sameRange.value ? undefined : 'own'),
    read: (state, written) => void (state.sameRange.value = written !== 'own'),
  },
  base: step('histogramBase'),
  matrices: {
    write: ({ matrixNumbers }) => (matrixNumbers.value ? 'numbers' : undefined),
    read: (state, written) => void (state.matrixNumbers.value = written === 'numbers'),
  },
  sounds: choice('soundPicture', SOUND_PICTURES),
  frequency: choice('frequencyScale', FREQUENCY_SCALES),
  decibels: {
    write: ({ soundRange }) => (soundRange.value === DEFAULTS.soundRange.value ? undefined : String(soundRange.value)),
    read(state, written) {
      const range = Number(written);
      if (range >= SILENCE && range < 0) state.soundRange.value = range;
    },
  },
  normalise: {
    write: ({ normalise }) => (normalise.value ? '1' : undefined),
    read: (state, written) => void (state.normalise.value = written === '1'),
  },
  loop: {
    write: ({ loopSounds }) => (loopSounds.value ? '1' : undefined),
    read: (state, written) => void (state.loopSounds.value = written === '1'),
  },
  soundzoom: {
    write: ({ soundZoom: { value } }) =>
      value.size === 0 ? undefined : names([...value].flatMap(([tag, span]) => [tag, ranges(span)])),
    read(state, written) {
      const zooms = new Map<string, readonly [number, number]>();
      for (const [tag, span] of pairs(namesOf(written))) {
        const [from = NaN, to = NaN, ...more] = span.split(':').map((end) => (end === '' ? NaN : Number(end)));
        if (more.length === 0 && from >= 0 && isRange(from, to)) zooms.set(tag, [from, to]);
      }
      state.soundZoom.value = zooms;
    },
  },
  sync: {
    write: ({ playInSync }) => (playInSync.value ? undefined : '0'),
    read: (state, written) => void (state.playInSync.value = written !== '0'),
  },
  text: choice('textFormat', TEXT_FORMATS),
  steps: {
    write: ({ textList }) => (textList.value ? 'list' : undefined),
    read: (state, written) => void (state.textList.value = written === 'list'),
  },
  wrap: {
    write: ({ textWrap }) => (textWrap.value ? undefined : '0'),
    read: (state, written) => void (state.textWrap.value = written !== '0'),
  },
  search: text('textSearch'),
  compare: choice('textComparison', TEXT_COMPARISONS),
  against: step('textAgainst'),
  againstrun: text('textAgainstRun'),
  rows: choice('imageRows', IMAGE_AXES),
  columns: choice('imageColumns', IMAGE_AXES),
  fit: choice('imageFit', IMAGE_FITS),
  imageheight: {
    write: ({ imageHeight: { value } }) => (value === DEFAULTS.imageHeight.value ? undefined : String(value)),
    read(state, written) {
      const height = Number(written);
      if (height >= IMAGE_HEIGHTS[0] && height <= IMAGE_HEIGHTS[1]) state.imageHeight.value = Math.round(height);
    },
  },
  smooth: {
    write: ({ smoothImages }) => (smoothImages.value ? '1' : undefined),
    read: (state, written) => void (state.smoothImages.value = written === '1'),
  },
  looks: {
    write: ({ imageLooks: { value } }) =>
      value.size === 0 ? undefined : names([...value].flatMap(([group, look]) => [group, writtenLook(look)])),
    read(state, written) {
      const looks = new Map<string, ImageLook>();
      for (const [group, text] of pairs(namesOf(written))) {
        const look = lookOf(text);
        if (look) looks.set(group, look);
      }
      state.imageLooks.value = looks;
    },
  },
  a: place('imageA'),
  b: place('imageB'),
  compared: choice('imageComparison', IMAGE_COMPARISONS),
  target: place('imageTarget'),
  sample: {
    write: ({ imageSample: { value } }) => (value === 0 ? undefined : String(value)),
    read(state, written) {
      if (isSample(written)) state.imageSample.value = Number(written);
    },
  },
  gain: {
    write: ({ imageGain: { value } }) => (value === DEFAULTS.imageGain.value ? undefined : String(value)),
    read(state, written) {
      const gain = Number(written);
      if (gain >= 1 && gain <= MAX_GAIN) state.imageGain.value = gain;
    },
  },
  graph: {
    write: ({ graph }) => writtenGraph(graph.value),
    read: (state, written) => void (state.graph.value = graphOf(written)),
  },
  graphagainst: {
    // The first of all is named by nothing.
    write: ({ graphAgainst: { value } }) => value && (writtenGraph(value) ?? ','),
    read: (state, written) => void (state.graphAgainst.value = graphOf(written)),
  },
  open: {
    write: ({ graphOpen: { value } }) => value && names(leavesOf(value)),
    read: (state, written) => void (state.graphOpen.value = closedUnder(written === '' ? [] : namesOf(written))),
  },
  node: text('graphNode'),
  nodes: list('graphArea'),
  pathto: text('graphPathTo'),
  graphcolour: choice('graphColour', ['auto', ...GRAPH_COLOURS]),
  trace: choice('graphTrace', TRACE_DIRECTIONS),
  depth: {
    write: ({ graphTraceDepth: { value } }) => (value === Infinity ? undefined : String(value)),
    read(state, written) {
      if (/^[1-9]\d{0,2}$/.test(written)) state.graphTraceDepth.value = Number(written);
    },
  },
  find: text('graphSearch'),
  putback: list('graphPutBack'),
  takenout: list('graphTakenOut'),
  table: {
    write: ({ graphTable: { value } }) => value && `${value.column}${value.descending ? ':down' : ''}`,
    read(state, written) {
      const [name, way, ...more] = written.split(':');
      const column = TABLE_COLUMNS.find((one) => one === name);
      if (column && more.length === 0 && (way === undefined || way === 'down'))
        state.graphTable.value = { column, descending: way === 'down' };
    },
  },
  camera: {
    write({ graphCamera: { value } }) {
      if (!value) return undefined;
      const { path, x, y, zoom } = value;
      return names([path, Number.isNaN(x) ? String(zoom) : `${zoom}:${x}:${y}`]);
    },
    read(state, written) {
      const [path, place = ''] = namesOf(written);
      const [zoom = NaN, x = NaN, y = NaN, ...more] = place
        .split(':')
        .map((part) => (part === '' ? NaN : Number(part)));
      const isPlace = [x, y].every((at) => Math.abs(at) <= MAX_PLACE) || [x, y].every(Number.isNaN);
      if (path === undefined || more.length > 0 || !isPlace) return;
      if (zoom >= GRAPH_ZOOMS[0] && zoom <= GRAPH_ZOOMS[1]) state.graphCamera.value = { path, x, y, zoom };
    },
  },
  embedding: {
    write: ({ embedding: { value } }) => (value.run || value.name ? names([value.run, value.name]) : undefined),
    read(state, written) {
      const [run = '', name = ''] = namesOf(written);
      state.embedding.value = { run, name };
    },
  },
  projection: choice('projection', PROJECTION_METHODS),
  dimensions: {
    write: ({ projectionIs3d }) => (projectionIs3d.value ? undefined : '2'),
    read: (state, written) => void (state.projectionIs3d.value = written !== '2'),
  },
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
  otherclasses: {
    write: ({ otherClassesHidden }) => (otherClassesHidden.value ? '0' : undefined),
    read: (state, written) => void (state.otherClassesHidden.value = written === '0'),
  },
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
  clusters: {
    write: ({ clusterNames }) => (clusterNames.value ? undefined : '0'),
    read: (state, written) => void (state.clusterNames.value = written !== '0'),
  },
  density: {
    write: ({ density }) => (density.value ? '1' : undefined),
    read: (state, written) => void (state.density.value = written === '1'),
  },
  sequences: {
    write: ({ sequences }) => (sequences.value ? undefined : '0'),
    read: (state, written) => void (state.sequences.value = written !== '0'),
  },
  drag: choice('pointDrag', POINT_DRAGS),
  lasso: {
    write: ({ lasso }) => (lasso.value ? '1' : undefined),
    read: (state, written) => void (state.lasso.value = written === '1'),
  },
  pointcamera: {
    write: ({ pointCamera: { value } }) =>
      value && [...value.target, value.azimuth, value.elevation, value.zoom].map(rounded).join(':'),
    read(state, written) {
      const numbers = written.split(':').map((part) => (part === '' ? NaN : Number(part)));
      if (numbers.length !== 6 || !numbers.every(Number.isFinite)) return;
      const [x, y, z, azimuth, elevation, zoom] = numbers as [number, number, number, number, number, number];
      if (zoom > 0) state.pointCamera.value = { target: [x, y, z], azimuth, elevation, zoom };
    },
  },
  pointtable: {
    write: ({ pointTable }) => (pointTable.value ? '1' : undefined),
    read: (state, written) => void (state.pointTable.value = written === '1'),
  },
  theme: choice('theme', ['auto', 'light', 'dark']),
};

/** A state as it is written, by the names of its fields: two are equal if and only if their fields are. */
export type Fields = ReadonlyMap<string, string>;

/** What differs from the default; reads every signal of the state. */
export function fieldsOf(state: State): Fields {
  const fields = new Map<string, string>();
  for (const [name, field] of Object.entries(FIELDS)) {
    const written = field.write(state);
    if (written !== undefined) fields.set(name, written);
  }
  return fields;
}

/** Fields that say other colours than the state has: also those of which only who is sent them has to be told. */
export function fieldsWithColours(fields: Fields, slots: ReadonlyMap<string, number>): Fields {
  const written = writtenColours(slots);
  if (written === fields.get('colours')) return fields;
  const next = new Map(fields);
  if (written === undefined) next.delete('colours');
  else next.set('colours', written);
  return next;
}

function writtenColours(slots: ReadonlyMap<string, number>): string | undefined {
  return slots.size === 0 ? undefined : names([...slots].flatMap(([run, slot]) => [run, String(slot)]));
}

/** Sets the state to what fields say; what they do not name gets its default. */
export function setFields(state: State, fields: Fields): void {
  const next = createState();
  readFields(next, fields);
  assignAll(state, next);
}

/** Names of all fields: `docs/links.md` says what each means. */
export const FIELD_NAMES: readonly string[] = Object.keys(FIELDS);

/** The hash, without '#', of a state; '' = all is as by default. */
export function encodeState(state: State): Promise<string> {
  return encodeFields(fieldsOf(state));
}

/** The same of a state as it is written. */
export async function encodeFields(fields: Fields): Promise<string> {
  const plain = asFragment(fields);
  if (plain === '') return '';
  const hash = `v=${VERSION}&${plain}`;
  // Where nothing deflates, the long text is as good a link.
  if (hash.length <= MAX_PLAIN || typeof CompressionStream === 'undefined') return hash;
  return `v=${VERSION}&z=${toBase64Url(await deflated(plain))}`;
}

/**
 * How reading a hash ended. Not applied: newer = it was written by a later version of the page; long = it inflates to
 * more than any state; bad = it cannot be read.
 */
export type Outcome = 'applied' | 'newer' | 'long' | 'bad';

/** Sets the state to what a hash says; what it does not name gets its default. Unknown names and values are ignored. */
export async function applyState(state: State, hash: string): Promise<Outcome> {
  const next = createState();
  const outcome = await readHash(next, hash);
  if (outcome === 'applied') assignAll(state, next);
  return outcome;
}

/** Sets what a hash names in a state that is as by default. */
export async function readHash(next: State, hash: string): Promise<Outcome> {
  if (hash.length > MAX_INFLATED) return 'long';
  let params = new URLSearchParams(hash.replace(/^#/, ''));
  if (params.size > 0) {
    const version = Number(params.get('v'));
    if (!Number.isInteger(version) || version < 1) return 'bad';
    if (version > VERSION) return 'newer';
    const deflatedPart = params.get('z');
    if (deflatedPart !== null) {
      try {
        const plain = await inflated(fromBase64Url(deflatedPart), MAX_INFLATED);
        if (plain === undefined) return 'long';
        params = new URLSearchParams(new TextDecoder().decode(plain));
      } catch {
        return 'bad';
      }
    }
    for (let from = version; from < VERSION; from++) params = upgraders[from]?.(params) ?? params;
  }
  readFields(next, params);
  return 'applied';
}

/** Whether a hash names a field that it could not set, or sets to what it is by default: the state is written without it. */
export function saysMore(hash: string, fields: Fields): boolean {
  const said = [...new URLSearchParams(hash.replace(/^#/, '')).keys()];
  return said.some((name) => Object.hasOwn(FIELDS, name) && !fields.has(name));
}

function readFields(next: State, fields: Iterable<[string, string]>): void {
  for (const [name, written] of fields) if (Object.hasOwn(FIELDS, name)) FIELDS[name]?.read(next, written);
}

/** Sets every signal to what another state has. */
export function assignAll(state: State, from: State): void {
  batch(() => {
    for (const key of Object.keys(state) as (keyof State)[]) assign(state, from, key);
  });
}

function assign<K extends keyof State>(state: State, from: State, key: K): void {
  state[key].value = from[key].value;
}

type TextKey =
  | 'view'
  | 'runFilter'
  | 'tagFilter'
  | 'textSearch'
  | 'textAgainstRun'
  | 'graphNode'
  | 'graphPathTo'
  | 'graphSearch'
  | 'pointLabel'
  | 'pointSearch';

function text(key: TextKey): Field {
  return {
    write: (state) => (state[key].value === '' ? undefined : state[key].value),
    read: (state, written) => void (state[key].value = written),
  };
}

function step(key: 'step' | 'histogramBase' | 'textAgainst'): Field {
  return {
    write: (state) => state[key].value?.toString(),
    read(state, written) {
      const at = stepOf(written);
      if (at !== undefined) state[key].value = at;
    },
  };
}

function list(key: 'graphPutBack' | 'graphTakenOut' | 'graphArea'): Field {
  return {
    write: ({ [key]: { value } }) => (value.length === 0 ? undefined : names(value)),
    read: (state, written) => void (state[key].value = [...new Set(namesOf(written))]),
  };
}

function number(key: 'neighbourCount' | 'pointSize' | 'pointOpacity', least: number, most: number): Field {
  return {
    write: ({ [key]: { value } }) => (value === DEFAULTS[key].value ? undefined : String(value)),
    read(state, written) {
      const value = written === '' ? NaN : Number(written);
      if (value >= least && value <= most) state[key].value = value;
    },
  };
}

function rows(key: 'points' | 'isolatedPoints' | 'hiddenPoints'): Field {
  return {
    write: ({ [key]: { value } }) => (value.length === 0 ? undefined : writtenRows(value)),
    read: (state, written) => void (state[key].value = rowsOf(written)),
  };
}

/** More digits of a place make no other picture. */
function rounded(value: number): string {
  return String(Number(value.toPrecision(6)));
}

/** Run, form, tag, step and time, as far as any of them is named. */
function writtenGraph({ run, form, tag, step: at, time }: GraphPlace): string | undefined {
  const parts = [run, form, tag, at?.toString() ?? '', time?.toString() ?? ''];
  while (parts.at(-1) === '') parts.pop();
  return parts.length === 0 ? undefined : names(parts);
}

function graphOf(written: string): GraphPlace {
  const [run = '', form = '', tag = '', at = '', time = ''] = namesOf(written);
  return {
    run,
    form: [...GRAPH_FORMS, 'file' as const].find((one) => one === form) ?? '',
    tag,
    step: stepOf(at),
    time: time === '' || !Number.isFinite(Number(time)) ? undefined : Number(time),
  };
}

/** A step has 64 bits. */
function stepOf(written: string): bigint | undefined {
  return /^-?\d{1,19}$/.test(written) ? BigInt.asIntN(64, BigInt(written)) : undefined;
}

/** A place is tag, run, sample and, if it has one of its own, step. */
function place(key: 'imageA' | 'imageB' | 'imageTarget'): Field {
  return {
    write(state) {
      const { value } = state[key];
      return value && names([value.tag, value.run, String(value.sample), value.step?.toString() ?? '']);
    },
    read(state, written) {
      const [tag, run, sample = '', step = ''] = namesOf(written);
      if (tag === undefined || run === undefined || !isSample(sample)) return;
      state[key].value = { tag, run, sample: Number(sample), step: stepOf(step) };
    },
  };
}

/** Whether it is the number of a sample, as far as they are told. */
function isSample(written: string): boolean {
  return /^\d{1,4}$/.test(written);
}

function writtenLook({ brightness, contrast, channel, falseColour }: ImageLook): string {
  return [brightness, contrast, channel, falseColour ? 1 : 0].join(':');
}

function lookOf(written: string): ImageLook | undefined {
  const [bright, contrasting, named, coloured] = written.split(':');
  const [brightness, contrast] = [Number(bright), Number(contrasting)];
  const channel = IMAGE_CHANNELS.find((one) => one === named);
  if (!(brightness >= 0 && brightness <= 100 && contrast >= 0 && contrast <= 100) || !channel) return undefined;
  return { brightness, contrast, channel, falseColour: coloured === '1' };
}

type ChoiceKey =
  | 'x'
  | 'y'
  | 'purge'
  | 'theme'
  | 'histogramMode'
  | 'histogramBins'
  | 'histogramMeasure'
  | 'histogramScale'
  | 'soundPicture'
  | 'frequencyScale'
  | 'textFormat'
  | 'textComparison'
  | 'imageRows'
  | 'imageColumns'
  | 'imageFit'
  | 'imageComparison'
  | 'graphColour'
  | 'graphTrace'
  | 'projection'
  | 'preparation'
  | 'colourScale'
  | 'pointMetric'
  | 'pointForm'
  | 'pointDrag';

function choice<K extends ChoiceKey>(key: K, choices: readonly State[K]['value'][]): Field {
  return {
    write: (state) => (state[key].value === DEFAULTS[key].value ? undefined : state[key].value),
    read(state, written) {
      const chosen = choices.find((one) => one === written);
      if (chosen !== undefined) state[key].value = chosen;
    },
  };
}

/** Any names in one text: commas between them, those inside escaped. */
function names(list: readonly string[]): string {
  return list.map((name) => name.replace(/[\\,]/g, '\\$&')).join(',');
}

function namesOf(written: string): string[] {
  const list = [''];
  let from = 0;
  const take = (to: number): void => void (list[list.length - 1] += written.slice(from, to));
  for (const { index, 0: sign } of written.matchAll(/[\\,]/g)) {
    // It is escaped.
    if (index < from) continue;
    take(index);
    from = index + 1;
    if (sign === ',') {
      list.push('');
    } else {
      // What stands behind is as it is.
      const end = Math.min(written.length, from + 1);
      take(end);
      from = end;
    }
  }
  take(written.length);
  return list;
}

function* pairs(list: readonly string[]): Generator<[string, string]> {
  for (let i = 0; i + 1 < list.length; i += 2) yield [list[i] as string, list[i + 1] as string];
}

/** from:to:from:to; NaN, fitted to the data, is empty. */
function ranges(...axes: readonly (readonly number[])[]): string {
  return axes
    .flat()
    .map((end) => (Number.isNaN(end) ? '' : String(end)))
    .join(':');
}

/** Both ends NaN: fitted to the data. */
function isZoom(from: number, to: number): boolean {
  return (Number.isNaN(from) && Number.isNaN(to)) || isRange(from, to);
}
