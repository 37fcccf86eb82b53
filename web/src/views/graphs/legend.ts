import { html, nothing } from 'lit';
import type { GraphFacts } from '../../engine/graphs';
import { formatBytes, formatExact } from '../../model/format';
import { formatMicros, shortDevice } from './graph_text';
import { graphTheme } from './graph_theme';
import { classColour, SIGNS } from './look';
import type { SceneIndex } from './scene_index';

/** Classes that are named: beyond, the row would only be cut. */
const MAX_NAMED = 12;

/** What colours, shapes and lines mean, in one row that may be cut. */
export function legend({ scene, colour }: SceneIndex, facts: GraphFacts) {
  const theme = graphTheme.value;
  const isScale = colour === 'time' || colour === 'memory';
  const most = colour === 'time' ? formatMicros(scene.most) : formatBytes(scene.most);
  const has = (kind: string): boolean => scene.pieces.some((piece) => piece.kind === kind);
  const classes = scene.legend.map(({ label, count }, i) => ({ label, count, i })).filter(({ count }) => count > 1 || colour !== 'structure'); // prettier-ignore
  const line = (dash: string, width: number) =>
    html`<svg width="22" height="8" aria-hidden="true">
      <path d="M0 4h22" stroke=${theme.control} stroke-width=${width} stroke-dasharray=${dash} />
    </svg>`;
  return html`<div class="graph-legend" tabindex="0" role="group" aria-label="Legend">
    ${
      isScale
        ? html`<span class="m3">0</span><i class="ramp"></i><span>${most}</span>`
        : colour === 'difference'
          ? (['added', 'removed', 'changed'] as const).map(
              (kind) => html`<span class="diff ${kind}">${SIGNS[kind]} ${kind}</span>`,
            )
          : classes
              .slice(0, MAX_NAMED)
              .map(
                ({ label, count, i }) =>
                  html`<span title=${label}
                    ><i class="sq" .style=${`--c: ${classColour(i, theme) ?? ''}`}></i
                    >${colour === 'device' ? shortDevice(label) : lastTwo(label)} ×${formatExact(count)}</span
                  >`,
              )
    }
    ${classes.length > MAX_NAMED && !isScale ? html`<span class="m3">${formatExact(classes.length - MAX_NAMED)} more</span>` : nothing}
    <span><i class="pill"></i>${facts.form === 'layers' ? 'layer' : 'operation'}</span>
    <span>${line('none', 3)}tensor, width = size</span>
    ${has('control') ? html`<span>${line('3 3', 1.2)}control</span>` : nothing}
    ${has('reference') ? html`<span>${line('7 3', 1.2)}reference</span>` : nothing}
    ${scene.boxes.some(({ constants }) => constants > 0) ? html`<span><i class="ring"></i>constants</span>` : nothing}
    ${scene.boxes.some(({ kind }) => kind === 'stub') ? html`<span><i class="pill dashed"></i>missing input</span>` : nothing}
  </div>`;
}

function lastTwo(label: string): string {
  return label.split('/').slice(-2).join('/');
}
