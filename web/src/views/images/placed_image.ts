import { computed, effect, untracked, type ReadonlySignal } from '@preact/signals-core';
import type { ImageItem, MediaPoint } from '../../engine/media';
import type { ImagePlace } from '../../model/state';
import { atStep, PointWatch, type ShownPoint } from '../cards/point_watch';
import type { Board } from './board';
import { ImagePicture } from './image_picture';
import type { Source } from './pixels/jobs';
import { sourceOf } from './point_reads';

/** The image at a place: read and drawn while it is near, as the step of its place or of the scrubber says. */
export class PlacedImage {
  /** undefined = the run has nothing under the tag. */
  readonly series: ReadonlySignal<number | undefined>;
  readonly picture = new ImagePicture();
  private readonly watch: PointWatch<MediaPoint> | undefined;
  private stopDrawing: (() => void) | undefined;

  /**
   * @param section whose look it has
   * @param maxSide pixels of the screen that its longer side may take; may read signals
   */
  constructor(
    private readonly board: Board,
    private readonly section: string,
    readonly place: ImagePlace,
    private readonly near: ReadonlySignal<boolean>,
    private readonly maxSide: () => number,
  ) {
    const { context, reads } = board;
    this.series = computed(() => board.seriesAt(place.tag, place.run));
    const series = this.series.peek();
    if (series === undefined) return;
    this.watch = new PointWatch(context, series, near, {
      async read(point, signal) {
        const read = await reads.read(series, point, signal);
        if (read) board.learn(section, { samples: read.items.length });
        return read;
      },
      chooser: () => atStep(place.step ?? context.state.step.value),
    });
  }

  get shown(): ShownPoint<MediaPoint> | undefined {
    return this.watch?.shown.value;
  }

  /** Whether what is shown is what the place says: an image of a step of its own is that one or none. */
  get isThere(): boolean {
    const { shown } = this;
    return shown?.kind === 'point' && (this.place.step === undefined || this.place.step === shown.step);
  }

  readonly item = computed((): { point: MediaPoint; item: ImageItem; source: Source } | undefined => {
    const { shown } = this;
    if (shown?.kind !== 'point' || !this.isThere) return undefined;
    const { value: point } = shown;
    const item = point?.items[this.place.sample];
    if (!point || !item || item.kind === 'sound') return undefined;
    return { point, item, source: sourceOf(point, item, `${this.series.value} ${shown.point} ${this.place.sample}`) };
  });

  start(): void {
    this.watch?.start();
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

  stop(): void {
    this.watch?.stop();
    this.stopDrawing?.();
    this.stopDrawing = undefined;
    this.picture.clear();
  }

  retry(): void {
    this.watch?.retry();
  }

  private async draw(
    { point, item, source }: { point: MediaPoint; item: ImageItem; source: Source },
    drawing: Parameters<ImagePicture['show']>[3],
  ): Promise<void> {
    await this.picture.show(point, item, source, drawing);
    const pictured = this.picture.shown.peek();
    if (pictured?.kind === 'drawn') this.board.learnSize(this.section, pictured.width, pictured.height);
  }
}
