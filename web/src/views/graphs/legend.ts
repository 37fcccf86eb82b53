import { html, nothing } from 'lit';
import type { GraphFacts } from '../../engine/graphs/graphs';
import { formatBytes, formatExact } from '../../model/format';
import { formatMicros, shortDevice } from './graph_text';
import { graphTheme } from './graph_theme';
import { classesOf } from './legend_classes';
import { classColour, SIGNS } from './look';
import type { SceneIndex } from './scene_index';

/** What colours, shapes and lines mean. */
export function legend({ scene, colour }: SceneIndex, facts: GraphFacts) {
  const theme = graphTheme.value;
  const isScale = colour === 'time' || colour === 'memory';
  const most = colour === 'time' ? formatMicros(scene.most) : formatBytes(scene.most);
  const has = (kind: string): boolean => scene.pieces.some((piece) => piece.kind === kind);
  const { named, more } = isScale || colour === 'difference' ? { named: [], more: 0 } : classesOf(scene);
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
          : named.map(
              ({ label, count, i }) =>
                html`<span title=${label}
                  ><i class="sq" .style=${`--c: ${classColour(i, theme) ?? ''}`}></i
                  >${colour === 'device' ? shortDevice(label) : lastTwo(label)} ×${formatExact(count)}</span
                >`,
            )
    }
    ${more > 0 && named.length > 0 ? html`<span class="m3" title="They are inside of what is closed, or have no colour of their own">${formatExact(more)} more</span>` : nothing}
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
