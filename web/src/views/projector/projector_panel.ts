import { html, nothing } from 'lit';
import { cellFaultText, embeddingProblemText, lengthText, rowFaultText } from '../../model/embedding_faults';
import { formatExact, formatStep, plural } from '../../model/format';
import { icon } from '../../ui/icons';
import { WatchElement } from '../../ui/watch';
import { sheetHead } from '../sheet_head';
import './point_legend';
import './projection_settings';
import type { ProjectorDesk } from './projector_desk';

/** The panel beside the points: which embedding, how it is projected, and what its colours mean. */
export class ProjectorPanel extends WatchElement {
  static override properties = { desk: { attribute: false } };
  declare desk: ProjectorDesk;

  override connectedCallback(): void {
    super.connectedCallback();
    this.classList.add('projector-panel');
    this.setAttribute('role', 'complementary');
    this.setAttribute('aria-label', 'Data and projection');
  }

  override render() {
    const { desk } = this;
    const open = desk.open.value;
    return html`${sheetHead('Data and projection')}
      <div class="scroll">
        <div class="sec">${this.picker()} ${this.facts()}</div>
        ${
          open && open.points.points > 0
            ? html`<tp-projection-settings class="sec" .desk=${desk}></tp-projection-settings>
                <tp-point-legend .desk=${desk}></tp-point-legend>`
            : nothing
        }
      </div>`;
  }

  // ---- which embedding

  private picker() {
    const { desk } = this;
    const all = desk.embeddings.value;
    const chosen = desk.chosen.value;
    if (!chosen) return nothing;
    const { shown } = desk.context;
    const runLabel = (run: string): string => (run === '.' ? '' : shown.runLabel(run));
    return html`<label class="pick btn line" title=${chosen.name}>
      <select
        aria-label="Embedding"
        @change=${(event: Event) => {
          const next = all[(event.target as HTMLSelectElement).selectedIndex];
          if (next) desk.choose(next);
        }}
      >
        ${all.map(
          (one) =>
            html`<option ?selected=${one === chosen}>
              ${[one.label, runLabel(one.run)].filter(Boolean).join('  ·  ')}
            </option>`,
        )}
      </select>
      ${icon('down', 's m3')}
    </label>`;
  }

  private facts() {
    const { desk } = this;
    const { state } = desk.context;
    const open = desk.open.value;
    const step = desk.step.value;
    const shape: readonly [number, number] | undefined =
      open && open.points.points > 0 ? [open.points.points, open.tensor.columns] : desk.chosen.value?.shape;
    const at = step && !Number.isNaN(step.step) ? ` · step ${formatStep(step.step)}` : '';
    const columns = open?.metadata?.columns.length ?? 0;
    return html`<div class="row small facts">
        <span class="m2 nw">${shape ? `${formatExact(shape[0])} × ${formatExact(shape[1])}${at}` : nothing}</span>
        <span class="grow"></span>
        ${
          columns > 0
            ? html`<button
                class="link"
                aria-pressed=${state.pointTable.value}
                @click=${() => (state.pointTable.value = !state.pointTable.value)}
              >
                ${state.pointTable.value ? 'Drawing' : 'Metadata…'}
              </button>`
            : nothing
        }
      </div>
      ${this.problems()}`;
  }

  /** What of the embedding is not there, or was left out. */
  private problems() {
    const open = this.desk.open.value;
    if (!open) return nothing;
    const { tensor, points, metadata } = open;
    const found = this.desk.found.value.value?.problems ?? [];
    const lines: [string, 'warn' | 'error'][] = [...found, ...open.problems].map((problem) => [
      embeddingProblemText(problem),
      'error',
    ]);
    const { spriteProblem } = this.desk.look;
    if (spriteProblem.value) lines.push([spriteProblem.value, 'warn']);
    for (const fault of tensor.faults) lines.push([rowFaultText(fault), 'warn']);
    if (points.excludedCount > 0) lines.push([`${plural(points.excludedCount, 'row')} with NaN, infinity or numbers beyond 1e15 left out: ${points.excluded.slice(0, 5).map(formatExact).join(', ')}${points.excludedCount > 5 ? ' …' : ''}`, 'warn']); // prettier-ignore
    for (const fault of metadata?.faults ?? []) lines.push([cellFaultText(fault), 'warn']);
    const length = metadata && metadata !== tensor.metadata ? lengthText(tensor, metadata) : undefined;
    if (length) lines.push([length, 'warn']);
    if (points.points === 1) lines.push(['There is only one point', 'warn']);
    else if (points.constant && points.points > 0) lines.push(['All points are the same', 'warn']);
    return lines.map(
      ([text, severity]) =>
        html`<p class="small problem">
          <span class=${severity === 'warn' ? 'w' : 'e'}>${icon(severity, 's')}</span>${text}
        </p>`,
    );
  }
}

customElements.define('tp-projector-panel', ProjectorPanel);
