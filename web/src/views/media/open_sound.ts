import { computed, signal, type ReadonlySignal } from '@preact/signals-core';
import type { Engine } from '../../engine/engine';
import { asWireError, type WireError } from '../../faults/fault';
import type { SoundClip, SoundItem } from '../../engine/values/media';
import { counted } from '../../ui/pending';
import type { Sound } from './sound_desk';
import { gainOf } from './sound_paint';
import { openSamples } from './sound_source';

/** One sound that a card has open: to be heard, and to be looked at once its samples are there. */
export class OpenSound {
  private readonly clipFound = signal<SoundClip | undefined>(undefined);
  /** undefined = not yet, or it cannot be looked at. */
  readonly clip: ReadonlySignal<SoundClip | undefined> = this.clipFound;
  /** Why it cannot be looked at; undefined = it can. */
  readonly fault = signal<WireError | undefined>(undefined);
  /** Least and greatest sample of each channel. */
  private readonly extremes = signal<Float32Array | undefined>(undefined);
  readonly normalGain = computed(() => (this.extremes.value ? gainOf(this.extremes.value) : 1));
  private readonly url: string;
  private readonly abort = new AbortController();

  constructor(
    readonly item: SoundItem,
    bytes: Uint8Array<ArrayBuffer>,
    engine: Engine,
  ) {
    this.url = URL.createObjectURL(new Blob([bytes], { type: item.mime }));
    void counted(this.open(bytes, engine));
  }

  /** Seconds; 0 = unknown. */
  get length(): number {
    const clip = this.clip.value;
    if (clip) return clip.frames / clip.sampleRate;
    return this.item.sampleRate > 0 ? this.item.frames / this.item.sampleRate : 0;
  }

  /** @param normalised whether its loudest sample is to be 1. */
  sound(normalised: ReadonlySignal<boolean>): Sound {
    const gain = (): number => (normalised.peek() ? this.normalGain.peek() : 1);
    return { url: this.url, length: this.length || Infinity, gain };
  }

  close(): void {
    this.abort.abort();
    URL.revokeObjectURL(this.url);
    this.clipFound.peek()?.close();
    this.clipFound.value = undefined;
  }

  private async open(bytes: Uint8Array<ArrayBuffer>, engine: Engine): Promise<void> {
    const { signal: aborted } = this.abort;
    try {
      const clip = await openSamples(this.item, bytes, engine, aborted);
      if (aborted.aborted) return clip.close();
      this.clipFound.value = clip;
      this.extremes.value = await clip.waveform(0, clip.frames, 1, aborted);
    } catch (error) {
      if (!aborted.aborted) this.fault.value = asWireError(error);
    }
  }
}
