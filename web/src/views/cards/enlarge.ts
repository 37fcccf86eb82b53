/** The button that lets a card cover its view, or gives the view back. The view does it: `CardsView`. */
import { html, type TemplateResult } from 'lit';
import { icon } from '../../ui/icons';

/** A card with a part that takes the keys, which gets the focus when the card covers the view or is stepped to. */
export interface HasMain {
  focusMain(): Promise<void>;
}

/** Fires `enlarge`, which the view of the card takes. */
export function enlargeButton(isLarge: boolean): TemplateResult {
  return html`<button
    class="btn ico enlarge"
    aria-label=${isLarge ? 'Back to the grid' : 'Enlarge'}
    title=${isLarge ? 'Back to the grid  F' : 'Enlarge  F'}
    aria-pressed=${isLarge}
    @click=${(event: Event) => event.currentTarget?.dispatchEvent(new Event('enlarge', { bubbles: true }))}
  >
    ${icon(isLarge ? 'close' : 'full')}
  </button>`;
}
