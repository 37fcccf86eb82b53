import type { ReadonlySignal } from '@preact/signals-core';
import { html, nothing } from 'lit';
import { button } from './blank';
import { Latest } from './latest';

/** Code of a part of a view, which comes when the part is wanted first, and what stands there if it does not come. */
export class LazyCode<T> {
  private readonly code = new Latest<T>();
  /** What the code makes; undefined = it has not come yet. */
  readonly value: ReadonlySignal<T | undefined> = this.code.value;

  constructor(private readonly load: () => Promise<T>) {}

  /** Fetches it, unless it is there or on its way. */
  want(): void {
    if (this.value.peek() === undefined && !this.code.busy.peek()) this.code.ask(this.load);
  }

  /** In place of the part: why it is not there, and a way to try again; nothing while it is awaited. */
  missing() {
    return this.code.fault.value ? codeMissing(() => this.want()) : nothing;
  }
}

export const CODE_MISSING =
  'This part of the page could not be fetched: check the network. If that is well, the page has a new version: reload it';

/** In place of a part of the page whose code did not come. */
export function codeMissing(retry: () => void) {
  return html`<p class="blank" role="alert">${CODE_MISSING} ${button('Retry', retry)}</p>`;
}
