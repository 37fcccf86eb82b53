import { effect } from '@preact/signals-core';
import { LitElement } from 'lit';

/**
 * A Lit element that renders again when a signal changes that its `render` has read. It renders into the page itself,
 * not into a shadow root: one style sheet, and ids and labels work across elements.
 */
export abstract class WatchElement extends LitElement {
  private stopWatching: (() => void) | undefined;

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override performUpdate(): void {
    if (!this.isUpdatePending) return;
    this.stopWatching?.();
    let rendering = true;
    this.stopWatching = effect(() => {
      if (rendering) super.performUpdate();
      else this.requestUpdate();
      rendering = false;
    });
  }

  override connectedCallback(): void {
    super.connectedCallback();
    // What changed while it was away was not seen.
    if (this.hasUpdated) this.requestUpdate();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.stopWatching?.();
  }
}
