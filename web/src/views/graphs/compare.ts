import { html, nothing } from 'lit';
import { formatExact, tagLabel } from '../../model/format';
import { FIRST_GRAPH, type GraphPlace } from '../../model/state';
import { icon } from '../../ui/icons';
import { placeBeside } from '../../ui/place_popover';
import { candidatesFor, FORM_TITLES, momentAt } from './graph_choice';
import type { GraphDesk } from './graph_desk';
import { hitsText, momentTitle } from './graph_text';

/** Graphs that are offered for comparing. */
const MAX_OTHERS = 200;

/** How many nodes are not the same, and the ways from one to the next; nothing while nothing is compared. */
export function differences(desk: GraphDesk) {
  if (!desk.context.state.graphAgainst.value) return nothing;
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

/** The button that compares with another graph, and which others there are. */
export function compareMenu({ opened, change, context }: GraphDesk) {
  const { shown, state } = context;
  const isOn = state.graphAgainst.value !== undefined;
  const item = (place: GraphPlace, title: string, hint: string) =>
    html`<button
      class="mi"
      popovertarget="graph-compare"
      popovertargetaction="hide"
      @click=${() => change.compareWith(place)}
    >
      <span class="el">${title}</span><span class="m3">${hint}</span>
    </button>`;
  const own = opened.chosen.value;
  const drawn = { chosen: own, form: opened.facts.value?.form, when: state.graph.value };
  const candidates = candidatesFor(opened.runs.value, drawn, (series) => opened.momentsAt(series));
  const others = candidates.slice(-MAX_OTHERS).map(({ place, hasTags, moment }) => {
    const tag = hasTags ? ` · ${tagLabel(place.tag)}` : '';
    const step = moment === undefined ? '' : ` · step ${moment}`;
    return item(place, shown.runLabel(place.run), `${FORM_TITLES[place.form]}${tag}${step}`);
  });
  const files = opened.files.value
    .filter((name) => own?.kind !== 'file' || own.name !== name)
    .map((name) => item({ ...FIRST_GRAPH, form: 'file', run: name }, name, 'File'));
  return html`<button
      class="btn ico"
      aria-label="Compare with another graph"
      title="Compare with another graph"
      aria-pressed=${isOn}
      popovertarget="graph-compare"
    >
      ${icon('compare')}
    </button>
    <div id="graph-compare" class="pop list" popover @beforetoggle=${placeBeside}>
      <p class="lb small">What was before</p>
      ${others} ${files}
      ${others.length + files.length === 0 ? html`<p class="m2 small">There is no other graph in what is shown</p>` : nothing}
      ${
        isOn
          ? html`<button
              class="mi"
              popovertarget="graph-compare"
              popovertargetaction="hide"
              @click=${() => change.compareWith(undefined)}
            >
              ${icon('close', 's')}Stop comparing
            </button>`
          : nothing
      }
    </div>`;
}
