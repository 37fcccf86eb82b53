import { html, nothing } from 'lit';
import { METRICS, type Metric, type Preparation, type ProjectionMethod } from '../../engine/projections/projections';
import { isSetting } from '../../model/projector_fields';
import { COMPONENTS, MIN_DISTANCES, PERPLEXITIES, UMAP_NEIGHBOURS, type AxisTerms, type ProjectionSettings } from '../../model/state'; // prettier-ignore
import { choice } from '../../ui/choice';
import { icon } from '../../ui/icons';
import { slider } from '../../ui/slider';
import { WatchElement } from '../../ui/watch';
import { dimensionAlong } from './open_embedding';
import type { ProjectorDesk } from './projector_desk';
import { METHOD_TITLES, METRIC_TITLES, noteText, percent, progressText } from './projector_text';

const METHODS: readonly (readonly [ProjectionMethod, string, string])[] = [
  ['pca', METHOD_TITLES.pca, 'Directions in which points differ most'],
  ['tsne', METHOD_TITLES.tsne, 'Keeps near points near, step by step'],
  ['umap', METHOD_TITLES.umap, 'Keeps near points near, and groups in their places'],
  ['axes', METHOD_TITLES.axes, 'Along axes of one’s own: from some points to others, or dimensions'],
];
const PREPARED: readonly (readonly [Preparation, string, string])[] = [
  ['none', 'Raw', 'As they were written'],
  ['normalised', 'Unit', 'Each of length 1'],
  ['sphereized', 'Sphere', 'The middle of all taken away, then each of length 1'],
];
/** t-SNE goes on for so many steps. */
const MORE_STEPS = 500;

/** How what is open is projected, and how far that has come. */
export class ProjectionSettingsPanel extends WatchElement {
  static override properties = { desk: { attribute: false } };
  declare desk: ProjectorDesk;

  override render() {
    const { state } = this.desk.context;
    return html`<div class="row">
        ${choice<ProjectionMethod>('Projection', METHODS, state.projection.value, (method) => (state.projection.value = method))}
        <span class="grow"></span>
        ${choice<'2' | '3'>(
          'Dimensions',
          [
            ['2', '2D'],
            ['3', '3D'],
          ],
          state.projectionIs3d.value ? '3' : '2',
          (value) => this.desk.setDimensions(value === '3'),
        )}
      </div>
      ${this.settings()}
      <div class="row">
        ${choice<Preparation>('Points are seen', PREPARED, state.preparation.value, (one) => (state.preparation.value = one))}
        <span class="grow"></span> ${this.seed()}
      </div>
      ${this.work()}`;
  }

  private set(part: Partial<ProjectionSettings>): void {
    const { projectionSettings } = this.desk.context.state;
    projectionSettings.value = { ...projectionSettings.value, ...part };
  }

  private settings() {
    const { state } = this.desk.context;
    const settings = state.projectionSettings.value;
    switch (state.projection.value) {
      case 'pca':
        return this.components(settings);
      case 'tsne':
        return html`<div class="frm">
          <span class="lb">Perplexity</span>
          ${slider({
            label: 'Perplexity',
            hint: 'About how many neighbours a point has',
            value: settings.perplexity,
            min: PERPLEXITIES[0],
            max: PERPLEXITIES[1],
            step: 1,
            byDefault: 30,
            set: (perplexity) => this.set({ perplexity }),
          })}
          <span class="lb">Learning rate</span>
          <input
            class="num wide"
            type="text"
            inputmode="decimal"
            aria-label="Learning rate"
            title="Empty or 0: found by the number of points"
            placeholder="auto"
            .value=${settings.learningRate === 0 ? '' : String(settings.learningRate)}
            @change=${(event: Event) => {
              const input = event.target as HTMLInputElement;
              const learningRate = input.value.trim() === '' || input.value.trim() === 'auto' ? 0 : Number.parseFloat(input.value.replace(',', '.')); // prettier-ignore
              if (isSetting('learningRate', learningRate)) this.set({ learningRate });
              input.value = learningRate > 0 ? String(settings.learningRate || learningRate) : '';
              this.requestUpdate();
            }}
          />
          ${this.metric(settings)}
        </div>`;
      case 'umap':
        return html`<div class="frm">
          <span class="lb">Neighbours</span>
          ${slider({
            label: 'Neighbours of the projection',
            hint: 'Few show what is near, many how groups lie',
            value: settings.neighbours,
            min: UMAP_NEIGHBOURS[0],
            max: UMAP_NEIGHBOURS[1],
            step: 1,
            byDefault: 15,
            set: (neighbours) => this.set({ neighbours: Math.round(neighbours) }),
          })}
          <span class="lb">Min distance</span>
          ${slider({
            label: 'Min distance',
            hint: 'How close points of a group may lie in the picture',
            value: settings.minDistance,
            min: MIN_DISTANCES[0],
            max: MIN_DISTANCES[1],
            step: 0.01,
            digits: 2,
            byDefault: 0.1,
            set: (minDistance) => this.set({ minDistance }),
          })}
          ${this.metric(settings)}
        </div>`;
      case 'axes':
        return this.axes(settings);
    }
  }

  private metric(settings: ProjectionSettings) {
    return html`<label class="lb" for="projection-metric">Distance</label>
      <span class="pick btn line wide"
        ><select
          id="projection-metric"
          @change=${(event: Event) => this.set({ metric: (event.target as HTMLSelectElement).value as Metric })}
        >
          ${METRICS.map((one) => html`<option value=${one} ?selected=${one === settings.metric}>${METRIC_TITLES[one]}</option>`)}</select
        >${icon('down', 's m3')}</span
      >`;
  }

  private components({ components }: ProjectionSettings) {
    const { desk } = this;
    const { projectionIs3d } = desk.context.state;
    const explained = desk.projecting.progress.value?.method === 'pca' ? desk.projecting.progress.value.explained : [];
    const count = Math.max(1, Math.min(COMPONENTS, explained.length || COMPONENTS));
    const seen = components.slice(0, projectionIs3d.value ? 3 : 2);
    const sum = seen.reduce((total, one) => total + (explained[one] ?? 0), 0);
    const share = (one: number): string => (explained[one] === undefined ? '' : ` · ${percent(explained[one] ?? 0)}`); // prettier-ignore
    return html`<div class="components">
        ${seen.map(
          (chosen, axis) =>
            html`<label class="row small"
              ><span class="m3">${'xyz'[axis]}</span>
              <span class="pick btn line"
                ><select
                  aria-label="Component along ${'xyz'[axis]}"
                  @change=${(event: Event) => {
                    const next = [...components] as [number, number, number];
                    next[axis] = (event.target as HTMLSelectElement).selectedIndex;
                    this.set({ components: next });
                  }}
                >
                  ${Array.from({ length: count }, (_, i) => html`<option ?selected=${i === chosen}>${`Component ${i + 1}${share(i)}`}</option>`)}</select
                >${icon('down', 's m3')}</span
              ></label
            >`,
        )}
      </div>
      ${
        explained.length > 0
          ? html`<div class="variance" role="img" aria-label=${`The picture has ${percent(sum)} of the variance`}>
              ${explained.map(
                (one, i) =>
                  html`<i
                    class=${seen.includes(i) ? 'on' : ''}
                    title=${`Component ${i + 1}${share(i)}`}
                    .style=${`--h: ${Math.max(2, (100 * one) / (explained[0] || 1))}%`}
                  ></i>`,
              )}
              <span class="m3">${percent(sum)} of variance</span>
            </div>`
          : nothing
      }`;
  }

  private axes({ axes }: ProjectionSettings) {
    const { desk } = this;
    const count = desk.context.state.projectionIs3d.value ? 3 : 2;
    const terms = desk.projecting.axisTerms.value.value?.ends;
    const put = (at: number, axis: AxisTerms): void => {
      this.set({ axes: axes.map((one, i) => (i === at ? axis : one)) as unknown as ProjectionSettings['axes'] });
    };
    const open = desk.open.value;
    const dimensions = open?.tensor.columns ?? 1;
    return html`<div class="axes">
      ${axes.slice(0, count).map((axis, i) => {
        const name = 'xyz'[i] ?? '';
        const end = (which: 'from' | 'to', said: Extract<AxisTerms, { kind: 'between' }>) =>
          html`<input
            class="field-text"
            type="text"
            aria-label="${name} ${which}"
            placeholder=${which === 'from' ? 'from: all' : 'to: search, #row'}
            title="A search, or #12 for row 12; empty = all points"
            aria-invalid=${terms?.[i]?.[which].problem ? 'true' : nothing}
            .value=${said[which]}
            @change=${(event: Event) => put(i, { ...said, [which]: (event.target as HTMLInputElement).value })}
          />`;
        return html`<div class="row small">
            <span class="m3">${name}</span>
            <span class="pick btn line"
              ><select
                aria-label="Kind of axis ${name}"
                @change=${(event: Event) =>
                  put(
                    i,
                    (event.target as HTMLSelectElement).selectedIndex === 0
                      ? { kind: 'between', from: '', to: '' }
                      : { kind: 'dimension', index: -1 },
                  )}
              >
                <option ?selected=${axis.kind === 'between'}>Between</option>
                <option ?selected=${axis.kind === 'dimension'}>Dimension</option></select
              >${icon('down', 's m3')}</span
            >
            ${axis.kind === 'between' ? html`<span class="ends">${end('from', axis)}${end('to', axis)}</span>` : nothing}
            ${
              axis.kind === 'dimension'
                ? html`<input
                    class="num"
                    type="text"
                    inputmode="numeric"
                    aria-label="Dimension along ${name}"
                    .value=${String(open ? dimensionAlong(open, i, axis.index) : '')}
                    @change=${(event: Event) => {
                      const index = Number.parseInt((event.target as HTMLInputElement).value, 10);
                      if (index >= 0 && index < dimensions) put(i, { kind: 'dimension', index });
                      else this.requestUpdate();
                    }}
                  />`
                : nothing
            }
          </div>
          ${[terms?.[i]?.from.problem, terms?.[i]?.to.problem].map((problem) => (problem ? html`<p class="small e">${problem}</p>` : nothing))}`;
      })}
    </div>`;
  }

  private seed() {
    const { state } = this.desk.context;
    if (state.projection.value !== 'tsne' && state.projection.value !== 'umap') return nothing;
    const { seed } = state.projectionSettings.value;
    return html`<label class="row small m3"
      >Seed
      <input
        class="num"
        type="text"
        inputmode="numeric"
        title="The same seed makes the same picture"
        .value=${String(seed)}
        @change=${(event: Event) => {
          const input = event.target as HTMLInputElement;
          const next = Number(input.value);
          if (isSetting('seed', next)) this.set({ seed: next });
          else input.value = String(seed);
        }}
      />
    </label>`;
  }

  // ---- the work

  private work() {
    const { desk } = this;
    const { projection } = desk.context.state;
    const progress = desk.projecting.progress.value;
    const running = desk.projecting.running.value;
    const isStepwise = projection.value === 'tsne' || projection.value === 'umap';
    const share = progress && progress.of > 0 ? progress.step / progress.of : 0;
    const notes = progress?.notes.map(noteText).filter(Boolean) ?? [];
    if (!isStepwise && running === 'off' && notes.length === 0) return nothing;
    const [name, sign, act] = (
      {
        running: ['Pause', 'pause', () => desk.projecting.pause()],
        paused: ['Resume', 'play', () => desk.projecting.resume()],
        off: ['Run again', 'loop', () => desk.projecting.restart()],
      } as const
    )[running];
    // One button whatever it says, so that the focus stays on it.
    return html`<div class="row work">
        ${isStepwise ? html`<button class="btn line" @click=${act}>${icon(sign)}${name}</button>` : nothing}
        <span class="small m2 el" role="status"
          >${progress ? progressText(progress, running, desk.projecting.rate.value) : nothing}</span
        >
      </div>
      <div class="thin-line"><i .style=${`width: ${running === 'off' ? 0 : 100 * share}%`}></i></div>
      ${
        isStepwise && running === 'off' && progress?.stage === 'done' && desk.projecting.picture.value?.isKept === false
          ? html`<div class="row small more-steps">
              <button class="link" @click=${() => desk.projecting.more(MORE_STEPS)}>${MORE_STEPS} more steps</button>
              ${progress.method === 'tsne' ? html`<button class="link" title="Moves every point a little" @click=${() => desk.projecting.perturb(MORE_STEPS)}>Perturb</button>` : nothing}
            </div>`
          : nothing
      }
      ${notes.map((text) => html`<p class="small problem"><span class="m2">${icon('info', 's')}</span>${text}</p>`)}`;
  }
}

customElements.define('tp-projection-settings', ProjectionSettingsPanel);
