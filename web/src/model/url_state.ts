/**
 * State as the text behind '#': `v=1&view=scalars&smoothing=0.9`. Only what differs from the default is there, and only
 * names, so that a link means the same for whoever has the same logs. Nothing in it ever reaches a host.
 */
import { batch, signal } from '@preact/signals-core';
import { PURGES } from '../engine/protocol';
import { fromBase64Url, inflated, deflated, toBase64Url } from './deflate';
import { isSlot } from './colours';
import { asFragment } from './fragment';
import { isRange } from './range';
import { createState, Y_SCALES, type State, type YScale, type Zoom } from './state';
import { choice, DEFAULTS, flag, names, namesOf, pairs, ranges, step, text, type Field } from './url_field';

export const VERSION = 1;
/** `upgraders[i]` turns the parameters of version i into those of version i + 1. The first version was 1. */
export const upgraders: Readonly<Record<number, (params: URLSearchParams) => URLSearchParams>> = {};
/** Longer texts are deflated: `v=1&z=` and base64url. */
const MAX_PLAIN = 1024;
/** No state is longer than this, in bytes: a link that is, or inflates to more, is not read. */
const MAX_INFLATED = 1 << 20;

/** Those that every page knows. */
const COMMON: Readonly<Record<string, Field>> = {
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
  panel: flag('panelHidden', '0'),
  fold: flag('fold', '0'),
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
  clip: flag('clipOutliers', '0'),
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
  matrices: flag('matrixNumbers', 'numbers'),
  theme: choice('theme', ['auto', 'light', 'dark']),
};

/** Those of views that bring their own, when they are needed: a chart of scalars does without them. */
const LATER = [
  async () => (await import('./histogram_fields')).HISTOGRAM_FIELDS,
  async () => (await import('./media_fields')).MEDIA_FIELDS,
  async () => (await import('./text_fields')).TEXT_FIELDS,
  async () => (await import('./image_fields')).IMAGE_FIELDS,
  async () => (await import('./graph_fields')).GRAPH_FIELDS,
  async () => (await import('./projector_fields')).PROJECTOR_FIELDS,
];

/** All that are known by now. */
const known = signal(COMMON);

/** Brings in the fields of a view, before anything of it is set. */
export function addFields(more: Readonly<Record<string, Field>>): void {
  const isKnown = Object.keys(more).every((name) => Object.hasOwn(known.peek(), name));
  if (!isKnown) known.value = { ...known.peek(), ...more };
}

/** Brings in the fields of all views. */
export async function addAllFields(): Promise<void> {
  for (const more of await Promise.all(LATER.map((load) => load()))) addFields(more);
}

/** A state as it is written, by the names of its fields: two are equal if and only if their fields are. */
export type Fields = ReadonlyMap<string, string>;

/** What differs from the default; reads every signal of the state. */
export function fieldsOf(state: State): Fields {
  const fields = new Map<string, string>();
  for (const [name, field] of Object.entries(known.value)) {
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

/** Names of the fields that are known by now: `docs/links.md` says what each means. */
export function fieldNames(): readonly string[] {
  return Object.keys(known.value);
}

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
  const names = [...params.keys()].filter((name) => name !== 'v' && name !== 'z');
  if (names.some((name) => !Object.hasOwn(known.peek(), name))) await addAllFields();
  readFields(next, params);
  return 'applied';
}

/** Whether a hash names a field that it could not set, or sets to what it is by default: the state is written without it. */
export function saysMore(hash: string, fields: Fields): boolean {
  const said = [...new URLSearchParams(hash.replace(/^#/, '')).keys()];
  return said.some((name) => Object.hasOwn(known.peek(), name) && !fields.has(name));
}

function readFields(next: State, fields: Iterable<[string, string]>): void {
  for (const [name, written] of fields) if (Object.hasOwn(known.peek(), name)) known.peek()[name]?.read(next, written);
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

/** Both ends NaN: fitted to the data. */
function isZoom(from: number, to: number): boolean {
  return (Number.isNaN(from) && Number.isNaN(to)) || isRange(from, to);
}
