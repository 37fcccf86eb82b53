import { computed, effect, untracked, type ReadonlySignal } from '@preact/signals-core';
import type { ImageItem, MediaPoint } from '../../engine/values/media';
import type { ImagePlace } from '../../model/state';
import { atStep, PointWatch, type ShownPoint } from '../cards/point_watch';
import type { Board } from './board';
import { ImagePicture } from './image_picture';
import type { Source } from './pixels/jobs';
import { sourceOf } from './point_reads';

export interface PlacedItem {
  point: MediaPoint;
  item: ImageItem;
  source: Source;
}

/** The bytes of the image at a place: read while it is near, as the step of its place or of the scrubber says. */
export class PlacedSource {
  /** undefined = the run has nothing under the tag. */
  readonly series: ReadonlySignal<number | undefined>;
  private readonly watch: ReadonlySignal<PointWatch<MediaPoint> | undefined>;
  private stopWatching: (() => void) | undefined;

  /** @param read told of what was read of its series */
  constructor(
    protected readonly board: Board,
    readonly place: ImagePlace,
    near: ReadonlySignal<boolean>,
    read: (point: MediaPoint) => void = () => undefined,
  ) {
    const { context, reads } = board;
    this.series = computed(() => board.seriesAt(place.tag, place.run));
    // A place may be known from an address before its series is read.
    this.watch = computed(() => {
      const series = this.series.value;
      if (series === undefined) return undefined;
      return new PointWatch(context, series, near, {
        async read(point, signal) {
          const found = await reads.read(series, point, signal);
          if (found) read(found);
          return found;
        },
        chooser: () => atStep(place.step ?? context.state.step.value),
      });
    });
  }

  get shown(): ShownPoint<MediaPoint> | undefined {
    return this.watch.value?.shown.value;
  }

  /** Whether what is shown is what the place says: an image of a step of its own is that one or none. */
  get isThere(): boolean {
    const { shown } = this;
    return shown?.kind === 'point' && (this.place.step === undefined || this.place.step === shown.step);
  }

  /** Which sample of a point it is. */
  protected sampleOf(_point: MediaPoint): number {
    return this.place.sample;
  }

  readonly item = computed((): PlacedItem | undefined => {
    const { shown } = this;
    if (shown?.kind !== 'point' || !this.isThere || !shown.value) return undefined;
    const { value: point } = shown;
    const sample = this.sampleOf(point);
    const item = point.items[sample];
    if (!item || item.kind === 'sound') return undefined;
    return { point, item, source: sourceOf(point, item, `${this.series.value} ${shown.point} ${sample}`) };
  });

  start(): void {
    this.stopWatching ??= effect(() => {
      const watch = this.watch.value;
      untracked(() => watch?.start());
      return () => untracked(() => watch?.stop());
    });
  }

  stop(): void {
    this.stopWatching?.();
    this.stopWatching = undefined;
  }

  retry(): void {
    this.watch.peek()?.retry();
  }
}

/** The image at a place, drawn too. */
export class PlacedImage extends PlacedSource {
  readonly picture = new ImagePicture();
  private stopDrawing: (() => void) | undefined;

  /**
   * @param section whose look it has
   * @param maxSide pixels of the screen that its longer side may take; may read signals
   * @param isOfSection what it has, the section has
   */
  constructor(
    board: Board,
    private readonly section: string,
    place: ImagePlace,
    private readonly near: ReadonlySignal<boolean>,
    private readonly maxSide: () => number,
    private readonly isOfSection = true,
  ) {
    super(board, place, near, ({ items }) => void (isOfSection && board.learn(section, { samples: items.length })));
  }

  override start(): void {
    super.start();
    this.stopDrawing ??= effect(() => {
      const [item, near, look] = [this.item.value, this.near.value, this.board.look(this.section)];
      const { channel } = look;
      const ramp = look.falseColour ? this.board.ramp.value : undefined;
      const maxSide = this.maxSide();
      untracked(() => {
        if (!near) this.picture.clear();
        else if (item) void this.draw(item, { channel, ramp, maxSide });
      });
    });
  }

  override stop(): void {
    super.stop();
    this.stopDrawing?.();
    this.stopDrawing = undefined;
    this.picture.clear();
  }

  private async draw({ point, item, source }: PlacedItem, drawing: Parameters<ImagePicture['show']>[3]): Promise<void> {
    await this.picture.show(point, item, source, drawing);
    const pictured = this.picture.shown.peek();
    if (pictured?.kind === 'drawn' && this.isOfSection)
      this.board.learnSize(this.section, pictured.width, pictured.height);
  }
}
