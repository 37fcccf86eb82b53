import { computed, signal } from '@preact/signals-core';

export const SPEEDS = [0.25, 0.5, 1, 2, 4] as const;

/**
 * The clock of one animation, or of several that are in sync: the shorter ones of those rest at their end until the
 * longest one has come to its own.
 */
export class Playback {
  readonly playing = signal(false);
  /** Seconds from the beginning, of which the animation itself has its own at any speed. */
  readonly time = signal(0);
  readonly speed = signal(1);
  readonly loop = signal(true);
  private readonly lengths = signal<readonly number[]>([]);
  /** Of the longest one, seconds. */
  readonly length = computed(() => Math.max(0, ...this.lengths.value));
  private frame = 0;
  private last = 0;

  /** Adds an animation of so many seconds; returns the end of that. */
  join(seconds: number): () => void {
    this.lengths.value = [...this.lengths.peek(), seconds];
    return () => {
      const left = [...this.lengths.peek()];
      left.splice(left.indexOf(seconds), 1);
      this.lengths.value = left;
      if (left.length === 0) this.pause();
    };
  }

  /** From the end, it plays from the beginning. */
  play(): void {
    if (this.playing.peek()) return;
    if (this.time.peek() >= this.length.peek()) this.time.value = 0;
    this.playing.value = true;
    this.last = performance.now();
    this.frame = requestAnimationFrame((now) => this.tick(now));
  }

  pause(): void {
    cancelAnimationFrame(this.frame);
    this.playing.value = false;
  }

  toggle(): void {
    if (this.playing.peek()) this.pause();
    else this.play();
  }

  seek(seconds: number): void {
    this.time.value = Math.max(0, Math.min(seconds, this.length.peek()));
  }

  private tick(now: number): void {
    this.advance(Math.max(0, now - this.last) / 1000);
    this.last = now;
    if (this.playing.peek()) this.frame = requestAnimationFrame((next) => this.tick(next));
  }

  /** What playing for so many seconds does. */
  advance(seconds: number): void {
    const length = this.length.peek();
    const time = this.time.peek() + seconds * this.speed.peek();
    if (time < length) {
      this.time.value = time;
    } else if (this.loop.peek() && length > 0) {
      this.time.value = time % length;
    } else {
      this.time.value = length;
      this.pause();
    }
  }
}
