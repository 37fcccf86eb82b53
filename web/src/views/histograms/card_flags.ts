/** What stands beside the name of a card: in what it differs from what is chosen for all, and what of it is not seen. */
import { html, nothing } from 'lit';
import { formatExact, formatValue } from '../../model/format';
import type { HistogramMode } from '../../model/state';
import type { Top } from './layout';
import { titleOf } from './modes';

export interface Flags {
  /** How its tag alone is drawn. */
  ownMode: HistogramMode | undefined;
  /** The range that its group shares is not its own. */
  hasOwnRange: boolean;
  /** What is read out had to be mended first. */
  isMended: boolean;
  /** There are values that a logarithmic axis does not have. */
  hasHidden: boolean;
  top: Top;
  /** How many series are not drawn. */
  leftOut: number;
}

const OWN_RANGE = 'The others of the group share a range that it does not fit, or where it would be no more than a bar';
const MENDED =
  'Edges are infinite, no numbers, in no order or overlap, or counts are none: what is drawn and read out is of what could be mended or left out';

export function cardFlags({ ownMode, hasOwnRange, isMended, hasHidden, top: { height, largest }, leftOut }: Flags) {
  const cut = `Peaks are cut at ${formatValue(height)}, where there is a bar over them. The highest is ${formatValue(largest)}`;
  return html`${ownMode ? html`<span class="flag">${titleOf(ownMode)}</span>` : nothing}
  ${hasOwnRange ? html`<span class="flag" title=${OWN_RANGE}>own range</span>` : nothing}
  ${isMended ? warning('mended', MENDED) : nothing}
  ${hasHidden ? warning('≤ 0 not shown', 'A logarithmic scale has no zero and nothing below it') : nothing}
  ${largest > height ? warning('clipped', cut) : nothing}
  ${leftOut > 0 ? warning(`${formatExact(leftOut)} not shown`, 'Filter the tags to choose which are drawn') : nothing}`;
}

function warning(text: string, title: string) {
  return html`<span class="flag w" title=${title}>${text}</span>`;
}
