import { signal } from '@preact/signals-core';

/** Labels come by so many rows. */
const PAGE = 1000;
/** No more pages are kept. */
const MAX_PAGES = 2000;
/** So many are asked for at once: who looks again when they have come asks for the next ones. */
const MAX_ASKED = 8;

/** The cells of a column of metadata as they are wanted: those that are near each other come together. */
export class LabelBook {
  private asked = 0;
  private readonly pages = new Map<number, readonly string[] | undefined>();
  /** Grows when labels have come. */
  readonly version = signal(0);

  /** @param texts cells of rows [from, from + count) */
  constructor(
    private readonly rows: number,
    private readonly texts: (from: number, count: number) => Promise<readonly string[]>,
  ) {}

  /** undefined = it has not come yet, or there is none; it is asked for. */
  get(row: number): string | undefined {
    if (row < 0 || row >= this.rows) return undefined;
    const page = Math.floor(row / PAGE);
    if (!this.pages.has(page) && this.asked < MAX_ASKED) this.fetch(page);
    return this.pages.get(page)?.[row - page * PAGE];
  }

  private fetch(page: number): void {
    if (this.pages.size >= MAX_PAGES) this.pages.clear();
    this.pages.set(page, undefined);
    const from = page * PAGE;
    this.asked++;
    void this.texts(from, Math.min(PAGE, this.rows - from)).then(
      (texts) => {
        this.asked--;
        this.pages.set(page, texts);
        this.version.value++;
      },
      // What is closed has no labels, and nobody sees it; what failed otherwise may come yet.
      () => {
        this.asked--;
        this.pages.delete(page);
      },
    );
  }
}
