/** A small image that is drawn by hand: anew when its key changes. */
export class Thumbnail extends HTMLElement {
  draw: ((canvas: HTMLCanvasElement) => void) | undefined;
  size: readonly [number, number] = [1, 1];
  private drawn = '';
  private readonly canvas = document.createElement('canvas');

  static readonly observedAttributes = ['label'];

  connectedCallback(): void {
    this.setAttribute('role', 'img');
    if (!this.canvas.isConnected) this.append(this.canvas);
  }

  attributeChangedCallback(_: string, __: string | null, label: string | null): void {
    this.setAttribute('aria-label', label ?? '');
  }

  set key(key: string) {
    if (key === this.drawn) return;
    this.drawn = key;
    [this.canvas.width, this.canvas.height] = this.size;
    this.draw?.(this.canvas);
  }
}

customElements.define('tp-thumbnail', Thumbnail);
