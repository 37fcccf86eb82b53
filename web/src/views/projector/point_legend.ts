import { html, nothing } from 'lit';
import type { MetadataColumn } from '../../engine/embeddings/embeddings';
import { formatExact, plural } from '../../model/format';
import type { ColourScale, PointColour } from '../../model/state';
import { icon } from '../../ui/icons';
import { WatchElement } from '../../ui/watch';
import type { Legend, LegendClass } from './colouring';
import { columnTitle } from './projector_text';
import type { ProjectorDesk } from './projector_desk';

/** What colours and labels come from, and what the colours mean; classes are hidden here. */
export class PointLegend extends WatchElement {
  static override properties = { desk: { attribute: false } };
  declare desk: ProjectorDesk;

  override render() {
    const { desk } = this;
    const legend = desk.look.colouring.value?.legend;
    return html`<div class="colh">${this.colourBy()}<span class="grow"></span>${this.labelBy()}</div>
      ${this.scale()} ${legend ? this.meaning(legend) : nothing} ${this.sequences()}`;
  }

  private get columns(): readonly MetadataColumn[] {
    return this.desk.open.value?.metadata?.columns ?? [];
  }

  private colourBy() {
    const { desk } = this;
    const { pointColour } = desk.context.state;
    const by = pointColour.value.by;
    const chosen = desk.look.colourColumn.value;
    const set = (value: string): void => {
      const [kind = '', ...name] = value.split(':');
      pointColour.value = { by: kind as PointColour['by'], column: name.join(':') };
    };
    return html`<label
      ><span>Colour by</span>
      <span class="pick"
        ><select aria-label="Colour by" @change=${(event: Event) => set((event.target as HTMLSelectElement).value)}>
          <option value="none" ?selected=${by !== 'distance' && chosen === -1}>nothing</option>
          <option value="distance" ?selected=${by === 'distance'}>distance to selection</option>
          ${this.columns.map(
            (column, i) =>
              html`<option value="column:${column.name}" ?selected=${by !== 'distance' && i === chosen}>
                ${columnTitle(column, i)}
              </option>`,
          )}</select
        >${icon('down', 's m3')}</span
      ></label
    >`;
  }

  private labelBy() {
    const { desk } = this;
    if (this.columns.length === 0) return nothing;
    const { pointLabel } = desk.context.state;
    return html`<label
      ><span>Label</span>
      <span class="pick"
        ><select
          aria-label="Label by"
          @change=${(event: Event) => (pointLabel.value = this.columns[(event.target as HTMLSelectElement).selectedIndex]?.name ?? '')}
        >
          ${this.columns.map((column, i) => html`<option ?selected=${i === desk.labelColumn.value}>${columnTitle(column, i)}</option>`)}</select
        >${icon('down', 's m3')}</span
      ></label
    >`;
  }

  /** Numbers may be a scale or, if they are few, classes. */
  private scale() {
    const { look, context } = this.desk;
    const { colourScale, pointColour } = context.state;
    if (pointColour.value.by === 'distance' || !look.ways.value.includes('numbers')) return nothing;
    const shown: ColourScale =
      look.way.value === 'classes' ? 'classes' : colourScale.value === 'log' ? 'log' : 'linear';
    const ways: readonly [ColourScale, string][] = [
      ['linear', 'Linear'],
      ['log', 'Log'],
      ...(look.ways.value.includes('classes') ? [['classes', 'Classes'] as [ColourScale, string]] : []),
    ];
    return html`<div class="row small scale">
      ${ways.map(
        ([value, title]) =>
          html`<button class="link" aria-pressed=${shown === value} @click=${() => (colourScale.value = value)}>
            ${title}
          </button>`,
      )}
    </div>`;
  }

  private meaning(legend: Legend) {
    if (legend.kind === 'nothing') {
      const wantsSelection = this.desk.context.state.pointColour.value.by === 'distance';
      return wantsSelection ? html`<p class="small m3 pad">Select points to see how far all others are</p>` : nothing;
    }
    if (legend.kind === 'range') {
      return html`<div class="range">
        <i .style=${`background: linear-gradient(to right, ${legend.stops.join(', ')})`}></i>
        <div class="ticks small m2">
          ${legend.ticks.map(({ at, label }) => html`<span .style=${`left: ${100 * at}%`}>${label}</span>`)}
        </div>
        ${
          legend.without > 0
            ? html`<p class="small m3">
                <span class="dot" .style=${`--c: ${legend.none}`}></span> no value (${formatExact(legend.without)})
              </p>`
            : nothing
        }
      </div>`;
    }
    const most = Math.max(...legend.classes.map(({ points }) => points), 1);
    return html`<ul class="lg" aria-label="Classes">
      ${legend.classes.map((one) => this.line(one, most))}
    </ul>`;
  }

  private line(one: LegendClass, most: number) {
    const { text, label, colour, points, isHidden } = one;
    return html`<li>
      <label class="tr ${text === undefined ? 'm3' : ''}" .style=${`--c: ${colour}`} title=${label}
        ><input
          class="cb"
          type="checkbox"
          aria-label="Show ${label}"
          .checked=${!isHidden}
          @change=${() => this.toggle(one)}
        /><span class="dot"></span
        ><button class="nm el" title="Only ${label}" @click=${() => this.only(one)}>${label}</button>
        <span class="bar2" .style=${`width: ${(44 * points) / most}px`}></span
        ><span class="v m2">${formatExact(points)}</span></label
      >
    </li>`;
  }

  private toggle({ text, isHidden }: LegendClass): void {
    const { hiddenClasses, otherClassesHidden } = this.desk.context.state;
    if (text === undefined) {
      otherClassesHidden.value = !isHidden;
      return;
    }
    const next = new Set(hiddenClasses.value);
    if (isHidden) next.delete(text);
    else next.add(text);
    hiddenClasses.value = next;
  }

  /** Shows this class alone; again: all. */
  private only({ text, isHidden }: LegendClass): void {
    const { hiddenClasses, otherClassesHidden } = this.desk.context.state;
    const legend = this.desk.look.colouring.value?.legend;
    if (legend?.kind !== 'classes') return;
    const others = legend.classes.filter((one) => one.text !== text);
    const isAlone = !isHidden && others.every((one) => one.isHidden);
    hiddenClasses.value = new Set(isAlone ? [] : others.flatMap((one) => (one.text === undefined ? [] : [one.text])));
    otherClassesHidden.value = !isAlone && text !== undefined && others.some((one) => one.text === undefined);
  }

  private sequences() {
    const { look, context } = this.desk;
    const found = look.sequences.value.value;
    const { sequences } = context.state;
    if (!found) return nothing;
    return html`<label class="row small pad"
        ><input
          class="cb"
          type="checkbox"
          .checked=${sequences.value}
          @change=${() => (sequences.value = !sequences.value)}
        />
        Join sequences <span class="m3">${plural(found.pairs.length / 2, 'line')}</span></label
      >
      ${found.bad > 0 ? html`<p class="small problem pad"><span class="w">${icon('warn', 's')}</span>${plural(found.bad, 'cell')} name no row that there is</p>` : nothing}`;
  }
}

customElements.define('tp-point-legend', PointLegend);
