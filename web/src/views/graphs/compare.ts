import { html, nothing } from 'lit';
import { tagLabel } from '../../model/format';
import { FIRST_GRAPH, type GraphPlace } from '../../model/state';
import { icon } from '../../ui/icons';
import { placeBeside } from '../../ui/place_popover';
import { candidatesFor, FORM_TITLES } from './graph_choice';
import type { GraphDesk } from './graph_desk';

/** Graphs that are offered for comparing. */
const MAX_OTHERS = 200;

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
