import { effect, signal, untracked, type ReadonlySignal } from '@preact/signals-core';
import type { MediaPoint } from '../../engine/media';
import type { Board } from './board';
import { isDecodable } from './image_picture';
import { sizeText } from './image_text';
import { ask } from './pixels/image_worker';
import { WINDOW } from './pixels/ssim';
import { PlacedSource } from './placed_image';

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
    const missing = target && whyMissing(target);
    const tell = (score: Score | undefined): void => untracked(() => void (this.found.value = score));
    if (!image || !target) return tell(undefined) as undefined;
    if (!other) return tell(missing === undefined ? undefined : { kind: 'none', why: missing }) as undefined;
    if (image.source === other.source) return tell({ kind: 'target' }) as undefined;
    const why = whyNot(image.item, 'It') ?? whyNot(other.item, 'The target');
    if (why !== undefined) return tell({ kind: 'none', why }) as undefined;
    const abort = new AbortController();
    ask('compare', { a: other.source, b: image.source }, abort.signal).then(
      (found) => {
        if (abort.signal.aborted) return;
        if (found?.sameSize) tell({ kind: 'scored', psnr: found.psnr, ssim: found.ssim });
        else if (found)
          tell({ kind: 'none', why: `Not of the size of the target, ${sizeText(other.item.width, other.item.height)}` }); // prettier-ignore
        else tell({ kind: 'none', why: 'One of them cannot be decoded' });
      },
      () => undefined,
    );
    return () => abort.abort();
  }
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

function whyNot(item: Parameters<typeof isDecodable>[0], who: string): string | undefined {
  if (!isDecodable(item)) return `${who} is no image of pixels that can be decoded`;
  return item.width * item.height > MAX_PIXELS ? `${who} is too large: compare it as A or B` : undefined;
}

/** "27.1 dB", "same", "–" */
export function psnrText(score: Score): string {
  if (score.kind === 'target') return 'target';
  if (score.kind === 'none') return '–';
  return score.psnr === Infinity ? 'same' : `${score.psnr.toFixed(1)} dB`;
}

/** "0.912"; '' = there is none. */
export function ssimText(score: Score): string {
  return score.kind === 'scored' && !Number.isNaN(score.ssim) ? score.ssim.toFixed(3) : '';
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
