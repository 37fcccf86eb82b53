import { html, nothing, type TemplateResult } from 'lit';
import { formatExact, formatWall } from '../../model/format';

/**
 * Which step a card shows, and that it is another one than the one that is wanted.
 *
 * @param point `wallTime` in seconds since 1970
 * @param wanted that of the scrubber; undefined = the last one, or none
 */
export function shownStep(
  { step, wallTime }: { step: bigint; wallTime: number },
  wanted: bigint | undefined,
): TemplateResult {
  const isEarlier = wanted !== undefined && wanted !== step;
  return html`<span class="nw" title=${formatWall(wallTime)}>Step ${formatExact(step)}</span>
    ${isEarlier ? html`<span class="m3 el">nearest before ${formatExact(wanted)}</span>` : nothing}`;
}
