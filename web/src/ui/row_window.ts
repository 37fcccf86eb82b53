import { signal } from '@preact/signals-core';

/** Rows beyond the visible ones that exist, above and below. */
const SPARE = 12;
/** Browsers place nothing farther down (Firefox: 17.9 million px). Where there is more, it scrolls faster than a row a row. */
const MAX_PX = 12_000_000;
/** At both ends it does not, px: rows that exist beyond what is seen have room there. */
const EDGE = 2000;

/** Which rows exist, and how much room is before and after them, px. */
export interface RowRange {
  first: number;
  end: number;
  before: number;
  after: number;
}

/** Which of `count` rows exist where `top` px have scrolled away, of which `height` are seen. Pure. */
export function rowRange(count: number, rowHeight: number, top: number, height: number): RowRange {
  const { total, placeOf } = new RowScale(count * rowHeight, height);
  const place = placeOf(top);
  const first = Math.max(0, Math.min(count, Math.floor(place / rowHeight) - SPARE));
  const before = first * rowHeight + top - place;
  const end = Math.min(count, first + Math.ceil(height / rowHeight) + 2 * SPARE);
  return { first, end, before, after: Math.max(0, total - before - (end - first) * rowHeight) };
}

/** How far to scroll until a row is seen. Pure. */
export function scrollTo(at: number, count: number, rowHeight: number, top: number, height: number): number {
  const { placeOf, topOf } = new RowScale(count * rowHeight, height);
  const place = placeOf(top);
  const [from, to] = [at * rowHeight, (at + 1) * rowHeight];
  if (from < place) return topOf(from);
  return to > place + height ? topOf(to - height) : top;
}

/** From what has scrolled away to what of all rows is above the window, px; the same but where there are very many rows. */
class RowScale {
  /** Of what scrolls. */
  readonly total: number;
  /** Where it ends to scroll, and where the rows do. */
  private readonly end: number;
  private readonly lastPlace: number;
  private readonly perPx: number;

  constructor(all: number, height: number) {
    this.total = Math.min(all, MAX_PX);
    [this.end, this.lastPlace] = [this.total - height, all - height];
    this.perPx = all > MAX_PX ? (this.lastPlace - 2 * EDGE) / (this.end - 2 * EDGE) : 1;
  }

  readonly placeOf = (top: number): number => {
    if (this.perPx === 1 || top <= EDGE) return top;
    if (top >= this.end - EDGE) return this.lastPlace - (this.end - top);
    return EDGE + (top - EDGE) * this.perPx;
  };

  readonly topOf = (place: number): number => {
    if (this.perPx === 1 || place <= EDGE) return place;
    if (place >= this.lastPlace - EDGE) return this.end - (this.lastPlace - place);
    return EDGE + (place - EDGE) / this.perPx;
  };
}

/** Which rows of equal height are near what is seen of a list that scrolls. */
export class RowWindow {
  private readonly top = signal(0);
  private readonly height = signal(800);
  private element: HTMLElement | undefined;
  private count = 0;
  private readonly resizes = new ResizeObserver(([entry]) => (this.height.value = entry?.contentRect.height ?? 800));

  /** @param head height of what stays above the rows in the element that scrolls, px. */
  constructor(private readonly head = 0) {}

  watch(element: HTMLElement | null | undefined): void {
    if (!element || element === this.element) return;
    this.resizes.disconnect();
    this.element = element;
    this.resizes.observe(element);
    element.addEventListener('scroll', () => (this.top.value = element.scrollTop), { passive: true });
  }

  stop(): void {
    this.resizes.disconnect();
    this.element = undefined;
  }

  /** Height of a row, px. */
  get rowHeight(): number {
    return matchMedia('(pointer: coarse)').matches ? 44 : 24;
  }

  /** Rows that a key for a page goes on by. */
  get page(): number {
    return Math.max(1, Math.floor((this.height.peek() - this.head) / this.rowHeight) - 1);
  }

  range(count: number): RowRange {
    this.count = count;
    return rowRange(count, this.rowHeight, this.top.value, Math.max(0, this.height.value - this.head));
  }

  /** Scrolls until a row is seen. */
  show(at: number): void {
    const { element, rowHeight } = this;
    if (!element) return;
    const top = scrollTo(at, this.count, rowHeight, element.scrollTop, element.clientHeight - this.head);
    if (top !== element.scrollTop) element.scrollTop = top;
    this.top.value = element.scrollTop;
  }
}
