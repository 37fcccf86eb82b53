/** Keeps what was asked last, up to so many bytes: what was used longest ago goes first. */
export class ValueCache<V> {
  private readonly entries = new Map<string, { value: V; bytes: number }>();
  private bytes = 0;

  constructor(private readonly maxBytes: number) {}

  get(key: string): V | undefined {
    const entry = this.entries.get(key);
    if (!entry) return undefined;
    // A Map keeps the order of insertion.
    this.entries.delete(key);
    this.entries.set(key, entry);
    return entry.value;
  }

  /** Nothing is kept that alone is more than half of what may be kept. */
  put(key: string, value: V, bytes: number): void {
    this.remove(key);
    if (bytes > this.maxBytes / 2) return;
    this.entries.set(key, { value, bytes });
    this.bytes += bytes;
    for (const oldest of this.entries.keys()) {
      if (this.bytes <= this.maxBytes) break;
      this.remove(oldest);
    }
  }

  private remove(key: string): void {
    this.bytes -= this.entries.get(key)?.bytes ?? 0;
    this.entries.delete(key);
  }
}
