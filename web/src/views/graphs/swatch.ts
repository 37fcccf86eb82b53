import { html } from 'lit';
import type { BoxKind, DifferenceKind } from '../../engine/graphs/graphs';
import { graphTheme } from './graph_theme';
import { classColour, SIGNS } from './look';

/** A square in the colour of a class, or the pill of an op. @param colour NaN = boxes have other colours than those of classes */
export function swatch(kind: BoxKind, colour: number) {
  if (kind === 'op' || kind === 'stub') return html`<span class="pill"></span>`;
  const hex = classColour(colour, graphTheme.value);
  return html`<span class="sq" .style=${hex === undefined ? '' : `--c: ${hex}`}></span>`;
}

/** The sign of a difference, in its colour. */
export function sign(difference: DifferenceKind) {
  return difference === 'same'
    ? html``
    : html`<span class="diff ${difference}" title=${difference} aria-label=${difference}>${SIGNS[difference]}</span>`;
}
