import { batch, signal } from '@preact/signals-core';
import type { Embeddings } from '../../engine/embeddings/embeddings';
import { asWireError } from '../../faults/fault';
import { errorText } from '../../model/errors';
import type { Bookmark } from './bookmarks';
import { bookmarkFaultText, readBookmarks } from './read_bookmarks';
import type { OpenEmbedding } from './open_embedding';

/**
 * The bookmarks of the embedding that is open, and of those that were: what a config names beside an embedding is there from the
 * beginning, and what a person made stays.
 */
export class KeptBookmarks {
  readonly all = signal<readonly Bookmark[]>([]);
  /** Why those of a file beside the embedding could not be read. */
  readonly faults = signal<readonly string[]>([]);
  /** Those of embeddings that were open before, by run and name. */
  private readonly before = new Map<string, readonly Bookmark[]>();
  /** Those whose file was read. */
  private readonly wasRead = new Set<string>();
  private of = '';

  constructor(private readonly reader: () => Promise<Embeddings>) {}

  add(more: readonly Bookmark[]): void {
    this.all.value = [...this.all.value, ...more];
  }

  remove(bookmark: Bookmark): void {
    this.all.value = this.all.value.filter((one) => one !== bookmark);
  }

  /** Goes on with those of an embedding. Never throws. */
  async turnTo(open: OpenEmbedding): Promise<void> {
    const of = `${open.embedding.run}\n${open.embedding.name}`;
    if (of === this.of) return;
    this.before.set(this.of, this.all.peek());
    this.of = of;
    batch(() => {
      this.all.value = this.before.get(of) ?? [];
      this.faults.value = [];
    });
    const path = open.step.bookmarks;
    if (this.wasRead.has(of) || path === undefined || open.points.points === 0) return;
    const size = { points: open.points.points, dimensions: open.tensor.columns };
    let texts: string[];
    let read: readonly Bookmark[] = [];
    try {
      const bytes = await (await this.reader()).bytes(path, new AbortController().signal);
      const { bookmarks, faults } = await readBookmarks(new TextDecoder().decode(bytes), size);
      read = bookmarks;
      texts = faults.map((fault) => bookmarkFaultText(fault, size));
    } catch (error) {
      texts = [`Bookmarks: ${errorText(asWireError(error))}`];
    }
    // Who comes back to what was left meanwhile, or could not be read, has it read again.
    if (this.of !== of) return;
    if (texts.length === 0) this.wasRead.add(of);
    batch(() => {
      this.all.value = [...read, ...this.all.peek()];
      this.faults.value = texts;
    });
  }
}
