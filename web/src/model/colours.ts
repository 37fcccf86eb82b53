/**
 * Run colours: which run gets which, and what it is in each theme. A slot is a place in the order of colours: the
 * first twelve are the base colours, each further dozen is a ring of colours derived from them, with a dash of its own.
 */

/** How many base colours there are. */
export const SLOTS = 12;
/** No run is in a ring beyond: what a link names is drawn from the palette in few steps. */
const MAX_RINGS = 1000;
const DASHES: readonly (readonly number[])[] = [[], [6, 3], [2, 2.5], [8, 3, 2, 3]];

const NAMES = [
  'Blue',
  'Orange',
  'Magenta',
  'Sky',
  'Green',
  'Plum',
  'Violet',
  'Olive',
  'Red',
  'Teal',
  'Indigo',
  'Brown',
];
const DASH_NAMES = ['', ', dashed', ', dotted', ', dash and dot'];

/** What a slot is called, for those who do not see it. */
export function colourName(slot: number): string {
  const ring = Math.floor(slot / SLOTS);
  return `${NAMES[slot % SLOTS]}${DASH_NAMES[ring % DASH_NAMES.length]}`;
}

/** Chosen in OKLCH; the hex value beside it is what is drawn. */
interface BaseColour {
  hex: string;
  /** Lightness 0…1, chroma, hue in degrees. */
  oklch: readonly [number, number, number];
}

/** The base colours of one theme, in the order of their use. */
export type Palette = readonly BaseColour[];

export interface LineStyle {
  /** Hex. */
  colour: string;
  /** Dash pattern in px; empty = solid. */
  dash: readonly number[];
  /** Which of the dashes it is, 0…3. */
  ring: number;
}

/** The same values as in tokens.css, which a test compares. */
const LIGHT: Palette = [
  { hex: '#3963c5', oklch: [0.523, 0.16, 264.2] },
  { hex: '#b6651b', oklch: [0.589, 0.132, 57] },
  { hex: '#8f0272', oklch: [0.44, 0.19, 340] },
  { hex: '#3f9bb5', oklch: [0.645, 0.094, 220] },
  { hex: '#0a693f', oklch: [0.461, 0.106, 157] },
  { hex: '#894f88', oklch: [0.516, 0.11, 328] },
  { hex: '#8c5de7', oklch: [0.598, 0.2, 295.3] },
  { hex: '#a28e0d', oklch: [0.645, 0.131, 99] },
  { hex: '#b42744', oklch: [0.51, 0.176, 15] },
  { hex: '#34887b', oklch: [0.573, 0.083, 181.5] },
  { hex: '#4240aa', oklch: [0.44, 0.165, 278] },
  { hex: '#704a05', oklch: [0.44, 0.091, 74] },
];
const DARK: Palette = [
  { hex: '#7aa4fe', oklch: [0.726, 0.139, 264.2] },
  { hex: '#fba767', oklch: [0.799, 0.128, 57] },
  { hex: '#c85ea9', oklch: [0.635, 0.16, 340] },
  { hex: '#89dffa', oklch: [0.86, 0.091, 220] },
  { hex: '#57a578', oklch: [0.658, 0.103, 157] },
  { hex: '#c88cc6', oklch: [0.718, 0.107, 328] },
  { hex: '#c5b2ff', oklch: [0.808, 0.108, 295.3] },
  { hex: '#e6d26a', oklch: [0.86, 0.127, 99] },
  { hex: '#f57381', oklch: [0.712, 0.16, 15] },
  { hex: '#7ac9bb', oklch: [0.781, 0.081, 181.5] },
  { hex: '#767de9', oklch: [0.635, 0.16, 278] },
  { hex: '#ab824b', oklch: [0.635, 0.088, 74] },
];

export function paletteOf(dark: boolean): Palette {
  return dark ? DARK : LIGHT;
}

/**
 * Gives every run that has none a slot: the one that its name hashes to, else the next free one, of the first ring
 * with room.
 *
 * @param runs in natural order, so that the same runs get the same colours wherever they are loaded together.
 * @param taken kept as they are: a run that has a colour never loses it.
 */
export function assignSlots(runs: Iterable<string>, taken: ReadonlyMap<string, number>): Map<string, number> {
  const slots = new Map(taken);
  const used = new Set(slots.values());
  const usedOf: number[] = [];
  for (const slot of used) usedOf[Math.floor(slot / SLOTS)] = (usedOf[Math.floor(slot / SLOTS)] ?? 0) + 1;
  // Runs may have gone, from any ring.
  let ring = 0;
  for (const run of runs) {
    if (slots.has(run)) continue;
    while ((usedOf[ring] ?? 0) >= SLOTS) ring++;
    let place = fnv1a32(run) % SLOTS;
    while (used.has(SLOTS * ring + place)) place = (place + 1) % SLOTS;
    const slot = SLOTS * ring + place;
    used.add(slot);
    usedOf[ring] = (usedOf[ring] ?? 0) + 1;
    slots.set(run, slot);
  }
  return slots;
}

export function isSlot(slot: number): boolean {
  return Number.isInteger(slot) && slot >= 0 && slot < MAX_RINGS * SLOTS;
}

export function styleOfSlot(slot: number, palette: Palette): LineStyle {
  const ring = Math.floor(slot / SLOTS);
  const base = palette[slot % SLOTS] as BaseColour;
  const dash = ring % DASHES.length;
  return { colour: ring === 0 ? base.hex : ringColour(base, ring, palette), dash: DASHES[dash] ?? [], ring: dash };
}

function ringColour({ oklch: [l, c, h] }: BaseColour, ring: number, palette: Palette): string {
  const odd = ring % 2 === 1;
  const lightnesses = palette.map(({ oklch }) => oklch[0]);
  // Mirrored inside the theme's own range, so that neighbours still differ in lightness.
  const lightness = odd ? Math.min(...lightnesses) + Math.max(...lightnesses) - l : l;
  const hue = h + (odd ? 15 : -15) * Math.ceil(ring / 2);
  for (let chroma = 0.85 * c; ; chroma -= 0.004) {
    const rgb = oklchToRgb(lightness, Math.max(0, chroma), hue);
    if (chroma <= 0 || rgb.every((channel) => channel >= 0 && channel <= 1)) return toHex(rgb);
  }
}

/** sRGB channels, 0…1 when inside the gamut. https://bottosson.github.io/posts/oklab/ */
function oklchToRgb(lightness: number, chroma: number, hue: number): number[] {
  const a = chroma * Math.cos((hue * Math.PI) / 180);
  const b = chroma * Math.sin((hue * Math.PI) / 180);
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  const linear = [
    4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
    -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
    -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s,
  ];
  return linear.map((x) => (x <= 0.0031308 ? 12.92 * x : 1.055 * x ** (1 / 2.4) - 0.055));
}

function toHex(rgb: readonly number[]): string {
  const bytes = rgb.map((channel) => Math.round(255 * Math.min(1, Math.max(0, channel))));
  return `#${bytes.map((byte) => byte.toString(16).padStart(2, '0')).join('')}`;
}

/** FNV-1a over the UTF-8 bytes. http://www.isthe.com/chongo/tech/comp/fnv/ */
function fnv1a32(text: string): number {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(text)) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash >>> 0;
}
