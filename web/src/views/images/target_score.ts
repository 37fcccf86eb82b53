import { effect, signal, untracked, type ReadonlySignal } from '@preact/signals-core';
import type { ImageItem, MediaPoint } from '../../engine/values/media';
import type { Board } from './board';
import { isDecodable } from './image_picture';
import { sizeText } from './image_text';
import { ask } from './pixels/image_worker';
import { WINDOW } from './pixels/ssim';
import { PlacedSource, type PlacedItem } from './placed_image';

/** Pixels of an image that is held against the target as it comes near: 16 MiB of them. */
const MAX_PIXELS = 1 << 24;

export type Score =
  /** It is the target. */
  | { kind: 'target' }
  /** `ssim` NaN = it has none. */
  | { kind: 'scored'; psnr: number; ssim: number }
  /** It cannot be held against it. */
  | { kind: 'none'; why: string };

/** The image of the target for a sample: the same sample; the only one, where there is but one. */
class TargetSource extends PlacedSource {
  protected override sampleOf({ items }: MediaPoint): number {
    return items.length === 1 ? 0 : this.place.sample;
  }
}

/** How an image compares with the pinned target, while it is near the visible part. */
export class TargetScore {
  private readonly found = signal<Score | undefined>(undefined);
  /** undefined = there is no target, or nothing is known yet. */
  readonly score: ReadonlySignal<Score | undefined> = this.found;
  private readonly target = signal<TargetSource | undefined>(undefined);
  private stops: (() => void)[] = [];

  constructor(
    private readonly board: Board,
    private readonly image: PlacedSource,
    private readonly near: ReadonlySignal<boolean>,
  ) {}

  start(): void {
    if (this.stops.length > 0) return;
    this.stops = [
      effect(() => {
        const place = this.board.targetOf(this.image.place.sample);
        const target = place && this.near.value ? new TargetSource(this.board, place, this.near) : undefined;
        untracked(() => {
          this.target.value = target;
          target?.start();
        });
        return () => untracked(() => target?.stop());
      }),
      effect(() => this.compare()),
    ];
  }

  stop(): void {
    for (const stop of this.stops.splice(0)) stop();
    this.found.value = this.target.value = undefined;
  }

  private compare(): (() => void) | undefined {
    const [image, target] = [this.image.item.value, this.target.value];
    const other = target?.item.value;
    const known = image && target ? judged(image, target, other) : undefined;
    untracked(() => (this.found.value = known));
    if (!image || !other || known) return undefined;
    const abort = new AbortController();
    ask('compare', { a: other.source, b: image.source }, abort.signal).then(
      (found) => {
        if (abort.signal.aborted) return;
        if (!found) this.found.value = { kind: 'none', why: 'One of them cannot be decoded' };
        else if (!found.sameSize) this.found.value = otherSize(other.item);
        else this.found.value = { kind: 'scored', psnr: found.psnr, ssim: found.ssim };
      },
      () => undefined,
    );
    return () => abort.abort();
  }
}

/** What is known without a look at the pixels. @param other what the target has, undefined = nothing yet */
function judged(image: PlacedItem, target: PlacedSource, other: PlacedItem | undefined): Score | undefined {
  const none = (why: string | undefined): Score | undefined => (why === undefined ? undefined : { kind: 'none', why });
  if (!other) return none(whyMissing(target));
  if (image.source === other.source) return { kind: 'target' };
  const why = whyNot(image.item, 'It') ?? whyNot(other.item, 'The target');
  if (why !== undefined) return none(why);
  const [one, two] = [area(image.item), area(other.item)];
  // An image may be turned as it is decoded, which leaves as many pixels.
  return one !== two && one > 0 && two > 0 ? otherSize(other.item) : undefined;
}

function otherSize({ width, height }: ImageItem): Score {
  return { kind: 'none', why: `Not of the size of the target, ${sizeText(width, height)}` };
}

/** Why the target has no image; undefined = it may still come. */
function whyMissing(target: PlacedSource): string | undefined {
  const { shown, place } = target;
  if (target.series.value === undefined) return 'The target is not in these logs';
  if (!shown) return undefined;
  if (shown.kind === 'failed') return 'The target could not be read';
  if (shown.kind !== 'point' || !target.isThere) return 'The target has nothing at this step';
  return `The target has no sample ${place.sample}`;
}

/** Pixels; 0 = unknown. */
function area({ width, height }: ImageItem): number {
  return width * height;
}

function whyNot(item: ImageItem, who: string): string | undefined {
  if (!isDecodable(item)) return `${who} is no image of pixels that can be decoded`;
  return area(item) > MAX_PIXELS ? `${who} is too large: compare it as A or B` : undefined;
}

/** "27.1 dB", "same", "–" */
export function psnrText(score: Score): string {
  if (score.kind === 'target') return 'target';
  if (score.kind === 'none') return '–';
  return score.psnr === Infinity ? 'same' : `${score.psnr.toFixed(1)} dB`;
}

/** "0.912", "−0.041"; '' = there is none. */
export function ssimText(score: Score): string {
  return score.kind === 'scored' && !Number.isNaN(score.ssim) ? score.ssim.toFixed(3).replace('-', '−') : '';
}

/** A score in full, or why there is none. */
export function scoreText(score: Score): string {
  if (score.kind === 'target') return 'The pinned target';
  if (score.kind === 'none') return score.why;
  const psnr = score.psnr === Infinity ? 'The same as the target' : `PSNR to the target ${score.psnr.toFixed(2)} dB`;
  const ssim = Number.isNaN(score.ssim)
    ? `no SSIM below ${WINDOW} × ${WINDOW} pixels`
    : `SSIM ${score.ssim.toFixed(4)}, mean of the channels`;
  return `${psnr}, ${ssim}`;
}
