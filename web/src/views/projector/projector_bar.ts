import { html, nothing } from 'lit';
import { formatExact, plural } from '../../model/format';
import { POINT_SIZES, type PointDrag, type PointForm } from '../../model/state';
import { choice } from '../../ui/choice';
import { icon } from '../../ui/icons';
import { slider } from '../../ui/slider';
import { WatchElement } from '../../ui/watch';
import { sheetHead } from '../sheet_head';
import type { ProjectorDesk } from './projector_desk';

/** How points are drawn and what dragging does. Fires `fit` and `save` (what is saved, by its label). */
export class ProjectorBar extends WatchElement {
  static override properties = { desk: { attribute: false } };
  declare desk: ProjectorDesk;

  override connectedCallback(): void {
    super.connectedCallback();
    this.className = 'bar projector-bar';
    this.setAttribute('role', 'group');
    this.setAttribute('aria-label', 'Settings of the drawing');
  }

  override render() {
    const { desk } = this;
    const { state } = desk.context;
    const count = desk.open.value?.points.points ?? 0;
    const said = (some: number): string =>
      some === count ? `${formatExact(count)} points` : `${formatExact(some)} of ${formatExact(count)}`;
    // Nothing else of it is to be seen beside a table.
    if (state.pointTable.value)
      return html`${sheetHead('Drawing')}<span class="m3 nw">${said(desk.look.listed.value?.length ?? count)}</span>`;
    const visible = desk.look.visible.value;
    return html`${sheetHead('Drawing')}
      <div class="row point-drag">
        ${choice<PointDrag>(
          'Drag does',
          state.projectionIs3d.value
            ? [
                ['rotate', 'Rotate'],
                ['pan', 'Pan'],
                ['select', 'Select'],
              ]
            : [
                ['pan', 'Pan'],
                ['select', 'Select'],
              ],
          !state.projectionIs3d.value && state.pointDrag.value === 'rotate' ? 'pan' : state.pointDrag.value,
          (drag) => (state.pointDrag.value = drag),
        )}
        ${
          state.pointDrag.value === 'select'
            ? html`<label class="row" title="Drawn around by hand, not boxed"
                ><input
                  class="cb"
                  type="checkbox"
                  .checked=${state.lasso.value}
                  @change=${() => (state.lasso.value = !state.lasso.value)}
                />Lasso</label
              >`
            : nothing
        }
      </div>
      ${this.form('opt2')} ${this.size('')} ${this.names('opt1')} ${this.density('opt2')} ${this.opacity('only-sheet')}
      <span class="grow"></span>
      <span class="m3 nw opt2" role="status" title=${plural(visible, 'point')}>${said(visible)}</span>
      <div class="row point-tools">
        <button class="btn ico" aria-label="Fit" title="Fit  0" @click=${() => this.dispatchEvent(new Event('fit'))}>
          ${icon('fit')}
        </button>
        <button class="btn ico" aria-label="Save" title="Save" popovertarget="save-points">${icon('save')}</button>
        <div id="save-points" class="pop menu" popover>
          ${['PNG', 'TSV', 'NumPy', 'Projector config'].map(
            (label) =>
              html`<button
                class="mi"
                @click=${(event: Event) => {
                  (event.currentTarget as HTMLElement).closest<HTMLElement>('[popover]')?.hidePopover();
                  this.dispatchEvent(new CustomEvent('save', { detail: label }));
                }}
              >
                ${label}
              </button>`,
          )}
        </div>
      </div>
      <button class="btn more-settings" popovertarget="more-points">More${icon('down', 's m3')}</button>
      <div id="more-points" class="pop settings" popover>
        ${this.form('opt2')} ${this.names('opt1')} ${this.density('opt2')} ${this.opacity('')}
      </div>`;
  }

  private form(classes: string) {
    const { state } = this.desk.context;
    const hasSprites = this.desk.open.value?.sprite !== undefined;
    return html`<div class="row ${classes}">
      <span class="lb">Points</span>
      ${choice<PointForm>(
        'Draw',
        [['dots', 'Dots'], ...(hasSprites ? [['sprites', 'Sprites'] as [PointForm, string]] : []), ['text', 'Text']],
        state.pointForm.value === 'sprites' && !hasSprites ? 'dots' : state.pointForm.value,
        (form) => (state.pointForm.value = form),
      )}
    </div>`;
  }

  private size(classes: string) {
    const { pointSize } = this.desk.context.state;
    const [min, max] = POINT_SIZES;
    return html`<div class="row ${classes}">
      <span class="lb">Size</span>
      ${slider({ label: 'Size of points', value: pointSize.value, min, max, step: 0.5, byDefault: 5, hasField: false, set: (size) => (pointSize.value = size) })}
    </div>`;
  }

  private opacity(classes: string) {
    const { pointOpacity } = this.desk.context.state;
    return html`<div class="row ${classes}">
      <span class="lb">Opacity</span>
      ${slider({ label: 'Opacity of points', value: pointOpacity.value, min: 0.05, max: 1, step: 0.05, digits: 2, byDefault: 0.7, set: (opacity) => (pointOpacity.value = opacity) })}
    </div>`;
  }

  private names(classes: string) {
    const { clusterNames } = this.desk.context.state;
    return html`<label class="row ${classes}" title="Of classes; of points, where they are few and have no classes"
      ><input
        class="cb"
        type="checkbox"
        .checked=${clusterNames.value}
        @change=${() => (clusterNames.value = !clusterNames.value)}
      />Names</label
    >`;
  }

  private density(classes: string) {
    const { density } = this.desk.context.state;
    return html`<label class="row ${classes}"
      ><input
        class="cb"
        type="checkbox"
        .checked=${density.value}
        @change=${() => (density.value = !density.value)}
      />Density</label
    >`;
  }
}

customElements.define('tp-projector-bar', ProjectorBar);
