import { computed, signal, type ReadonlySignal } from '@preact/signals-core';
import { chartTheme } from '../../charts/chart_theme';
import { rampOf } from '../../charts/colour_ramp';
import type { ImageLook, ImagePlace } from '../../model/state';
import type { ViewContext } from '../view_def';
import { sizeText } from './image_text';
import { NOTHING_KNOWN, type Known } from './matrix';
import { PointReads } from './point_reads';

export const DEFAULT_LOOK: ImageLook = { brightness: 1, contrast: 1, channel: 'all', falseColour: false };
/** Images are this far apart, px. */
export const GAP_PX = 8;
/** Columns exist up to this far beyond the visible part, px. */
const SPARE_PX = 480;
/** Scrolling by less changes nothing, px. */
const SCROLL_STEP_PX = 160;
/** An image is at most so many times as wide as it is high, where all have one height. */
const MAX_ASPECT = 4;

/** What all rows and images of the view share. */
export class Board {
  readonly reads: PointReads;
  /** How far it is scrolled to the right, in whole steps, and how wide the visible part is, px. */
  private readonly left = signal(0);
  private readonly width = signal(0);
  private readonly knownOf = signal<ReadonlyMap<string, Known>>(new Map());
  /** Width by height, of the widest image of each section that was seen. */
  private readonly aspects = signal<ReadonlyMap<string, number>>(new Map());
  /** Pixels of the images of each section that were seen, as text; '' = they are not all as large. */
  private readonly sizes = signal<ReadonlyMap<string, string>>(new Map());
  /** The colours of grey in false colours. */
  readonly ramp: ReadonlySignal<Uint32Array> = computed(() => rampOf(chartTheme.value.sequential));
  /** Where the image is that had the focus when it was to go to another row, px. */
  focusedLeft = 0;
  /** The image in full screen. */
  readonly full = signal<ImagePlace | undefined>(undefined);

  /** @param lastStep the last one that any shown image has; reads signals */
  constructor(
    readonly context: ViewContext,
    readonly lastStep: () => bigint | undefined,
  ) {
    this.reads = new PointReads(context.engine);
  }

  /** The series of a run under a tag, whether it is shown or not; undefined = there is none. */
  seriesAt(tag: string, run: string): number | undefined {
    const { shown, engine } = this.context;
    return shown.allSeriesOf('images', tag).find((series) => engine.catalogue.runName(series) === run);
  }

  scrolledTo(left: number, width: number): void {
    this.left.value = Math.floor(left / SCROLL_STEP_PX);
    this.width.value = width;
  }

  known(section: string): Known {
    return this.knownOf.value.get(section) ?? NOTHING_KNOWN;
  }

  /** Takes in what was learned of a section; what it has had, it keeps. */
  learn(section: string, { samples = 1, steps }: Partial<Known>): void {
    const known = this.knownOf.peek().get(section) ?? NOTHING_KNOWN;
    const next = { samples: Math.max(samples, known.samples), steps: steps ?? known.steps };
    const isNew =
      next.samples !== known.samples ||
      next.steps.length !== known.steps.length ||
      next.steps.at(-1) !== known.steps.at(-1);
    if (isNew) this.knownOf.value = new Map(this.knownOf.peek()).set(section, next);
  }

  learnSize(section: string, width: number, height: number): void {
    const aspect = Math.min(MAX_ASPECT, Math.max(1 / MAX_ASPECT, width / height));
    const known = this.aspects.peek().get(section) ?? 0;
    if (aspect > known) this.aspects.value = new Map(this.aspects.peek()).set(section, aspect);
    const size = sizeText(width, height);
    const one = this.sizes.peek().get(section);
    if (one === undefined || (one !== size && one !== ''))
      this.sizes.value = new Map(this.sizes.peek()).set(section, one === undefined ? size : '');
  }

  /** "56 × 56", if all images of a section that were seen are so large. */
  sizeOf(section: string): string {
    return this.sizes.value.get(section) ?? '';
  }

  /** How wide the place of each image is, px. */
  cellWidth(section: string): number {
    const { imageFit, imageHeight } = this.context.state;
    const aspect = imageFit.value === 'height' ? (this.aspects.value.get(section) ?? 1) : 1;
    return Math.max(64, Math.round(imageHeight.value * aspect));
  }

  /** Which of the columns exist, from one to before another. */
  columns(section: string, count: number): [from: number, to: number] {
    const pitch = this.cellWidth(section) + GAP_PX;
    const left = this.left.value * SCROLL_STEP_PX;
    // The target is before them.
    const before = this.context.state.imageTarget.value ? pitch : 0;
    const from = Math.max(0, Math.floor((left - before - SPARE_PX) / pitch));
    return [from, Math.min(count, Math.ceil((left + this.width.value + SCROLL_STEP_PX + SPARE_PX) / pitch))];
  }

  /** How the images of a section are seen: as it, or as all. */
  look(section: string): ImageLook {
    const looks = this.context.state.imageLooks.value;
    return looks.get(section) ?? looks.get('') ?? DEFAULT_LOOK;
  }

  /** What the images of a sample are held against; undefined = nothing is pinned. */
  targetOf(sample: number): ImagePlace | undefined {
    const { value } = this.context.state.imageTarget;
    return value && { ...value, sample };
  }

  /** @param section '' = all that have no look of their own. */
  setLook(section: string, change: Partial<ImageLook>): void {
    const { imageLooks } = this.context.state;
    imageLooks.value = new Map(imageLooks.peek()).set(section, { ...this.look(section), ...change });
  }
}
