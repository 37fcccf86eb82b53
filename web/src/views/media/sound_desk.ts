import { effect, signal, type ReadonlySignal, type Signal } from '@preact/signals-core';

/** Of 1, the loudest. */
export const DEFAULT_VOLUME = 0.7;

/** Seconds; from < to. */
export interface Span {
  from: number;
  to: number;
}

/** Where a sound stands, and what of it is played. */
export interface Position {
  readonly at: Signal<number>;
  /** undefined = all of it. */
  readonly selection: Signal<Span | undefined>;
}

/** What can be heard. */
export interface Sound {
  url: string;
  /** Seconds. */
  length: number;
  /** How much louder it is made than it is, now. */
  gain: () => number;
}

const newPosition = (): Position => ({ at: signal(0), selection: signal<Span | undefined>(undefined) });

/**
 * The one loudspeaker of the view: one sound is heard at a time. In sync, all sounds share a position, so that another
 * one goes on where this one was.
 */
export class SoundDesk {
  readonly volume = signal(DEFAULT_VOLUME);
  private readonly sounding = signal<string | undefined>(undefined);
  private readonly shared = newPosition();
  private readonly own = new Map<string, Position>();
  private readonly element = new Audio();
  private sound: Sound | undefined;
  private amplifier: { audio: AudioContext; node: GainNode } | undefined;
  private frame = 0;

  /** @param onError told why a sound cannot be played. */
  constructor(
    private readonly sync: ReadonlySignal<boolean>,
    private readonly loop: ReadonlySignal<boolean>,
    private readonly onError: (key: string) => void,
  ) {
    this.element.onended = () => this.end();
    this.element.onerror = () => this.fail();
    effect(() => void (this.element.volume = this.volume.value));
  }

  /** Key of what is heard now; reads a signal. */
  get playing(): string | undefined {
    return this.sounding.value;
  }

  position(key: string): Position {
    if (this.sync.value) return this.shared;
    const known = this.own.get(key) ?? newPosition();
    this.own.set(key, known);
    return known;
  }

  toggle(key: string, sound: Sound): void {
    if (this.sounding.peek() === key) this.pause();
    else this.play(key, sound);
  }

  /** Plays from the position on; from the end, or from outside of the selection, it is from the beginning. */
  play(key: string, sound: Sound): void {
    this.pause();
    const { at, selection } = this.position(key);
    const { from, to } = selection.peek() ?? { from: 0, to: sound.length };
    if (at.peek() < from || at.peek() >= Math.min(to, sound.length) - 0.005) at.value = from < sound.length ? from : 0;
    this.sound = sound;
    this.sounding.value = key;
    if (this.element.src !== sound.url) this.element.src = sound.url;
    this.amplify(sound.gain());
    this.element.currentTime = at.peek();
    this.element.play().then(
      () => this.follow(),
      (error: unknown) => {
        // Paused, or another one was begun, before it could.
        if (!(error instanceof DOMException && error.name === 'AbortError')) this.fail();
      },
    );
  }

  pause(): void {
    cancelAnimationFrame(this.frame);
    this.element.pause();
    this.sounding.value = undefined;
  }

  seek(key: string, seconds: number): void {
    const at = Math.max(0, seconds);
    this.position(key).at.value = at;
    if (this.sounding.peek() === key || (this.sync.peek() && this.sounding.peek() !== undefined)) {
      this.element.currentTime = Math.min(at, this.sound?.length ?? at);
    }
  }

  /** Forgets a sound whose bytes are gone. */
  release(key: string): void {
    if (this.sounding.peek() === key) this.pause();
  }

  /** Louder than the element can make it, through Web Audio; never before somebody has pressed a button. */
  private amplify(gain: number): void {
    if (!this.amplifier && gain !== 1) {
      const audio = new AudioContext();
      const node = audio.createGain();
      audio.createMediaElementSource(this.element).connect(node).connect(audio.destination);
      this.amplifier = { audio, node };
    }
    if (!this.amplifier) return;
    this.amplifier.node.gain.value = gain;
    if (this.amplifier.audio.state === 'suspended') void this.amplifier.audio.resume();
  }

  private follow(): void {
    cancelAnimationFrame(this.frame);
    const look = (): void => {
      const key = this.sounding.peek();
      if (key === undefined || !this.sound) return;
      const { at, selection } = this.position(key);
      const to = Math.min(selection.peek()?.to ?? this.sound.length, this.sound.length);
      at.value = this.element.currentTime;
      this.amplify(this.sound.gain());
      if (this.element.currentTime >= to) this.end();
      if (this.sounding.peek() !== undefined) this.frame = requestAnimationFrame(look);
    };
    look();
  }

  /** At the end of the selection, or of all. */
  private end(): void {
    const key = this.sounding.peek();
    if (key === undefined || !this.sound) return;
    const { at, selection } = this.position(key);
    const { from, to } = selection.peek() ?? { from: 0, to: this.sound.length };
    if (!this.loop.peek()) {
      this.pause();
      at.value = Math.min(to, this.sound.length);
      return;
    }
    at.value = from < this.sound.length ? from : 0;
    this.element.currentTime = at.peek();
    if (this.element.paused) void this.element.play().catch(() => this.fail());
  }

  private fail(): void {
    const key = this.sounding.peek();
    if (key === undefined) return;
    this.pause();
    this.onError(key);
  }
}
