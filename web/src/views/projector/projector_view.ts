import { effect, signal } from '@preact/signals-core';
import { html, nothing } from 'lit';
import { chartTheme } from '../../charts/chart_theme';
import type { MetadataFacts } from '../../engine/embeddings/embeddings';
import { embeddingProblemText } from '../../model/embedding_faults';
import { errorText } from '../../model/errors';
import { formatExact, plural } from '../../model/format';
import { icon } from '../../ui/icons';
import { blobOf, fileNamePart, saveBlob } from '../../ui/save';
import '../../ui/step_scrubber';
import { WatchElement } from '../../ui/watch';
import { button, message } from '../blank';
import '../panel.css';
import type { ExportFile, Exports, ViewContext } from '../view_def';
import './metadata_table';
import type { MetadataSource } from './sort_rows';
import './point_panel';
import './points/points_drawing';
import type { PointsDrawing } from './points/points_drawing';
import './projector_bar';
import { fitNumbers } from './fit_metadata';
import { pngOf, withLegend } from './legend_picture';
import { ProjectorDesk } from './projector_desk';
import { coordinatesNpy, coordinatesOf, coordinatesTsv, projectorZip, type Coordinates } from './projector_exports';
import { ProjectorPanel } from './projector_panel';
import { lostText, onePlaceText, pictureBeforeText } from './projector_text';
import './projector.css';
import './thumbnail';

/** Pixels of a PNG for each of the window. */
const PNG_SCALE = 2;

/** Embeddings, one at a time: as a picture of points, or what is known of them as a table. */
export class ProjectorView extends WatchElement {
  static override properties = { context: { attribute: false } };
  declare context: ViewContext;
  private desk: ProjectorDesk | undefined;
  private own: ProjectorPanel | undefined;
  private stop: (() => void) | undefined;
  /** What is known of points is open, where there is no room beside the drawing. */
  private readonly sheet = signal(false);
  /** The drawing, once there is one. */
  private readonly drawn = signal<PointsDrawing | undefined>(undefined);

  readonly panelTitle = 'Data';

  /** What stands where other views have the runs. */
  get panel(): HTMLElement {
    return (this.own ??= Object.assign(new ProjectorPanel(), { desk: this.opened() }));
  }

  private opened(): ProjectorDesk {
    return (this.desk ??= new ProjectorDesk(this.context));
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.classList.add('view', 'projector');
    const desk = this.opened();
    desk.start();
    this.addEventListener('keydown', this.onKey);
    this.stop = effect(() => void this.classList.toggle('points-open', this.sheet.value));
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.removeEventListener('keydown', this.onKey);
    this.desk?.stop();
    this.stop?.();
  }

  protected override updated(): void {
    this.drawn.value = this.drawing();
  }

  private readonly onKey = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape' || event.defaultPrevented) return;
    // The browser closes it, after this; and the page closes its sheets.
    if (this.querySelector(':popover-open') || this.closest('.sheet-open')) return;
    if (this.sheet.value) this.openSheet(false);
    else if (this.context.state.pointTable.value) this.context.state.pointTable.value = false;
    else this.desk?.select([]);
  };

  override render() {
    const desk = this.opened();
    const { state, engine } = this.context;
    const found = desk.found.value.value;
    if (found?.embeddings.length === 0) {
      const problems = found.problems.map((problem) => html`<p class="small">${embeddingProblemText(problem)}</p>`);
      return engine.loading.value ? nothing : html`<div class="blank">${message('Embeddings: none in these logs', html``)}${problems}</div>`; // prettier-ignore
    }
    const open = desk.open.value;
    const isTable = state.pointTable.value && open?.metadata !== undefined;
    return html`<tp-projector-bar
        .desk=${desk}
        @fit=${() => this.drawing()?.fit()}
        @save=${({ detail }: CustomEvent<string>) => void this.save(detail)}
      ></tp-projector-bar>
      <div class="points-main">
        ${this.waiting(desk)} ${this.fault(desk)} ${isTable ? this.table(desk) : this.points(desk)}
        ${this.scrubber(desk)} ${this.way(desk)}
      </div>
      ${
        open && open.points.points > 0
          ? html`<tp-point-panel class="insp" .desk=${desk} @done=${() => this.openSheet(false)}></tp-point-panel>`
          : html`<div class="insp"></div>`
      }`;
  }

  /** To what is known of points, where there is no room for it beside them. */
  private way(desk: ProjectorDesk) {
    const [first, second] = desk.selected.value;
    const isSelected = first !== undefined;
    const text = !isSelected ? 'Search, neighbours' : second === undefined ? desk.nameOf(first) : `${formatExact(desk.selected.value.length)} selected`; // prettier-ignore
    return html`<button
      class="btn line points-button ${isSelected ? 'of-selection' : ''}"
      @click=${() => this.openSheet(true)}
    >
      ${icon('info', 's m3')}<span class="el">${text}</span>
    </button>`;
  }

  /** The keys go with it: what was pressed is hidden then. */
  private openSheet(isOpen: boolean): void {
    this.sheet.value = isOpen;
    this.querySelector<HTMLElement>(isOpen ? '.insp .sheet-head .btn' : '.points-button')?.focus();
  }

  // ---- the drawing

  private points(desk: ProjectorDesk) {
    const { state } = this.context;
    const picture = desk.look.picture.value;
    if (!picture) {
      const problems = desk.open.value?.points.points === 0 ? desk.open.value.problems : [];
      return html`<div class="points-ground">
        ${problems.map((problem) => html`<p><span class="e">${icon('error')}</span> ${embeddingProblemText(problem)}</p>`)}
      </div>`;
    }
    const hovered = desk.hovered.value;
    const count = formatExact(picture.count);
    const [turn, zoom] = picture.is3d ? ['Arrow keys rotate', 'plus and minus zoom'] : ['Arrow keys move', 'plus and minus zoom']; // prettier-ignore
    const isFlat = !picture.is3d && state.pointDrag.value === 'rotate';
    return html`<tp-points
        .picture=${picture}
        .camera=${state.pointCamera.value}
        .drag=${isFlat ? 'pan' : state.pointDrag.value}
        .lasso=${state.lasso.value}
        .hovered=${hovered}
        .label=${`Embedding of ${count} points. ${turn}, ${zoom}`}
        @hoverpoint=${({ detail }: CustomEvent<{ point: number }>) => (desk.hovered.value = detail.point)}
        @pickpoint=${({ detail }: CustomEvent<{ point: number; add: boolean }>) => this.pick(detail)}
        @pickarea=${({ detail }: CustomEvent<{ points: Uint32Array; add: boolean }>) => {
          desk.select([...detail.points], detail.add);
          this.context.announce(`${formatExact(detail.points.length)} points selected`);
        }}
        @movecamera=${({ detail }: CustomEvent<{ camera: typeof state.pointCamera.value }>) => (state.pointCamera.value = detail.camera)}
      ></tp-points>
      ${desk.projecting.isOnePlace.value ? html`<p class="points-note" role="status">${onePlaceText(state.projection.value)}</p>` : nothing}
      <div class="points-foot small m3">${this.foot(count)}</div>`;
  }

  private foot(count: string): string {
    const { picture, awaited } = this.opened().projecting;
    const [seen, next] = [picture.value, awaited.value];
    const drawn = this.drawnText(count);
    // A picture that was kept is of the same options.
    if (!seen || !next || seen.options === next) return drawn;
    return `${pictureBeforeText(seen.options.method, next.method)} · ${drawn}`;
  }

  private drawnText(count: string): string {
    const facts = this.drawn.value?.facts.value;
    if (!facts) return `${count} points`;
    const words = facts.words === undefined ? '' : `, ${formatExact(facts.words)} with their word`;
    if (facts.renderer === 'Canvas')
      return `Without WebGL 2, which this browser does not give: drawn flat · ${count} points${words}`;
    return [
      facts.renderer,
      `${count} points${words}`,
      ...(facts.fps === undefined ? [] : [`${Math.round(facts.fps)} fps`]),
    ].join(' · ');
  }

  private pick({ point, add }: { point: number; add: boolean }): void {
    const desk = this.opened();
    if (point < 0) {
      if (!add) desk.select([]);
      return;
    }
    desk.select([point], add);
    this.context.announce(`${desk.nameOf(point)} selected`);
  }

  private table(desk: ProjectorDesk) {
    const open = desk.open.value;
    const metadata = open?.metadata;
    if (!metadata) return nothing;
    return html`<tp-metadata-table
      .source=${this.tableSource(metadata)}
      .filter=${desk.look.listed.value}
      .selected=${desk.selected.value}
      label="What is known of points"
      @pickrow=${({ detail }: CustomEvent<{ row: number }>) => desk.select([detail.row])}
    ></tp-metadata-table>`;
  }

  private sourceKept: MetadataSource | undefined;
  /** The same object while the table is the same. */
  private tableSource(facts: MetadataFacts): MetadataSource {
    if (this.sourceKept?.facts !== facts) {
      const desk = this.opened();
      this.sourceKept = {
        facts,
        rowOf: (row) => desk.rowOf(row),
        texts: (column, from, count) => desk.ask(facts, (reader) => reader.texts(facts.table, column, from, count)),
        numbers: async (column) =>
          fitNumbers(await desk.ask(facts, (reader) => reader.numbers(facts.table, column)), facts.rows),
      };
    }
    return this.sourceKept;
  }

  private scrubber(desk: ProjectorDesk) {
    const union = desk.steps.value;
    if (!union || union.steps.length < 2) return nothing;
    return html`<tp-step-scrubber .state=${this.context.state} .union=${union}></tp-step-scrubber>`;
  }

  // ---- what is waited for, and what went wrong

  private waiting(desk: ProjectorDesk) {
    const isFinding = desk.found.busy.value && !desk.found.value.value;
    const isOpening = desk.opened.busy.value;
    if (!isFinding && !isOpening) return nothing;
    const share = desk.readShare.value;
    return html`<div class="view-wait" role="status">
      <i></i>
      <span class="late row"
        >${isFinding ? 'Looking for embeddings' : `Reading the embedding${share > 0 ? ` ${Math.floor(100 * share)} %` : ''}`}
        <button class="btn line" @click=${() => (isFinding ? desk.found.cancel() : desk.opened.cancel())}>
          Cancel
        </button></span
      >
    </div>`;
  }

  private fault(desk: ProjectorDesk) {
    const { run, axisTerms } = desk.projecting;
    const fault = desk.found.fault.value ?? desk.opened.fault.value ?? run.fault.value;
    // It is read again already.
    const lost = desk.opened.busy.value ? undefined : (desk.lost.value ?? axisTerms.fault.value);
    const text = fault ? (fault.code === 'cancelled' ? 'Cancelled' : errorText(fault)) : lost && lostText(lost);
    if (text === undefined) return nothing;
    return html`<p class="notice" role="alert">
      <span class="e">${icon('error')}</span>${text} ${button('Retry', () => desk.retry())}
    </p>`;
  }

  private drawing(): PointsDrawing | undefined {
    return this.querySelector<PointsDrawing>('tp-points') ?? undefined;
  }

  // ---- what is saved

  private async save(label: string): Promise<void> {
    const exports = await this.exports();
    const file = exports?.files.find((one) => one.label === label);
    if (file) saveBlob(await file.make(), file.name);
  }

  exports(): Promise<Exports | undefined> {
    const desk = this.desk;
    const open = desk?.open.value;
    const places = desk?.projecting.places.value;
    const picture = desk?.projecting.picture.value;
    const drawing = this.drawing();
    // What is seen until a picture of this step is there is of another one.
    if (!desk || !open || !places || !drawing || picture?.of.points !== open.points) return Promise.resolve(undefined);
    const name = fileNamePart(`${open.embedding.label}_${picture.options.method}`);
    const legend = desk.look.colouring.value?.legend ?? { kind: 'nothing' };
    const image = async (): Promise<Blob> => {
      const title = desk.look.colourTitle.value;
      return pngOf(withLegend(await drawing.still(PNG_SCALE), PNG_SCALE, title, legend, chartTheme.value));
    };
    const { shown } = desk.look;
    const names = ['x', 'y', 'z'].slice(0, places.columns);
    const seen = (): Coordinates => coordinatesOf({ positions: places.values, names }, shown.value);
    const count = open.points.points;
    const which = shown.value ? ` of ${formatExact(shown.value.length)} of ${plural(count, 'point')}` : '';
    const columns = desk.savedColumns();
    const file = (label: string, hint: string, ending: string, make: () => Promise<Blob>): ExportFile => {
      return { label, hint, name: `${name}${ending}`, make };
    };
    return Promise.resolve({
      what: 'the picture of the embedding',
      files: [
        file('PNG', `as it is seen${legend.kind === 'nothing' ? '' : ', with its legend'}, 2×`, '.png', image),
        file('TSV', `coordinates${columns.length > 0 ? ' and labels' : ''}${which}`, '.tsv', () =>
          blobOf(coordinatesTsv(seen(), open.rows, columns), 'text/tab-separated-values'),
        ),
        file('NumPy', `coordinates${which}, float32`, '.npy', () =>
          Promise.resolve(new Blob(coordinatesNpy(seen()), { type: 'application/octet-stream' })),
        ),
        file('Projector config', 'for the public projector, zipped', '.zip', async () =>
          blobOf(projectorZip(await desk.published(), ''), 'application/zip'),
        ),
      ],
      image,
    });
  }
}

customElements.define('tp-projector', ProjectorView);
