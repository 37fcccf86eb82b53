import { signal } from '@preact/signals-core';
import { html, nothing, type TemplateResult } from 'lit';
import { METRICS, type Metric, type Preparation } from '../../engine/projections/projections';
import { formatExact, formatValue } from '../../model/format';
import { MAX_NEIGHBOURS } from '../../model/state';
import { choice } from '../../ui/choice';
import { icon } from '../../ui/icons';
import { saveBlob } from '../../ui/save';
import { slider } from '../../ui/slider';
import { WatchElement } from '../../ui/watch';
import { sheetHead } from '../sheet_head';
import './bookmark_list';
import { NO_CELL } from './points/points_picture';
import { neighboursCsv } from './projector_exports';
import type { OpenEmbedding } from './open_embedding';
import type { ProjectorDesk } from './projector_desk';
import { matchBeside } from './point_terms';
import { columnTitle, matchesText, METRIC_TITLES, noColumnText, selectionText, trustText } from './projector_text';
import { endsInPattern, readQuery, unknownColumn, withPatternToggled } from './row_search';

/** So many rows of a list are there. */
const LISTED = 100;
/** What is said of distances. */
const PREPARED_TEXT: Record<Preparation, string> = { none: '', normalised: ', unit', sphereized: ', sphered' };
/** As many neighbours as its slider goes to; more are typed. */
const SLIDER_NEIGHBOURS = 100;

/** What is known of the points that are selected, what is near them, and how points are found. */
export class PointPanel extends WatchElement {
  static override properties = { desk: { attribute: false } };
  declare desk: ProjectorDesk;

  override connectedCallback(): void {
    super.connectedCallback();
    this.setAttribute('role', 'complementary');
    this.setAttribute('aria-label', 'Points');
  }

  override render() {
    const { desk } = this;
    const selected = desk.selected.value;
    const [first] = selected;
    return html`${sheetHead('Search and selection')}
      ${first === undefined ? nothing : html`${selected.length === 1 ? this.one(first) : this.several(selected)} ${this.acts()}`}
      ${this.search()} ${first === undefined ? this.acts() : nothing} ${this.trust()}<tp-bookmarks
        .desk=${desk}
      ></tp-bookmarks>`;
  }

  // ---- what is selected

  private one(point: number) {
    const { desk } = this;
    const open = desk.open.value;
    const cells = desk.cells.value.value;
    const columns = open?.metadata?.columns ?? [];
    return html`<section>
        ${this.head(html`<span class="el">${desk.nameOf(point)}</span><span class="m3 row-number">#${desk.rowOf(point)}${desk.look.isHidden(point) ? ' hidden' : ''}</span>`)}
        <div class="point-facts">
          ${this.thumbnail(point)}
          ${
            cells && columns.length > 0
              ? html`<dl class="kv l">
                  ${columns.map(
                    (column, i) =>
                      html`<dt class="el" title=${column.name}>${columnTitle(column, i)}</dt>
                        <dd class="el" title=${cells[i] ?? ''}>
                          ${cells[i] === '' ? html`<span class="m3">empty</span>` : cells[i]}
                        </dd>`,
                  )}
                </dl>`
              : nothing
          }
        </div>
      </section>
      ${this.neighbourSettings()} ${this.neighbours(point)}`;
  }

  private head(title: TemplateResult) {
    return html`<h2>
      ${title}<span class="grow"></span>
      <button
        class="btn ico"
        aria-label="Clear selection"
        title="Clear selection  Esc"
        @click=${() => this.desk.select([])}
      >
        ${icon('close')}
      </button>
    </h2>`;
  }

  private several(selected: readonly number[]) {
    const shown = this.desk.look.shownSelection.value;
    return html`<section>${this.head(html`${selectionText(selected.length, shown.length)}`)}</section>
      <ul class="nbt" aria-label="Selection">
        ${shown.slice(0, LISTED).map((point) => this.pointLine(point))}
      </ul>
      ${shown.length > LISTED ? html`<p class="m3 small pad">${formatExact(shown.length - LISTED)} more</p>` : nothing}`;
  }

  private pointLine(point: number, end: TemplateResult | typeof nothing = nothing) {
    const { desk } = this;
    return html`<li
      @pointerenter=${() => (desk.hovered.value = point)}
      @pointerleave=${() => (desk.hovered.value = -1)}
    >
      ${this.thumbnail(point, 20)}
      <button class="nm el" title=${desk.nameOf(point)} @click=${() => desk.select([point])}>
        ${desk.nameOf(point)}
      </button>
      ${desk.look.isHidden(point) ? html`<span class="m3" title="It is not drawn">hidden</span>` : nothing}
      <span class="m3">#${desk.rowOf(point)}</span>${end}
    </li>`;
  }

  /** The image of a point, cut out of the sprite. @param size of its box; undefined = as in the head of the panel */
  private thumbnail(point: number, size = 64) {
    const { desk } = this;
    const sprite = desk.open.value?.sprite;
    const cell = desk.look.picture.value?.sprites?.cells[point];
    if (!sprite || cell === undefined || cell === NO_CELL) return nothing;
    const across = Math.floor(sprite.image.width / sprite.width);
    const draw = (canvas: HTMLCanvasElement): void => {
      canvas
        .getContext('2d')
        ?.drawImage(sprite.image, (cell % across) * sprite.width, Math.floor(cell / across) * sprite.height, sprite.width, sprite.height, 0, 0, canvas.width, canvas.height); // prettier-ignore
    };
    return html`<tp-thumbnail
      .draw=${draw}
      .size=${[sprite.width, sprite.height]}
      .key=${`${cell} ${desk.openedName}`}
      .style=${`--size: ${size}px`}
      label="Thumbnail of ${desk.nameOf(point)}"
    ></tp-thumbnail>`;
  }

  // ---- neighbours

  private neighbourSettings() {
    const { desk } = this;
    const { state } = desk.context;
    const open = desk.open.value;
    const most = Math.max(1, Math.min(MAX_NEIGHBOURS, (open?.points.points ?? 2) - 1));
    return html`<section>
      <div class="row neighbour-count">
        <span class="lb">Neighbours</span>
        ${slider({
          label: 'Neighbours',
          value: Math.min(state.neighbourCount.value, most),
          min: 1,
          max: Math.min(most, Math.max(SLIDER_NEIGHBOURS, state.neighbourCount.value)),
          step: 1,
          byDefault: 12,
          hasField: false,
          set: (count) => (state.neighbourCount.value = Math.round(count)),
        })}
        <input
          class="num"
          type="text"
          inputmode="numeric"
          aria-label="Neighbours, as a number"
          .value=${String(Math.min(state.neighbourCount.value, most))}
          @change=${(event: Event) => {
            const input = event.target as HTMLInputElement;
            const count = Math.round(Number(input.value));
            if (count >= 1) state.neighbourCount.value = Math.min(count, MAX_NEIGHBOURS);
            input.value = String(Math.min(state.neighbourCount.value, most));
          }}
        />
      </div>
      <div class="row">
        ${choice<Metric>(
          'Distance',
          METRICS.map((one) => [one, one === 'dot' ? 'Dot' : METRIC_TITLES[one]] as const),
          state.pointMetric.value,
          (metric) => (state.pointMetric.value = metric),
        )}
      </div>
      <p
        class="m3 small"
        title="Distances are those of all dimensions, not of the picture; of points as Raw, Unit or Sphere has them"
      >
        in all ${formatExact(open?.tensor.columns ?? 0)} dims${PREPARED_TEXT[state.preparation.value]}
      </p>
    </section>`;
  }

  private neighbours(of: number) {
    const { desk } = this;
    const found = desk.neighbours.value.value;
    const fault = desk.neighbours.fault.value;
    if (fault && fault.code !== 'cancelled')
      return html`<p class="small pad e">Neighbours could not be found (${fault.code})</p>`;
    if (!found) return nothing;
    const distances = [...found.distances];
    const [least, most] = [Math.min(0, ...distances), Math.max(...distances, 0)];
    const width = (distance: number): number => (most > least ? (44 * (distance - least)) / (most - least) : 0);
    return html`<ul class="nbt" aria-label="Nearest neighbours of ${desk.nameOf(of)}">
        ${[...found.rows]
          .slice(0, LISTED)
          .map((point, i) =>
            this.pointLine(
              point,
              html`<i .style=${`width: ${width(distances[i] ?? 0)}px`}></i
                ><span class="v">${formatValue(distances[i] ?? NaN, 3)}</span>`,
            ),
          )}
      </ul>
      ${found.rows.length > LISTED ? html`<p class="m3 small pad">${formatExact(found.rows.length - LISTED)} more</p>` : nothing}`;
  }

  // ---- what is done with points

  private acts() {
    const { desk } = this;
    const { state } = desk.context;
    const count = desk.marked.value.length;
    const isCut = state.isolatedPoints.value.length > 0 || state.hiddenPoints.value.length > 0 || state.hiddenClasses.value.size > 0 || state.otherClassesHidden.value; // prettier-ignore
    const found = desk.neighbours.value.value;
    if (count === 0 && !isCut) return nothing;
    return html`<div class="row acts-line">
      ${
        count > 0
          ? html`<button class="btn line" title="Only these are drawn" @click=${() => desk.isolate()}>
                Isolate ${formatExact(count)}
              </button>
              <button class="btn line" title="These are not drawn" @click=${() => desk.hide()}>
                Hide ${formatExact(count)}
              </button>`
          : nothing
      }
      ${isCut ? html`<button class="btn line" @click=${() => desk.showAll()}>Show all</button>` : nothing}
      ${
        found && desk.selected.value.length === 1
          ? html`<button
              class="btn ico"
              aria-label="Download neighbours as CSV"
              title="Download neighbours as CSV"
              @click=${() => this.saveNeighbours()}
            >
              ${icon('save')}
            </button>`
          : nothing
      }
    </div>`;
  }

  private saveNeighbours(): void {
    const { desk } = this;
    const found = desk.neighbours.value.value;
    if (!found) return;
    const labels = desk.labels.value && [...found.rows].map((point) => desk.nameOf(point));
    saveBlob(new Blob([neighboursCsv(found, desk.open.value?.rows, labels)], { type: 'text/csv' }), 'neighbours.csv');
  }

  // ---- search

  private search() {
    const { desk } = this;
    const { pointSearch } = desk.context.state;
    const metadata = desk.open.value?.metadata;
    if (!metadata) return this.byRow();
    const query = pointSearch.value.trim();
    const { error } = readQuery(query, metadata);
    const found = desk.matches.value.value?.length ?? 0;
    const matches = desk.look.shownMatches.value;
    const unknown = unknownColumn(query, metadata);
    const isPattern = endsInPattern(query, metadata);
    return html`<section class="point-search">
        <label class="sub" for="point-search">Search</label>
        <div class="field">
          ${icon('search', 's m3')}
          <input
            id="point-search"
            type="search"
            placeholder="text, column:text, column > 3"
            title="Text in any column, column:text, column > 3, /pattern/, or several columns: all must hold. “Text in quotes” may hold all of these; a quote in it stands twice"
            aria-invalid=${error !== '' ? 'true' : nothing}
            .value=${pointSearch.value}
            @input=${(event: Event) => (pointSearch.value = (event.target as HTMLInputElement).value)}
            @keydown=${(event: KeyboardEvent) => {
              if (!matches || matches.length === 0) return;
              if (event.key === 'Enter') desk.select([...matches]);
              else if (event.key === 'ArrowDown') this.step(matches, 1);
              else if (event.key === 'ArrowUp') this.step(matches, -1);
              else return;
              event.preventDefault();
            }}
          />
          <button
            class="rx"
            aria-label="Regular expression"
            aria-pressed=${isPattern === true}
            ?disabled=${isPattern === undefined}
            title="Regular expression"
            @click=${() => (pointSearch.value = withPatternToggled(pointSearch.value, metadata))}
          >
            .*
          </button>
        </div>
        ${error !== '' ? html`<p class="small e" role="alert">${error}</p>` : nothing}
        ${
          matches && query !== '' && error === ''
            ? html`<p class="row small m3" role="status">
                ${matchesText(found, matches.length)}${found === 0 && unknown !== undefined ? noColumnText(unknown, metadata.columns) : nothing}
                <span class="grow"></span>
                ${
                  matches.length > 0
                    ? html`${this.stepButton(matches, -1)} ${this.stepButton(matches, 1)}
                        <button class="link" @click=${() => desk.select([...matches])}>
                          Select ${matches.length === 1 ? 'it' : 'them'}
                        </button>`
                    : nothing
                }
              </p>`
            : nothing
        }
      </section>
      ${
        matches && matches.length > 0 && desk.selected.value.length === 0
          ? html`<ul class="nbt" aria-label="Matches">
              ${[...matches.subarray(0, LISTED)].map((point) => this.pointLine(point))}
            </ul>`
          : nothing
      }`;
  }

  /** Why what was typed is no row of a point, of the embedding that was open then. */
  private readonly missing = signal<{ of: OpenEmbedding | undefined; text: string } | undefined>(undefined);
  /** Where nothing is known of points but their rows. */
  private byRow() {
    const { desk } = this;
    const open = desk.open.value;
    const rows = open?.tensor.fileRows ?? 0;
    const last = formatExact(Math.max(0, rows - 1));
    const find = (text: string): void => {
      const row = /^#?\d+$/.test(text) ? Number(text.replace('#', '')) : NaN;
      const found = Number.isNaN(row) ? [] : desk.pointsOf([row]);
      const why = row < rows ? 'it was left out' : `there are 0 to ${last}`;
      this.missing.value = found.length > 0 ? undefined : { of: open, text: `No point is of row “${text}”: ${why}` };
      if (found.length > 0) desk.select(found);
    };
    const missing = this.missing.value;
    return html`<section class="point-search">
      <div class="row">
        <label class="lb" for="point-row">Row</label>
        <input
          id="point-row"
          class="num"
          type="text"
          inputmode="numeric"
          title="There is no metadata to search in: points are known by their rows, 0 to ${last}"
          @change=${(event: Event) => find((event.target as HTMLInputElement).value.trim())}
        />
      </div>
      ${missing && missing.of === open ? html`<p class="small e" role="alert">${missing.text}</p>` : nothing}
    </section>`;
  }

  private stepButton(matches: Uint32Array, by: 1 | -1) {
    const [name, key] = by === 1 ? ['Next match', '↓'] : ['Previous match', '↑'];
    return html`<button
      class="btn ico"
      aria-label=${name}
      title="${name}  ${key}"
      @click=${() => this.step(matches, by)}
    >
      ${icon(by === 1 ? 'right' : 'left')}
    </button>`;
  }

  private step(matches: Uint32Array, by: 1 | -1): void {
    const { desk } = this;
    const point = matchBeside(matches, desk.selected.value[0], by);
    desk.select([point]);
    desk.context.announce(`${desk.nameOf(point)} selected`);
  }

  private trust() {
    const { desk } = this;
    const trust = desk.trust.value.value;
    if (!trust) return nothing;
    return html`<section>
      <div class="sub">Trust<span class="x">${formatValue(100 * trust.whole.share, 2)} %</span></div>
      <p
        class="small m2"
        title="Of the nearest neighbours in all dimensions, the share that is also among the nearest in the picture${trust.whole.rows < (desk.open.value?.points.points ?? 0) ? `; of ${formatExact(trust.whole.rows)} points taken at random` : ''}"
      >
        ${trustText(trust)}
      </p>
    </section>`;
  }
}

customElements.define('tp-point-panel', PointPanel);
