/** Random cases for properties, the same in every run. */

/** Numbers in [0, 1) from a seed (mulberry32). */
export function seeded(seed: number): () => number {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), seed | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

export class Random {
  readonly next: () => number;

  constructor(seed: number) {
    this.next = seeded(seed);
  }

  below(end: number): number {
    return Math.floor(this.next() * end);
  }

  pick<T>(from: readonly T[]): T {
    return from[this.below(from.length)] as T;
  }

  list<T>(maxLength: number, make: () => T): T[] {
    return Array.from({ length: this.below(maxLength + 1) }, make);
  }

  shuffled<T>(list: readonly T[]): T[] {
    return list
      .map((item): [number, T] => [this.next(), item])
      .sort(([a], [b]) => a - b)
      .map(([, item]) => item);
  }

  /** A name as tags and runs have it, made of what is apt to go wrong. */
  name(): string {
    const parts = ['', 'a', 'A', 'b', '/', '/', '0', '1', '2', '9', '10', '02', '.', '.5', 'e', '1e3', '-', '_', ' '];
    const rare = [
      ',',
      '\\',
      '&',
      '=',
      '%',
      '#',
      '+',
      '"',
      'é',
      '日本',
      '😀',
      '\0',
      '\x02',
      '\x03',
      '\x04',
      '\n',
      '__proto__',
      'constructor',
    ];
    return this.list(6, () => this.pick(this.next() < 0.8 ? parts : rare)).join('');
  }
}
