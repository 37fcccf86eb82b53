import { signal } from '@preact/signals-core';

/** Rows beyond the visible ones that exist, above and below. */
const SPARE = 12;

/** Which rows of equal height are near what is seen of a list that scrolls. */
export class RowWindow {
  private readonly top = signal(0);
  private readonly height = signal(800);
  private element: HTMLElement | undefined;
  private readonly resizes = new ResizeObserver(([entry]) => (this.height.value = entry?.contentRect.height ?? 800));

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

  /** From which row on they exist, and up to which. */
  range(count: number): { first: number; end: number } {
    const { rowHeight } = this;
    const first = Math.max(0, Math.min(count, Math.floor(this.top.value / rowHeight) - SPARE));
    return { first, end: Math.min(count, first + Math.ceil(this.height.value / rowHeight) + 2 * SPARE) };
  }

  /** Scrolls until a row is seen. */
  show(at: number): void {
    const { element, rowHeight } = this;
    if (!element) return;
    const [top, bottom] = [at * rowHeight, (at + 1) * rowHeight];
    if (top < element.scrollTop) element.scrollTop = top;
    else if (bottom > element.scrollTop + element.clientHeight) element.scrollTop = bottom - element.clientHeight;
    this.top.value = element.scrollTop;
  }
}
