/**
 * State as the text behind '#': `v=1&view=scalars&smoothing=0.9`. Only what differs from the default is there, and only
 * names, so that a link means the same for whoever has the same logs. Nothing in it ever reaches a host.
 */
import { batch, effect } from '@preact/signals-core';
import { MEASURES } from '../engine/histograms';
import { FREQUENCY_SCALES, SILENCE } from '../engine/media';
import { PURGES } from '../engine/protocol';
import { isRange } from './range';
import {
  createState,
  HISTOGRAM_TAG_MODES,
  IMAGE_AXES,
  IMAGE_CHANNELS,
  IMAGE_COMPARISONS,
  IMAGE_FITS,
  IMAGE_HEIGHTS,
  SOUND_PICTURES,
  TEXT_COMPARISONS,
  TEXT_FORMATS,
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
const WRITE_EVERY_MS = 500;
/** No state is longer than this: a link that inflates to more is not read. */
const MAX_INFLATED = 1 << 20;

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
  theme: choice('theme', ['auto', 'light', 'dark']),
};

/** The hash, without '#', of a state; '' = all is as by default. */
export async function encodeState(state: State): Promise<string> {
  const plain = writeState(state);
  if (plain === '') return '';
  const hash = `v=${VERSION}&${plain}`;
  return hash.length <= MAX_PLAIN ? hash : `v=${VERSION}&z=${toBase64Url(await deflated(plain))}`;
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
async function readHash(next: State, hash: string): Promise<Outcome> {
  let params = new URLSearchParams(hash.replace(/^#/, ''));
  if (params.size > 0) {
    const version = Number(params.get('v'));
    if (!Number.isInteger(version) || version < 1) return 'bad';
    if (version > VERSION) return 'newer';
    const deflatedPart = params.get('z');
    if (deflatedPart !== null) {
      try {
        const plain = await inflated(fromBase64Url(deflatedPart));
        if (plain === undefined) return 'long';
        params = new URLSearchParams(plain);
      } catch {
        return 'bad';
      }
    }
    for (let from = version; from < VERSION; from++) params = upgraders[from]?.(params) ?? params;
  }
  for (const [name, written] of params) if (Object.hasOwn(FIELDS, name)) FIELDS[name]?.read(next, written);
  return 'applied';
}

/** Where the hash is kept: the address bar, or something like it. */
export interface HashPlace {
  read(): string;
  /** Replaces it; makes no step in the history, and is not told by `watch`. */
  write(hash: string): void;
  /** Calls back when someone else has changed it; returns the end of that. */
  watch(changed: () => void): () => void;
}

/**
 * Takes the state from a place, now and whenever someone changes it there, and writes it there whenever it changes
 * here, at most every half second: browsers refuse more.
 * @param onRead told how reading ended; a hash that could not be applied stays until something is set.
 * @returns stops both.
 */
export function bindUrl(state: State, place: HashPlace, onRead: (outcome: Outcome) => void): () => void {
  let stopped = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  /** What the place says of the state as it is: nothing has been set since it was read or written. */
  let known: string | undefined;
  /** The latest reading: an older one that is still inflating is void. */
  let reading = 0;
  const write = async (): Promise<void> => {
    // What is set from here on starts the next turn.
    timer = undefined;
    const [turn, plain] = [reading, writeState(state)];
    const hash = await encodeState(state);
    if (stopped || turn !== reading) return;
    known = plain;
    if (hash !== place.read().replace(/^#/, '')) place.write(hash);
  };
  const read = async (): Promise<void> => {
    const turn = ++reading;
    clearTimeout(timer);
    timer = undefined;
    known = undefined;
    const next = createState();
    const outcome = await readHash(next, place.read());
    if (stopped || turn !== reading) return;
    if (outcome === 'applied') assignAll(state, next);
    known = writeState(state);
    onRead(outcome);
  };
  const stopWatching = place.watch(() => void read());
  const stopEffect = effect(() => {
    const plain = writeState(state);
    // While a hash is read, what it says wins.
    if (known !== undefined && plain !== known) timer ??= setTimeout(() => void write(), WRITE_EVERY_MS);
  });
  void read();
  return () => {
    stopped = true;
    stopWatching();
    stopEffect();
    clearTimeout(timer);
  };
}

/** Without version and compression; reads every signal of the state. */
function writeState(state: State): string {
  const params = new URLSearchParams();
  for (const [name, field] of Object.entries(FIELDS)) {
    const written = field.write(state);
    if (written !== undefined) params.set(name, written);
  }
  // A fragment may hold these as they are, and a person may read it.
  return params.toString().replace(/%(?:2F|2C|3A)/g, decodeURIComponent);
}

function assignAll(state: State, from: State): void {
  batch(() => {
    for (const key of Object.keys(state) as (keyof State)[]) assign(state, from, key);
  });
}

function assign<K extends keyof State>(state: State, from: State, key: K): void {
  state[key].value = from[key].value;
}

function text(key: 'view' | 'runFilter' | 'tagFilter' | 'textSearch' | 'textAgainstRun'): Field {
  return {
    write: (state) => (state[key].value === '' ? undefined : state[key].value),
    read: (state, written) => void (state[key].value = written),
  };
}

function step(key: 'step' | 'histogramBase' | 'textAgainst'): Field {
  return {
    write: (state) => state[key].value?.toString(),
    read(state, written) {
      // A step has 64 bits.
      if (/^-?\d{1,19}$/.test(written)) state[key].value = BigInt.asIntN(64, BigInt(written));
    },
  };
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
      const ownStep = /^-?\d{1,19}$/.test(step) ? BigInt.asIntN(64, BigInt(step)) : undefined;
      state[key].value = { tag, run, sample: Number(sample), step: ownStep };
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
  | 'imageComparison';

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
  for (const [part] of written.matchAll(/\\?./gsu)) {
    if (part === ',') list.push('');
    else list[list.length - 1] += part.length > 1 && part.startsWith('\\') ? part.slice(1) : part;
  }
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

async function deflated(plain: string): Promise<Uint8Array> {
  const stream = piped(new TextEncoder().encode(plain), new CompressionStream('deflate-raw'));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

/** undefined = it is longer than any state, and only its beginning was inflated. */
async function inflated(bytes: Uint8Array<ArrayBuffer>): Promise<string | undefined> {
  const decoder = new TextDecoder();
  let [plain, length] = ['', 0];
  const reader = piped(bytes, new DecompressionStream('deflate-raw')).getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return plain + decoder.decode();
    length += value.length;
    if (length > MAX_INFLATED) {
      void reader.cancel().catch(() => undefined);
      return undefined;
    }
    plain += decoder.decode(value, { stream: true });
  }
}

function piped(bytes: Uint8Array<ArrayBuffer>, through: CompressionStream | DecompressionStream) {
  return new Blob([bytes]).stream().pipeThrough(through);
}

function toBase64Url(bytes: Uint8Array): string {
  let binary = '';
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
}

function fromBase64Url(encoded: string): Uint8Array<ArrayBuffer> {
  const binary = atob(encoded.replaceAll('-', '+').replaceAll('_', '/'));
  return Uint8Array.from(binary, (c) => c.charCodeAt(0));
}
