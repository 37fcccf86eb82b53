import { html, nothing } from 'lit';
import { formatExact, tagLabel } from '../../model/format';
import { FIRST_GRAPH } from '../../model/state';
import { icon } from '../../ui/icons';
import { FORM_TITLES, momentAt } from './graph_choice';
import type { GraphDesk } from './graph_desk';
import { hitsText, momentTitle } from './graph_text';

/** What the graph is compared with, how many nodes are not the same, and the ways from one to the next. */
export function differences(desk: GraphDesk) {
  const found = desk.differences.counts.value.value;
  const at = desk.differences.at.value;
  const step = (by: 1 | -1, title: string, name: 'up' | 'down') =>
    html`<button class="btn ico" aria-label=${title} title=${title} @click=${() => desk.differences.step(by)}>
      ${icon(name, 's')}
    </button>`;
  const against = againstName(desk);
  return html`<div class="row differences" role="group" aria-label="Differences">
    <span class="m3 against el" title="Against ${against}">against ${against}</span>
    ${
      found
        ? html`<span class="diff added" title="Added">+${formatExact(found.added)}</span>
            <span class="diff removed" title="Removed">−${formatExact(found.removed)}</span>
            <span class="diff changed" title="Changed">±${formatExact(found.changed)}</span>
            ${
              found.any > 0
                ? html`${at < 0 ? nothing : html`<span class="m3 nw small" role="status">${hitsText(at, found.any)}</span>`}
                  ${step(-1, 'Previous difference', 'up')} ${step(1, 'Next difference', 'down')}`
                : html`<span class="m3">The same</span>`
            }`
        : html`<span class="m3">Comparing</span>`
    }
  </div>`;
}

/** The graph that what is drawn is compared with, by what tells it from that one. */
function againstName({ opened, context }: GraphDesk): string {
  const { shown, state } = context;
  const [against, own, place] = [opened.against.value, opened.chosen.value, state.graphAgainst.value];
  if (against?.kind !== 'series') return against?.name ?? '';
  const parts = [shown.runLabel(against.run)];
  if (own?.kind !== 'series' || own.form !== against.form) parts.push(FORM_TITLES[against.form]);
  if ((opened.runs.value.find(({ run }) => run === against.run)?.forms.get(against.form) ?? []).length > 1)
    parts.push(tagLabel(against.tag));
  const moments = opened.momentsAt(against.series);
  const moment = moments[momentAt(moments, place ?? FIRST_GRAPH)];
  if (moment && moments.length > 1) parts.push(`step ${momentTitle(moment, moments)}`);
  return parts.join(' · ');
}
