import { effect } from '@preact/signals-core';
import { html, nothing } from 'lit';
import type { WireError } from '../../faults/fault';
import { icon } from '../../ui/icons';
import { counted } from '../../ui/pending';
import { fileNamePart, saveBlob } from '../../ui/save';
import { WatchElement } from '../../ui/watch';
import { blank } from '../blank';
import { LazyCode } from '../lazy_code';
import type { Exports, ExportFile, ViewContext } from '../view_def';
import './drawing';
import type { GraphDrawing } from './drawing';
import { GraphDesk } from './graph_desk';
import { faultOf, noticesOf } from './graph_faults';
import '../panel.css';
import './graphs.css';
import { legend } from './legend';
import './outline';
import { GraphPanel } from './outline';
import './settings_bar';

/** Pixels of a PNG for each of the window. */
const PNG_SCALE = 2;

/** Graphs, one at a time: drawn level by level, or as a table of nodes. */
export class GraphsView extends WatchElement {
  static override properties = { context: { attribute: false } };
  declare context: ViewContext;
  private desk: GraphDesk | undefined;
  private own: GraphPanel | undefined;
  private stop: (() => void) | undefined;
  private readonly table = new LazyCode(() => import('./node_table'));
  private readonly nodePanel = new LazyCode(() => import('./node_panel'));

  readonly panelTitle = 'Outline';

  /** What stands where other views have the runs. */
  get panel(): HTMLElement {
    return (this.own ??= Object.assign(new GraphPanel(), { desk: this.opened() }));
  }

  private opened(): GraphDesk {
    return (this.desk ??= new GraphDesk(this.context));
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.classList.add('view', 'graphs');
    this.opened().start();
    const { graphTable } = this.context.state;
    const stops = [
      // The code of what is told of nodes comes with the first one, that of the table too.
      effect(() => {
        const isSelected = this.opened().selection.isSelected.value;
        this.classList.toggle('has-node', isSelected);
        if (isSelected) this.nodePanel.want();
      }),
      effect(() => {
        if (graphTable.value) this.table.want();
      }),
    ];
    this.stop = () => stops.forEach((stop) => stop());
  }

  /** Its code, its panel and what is asked take a task already: what is in it is made in another. */
  protected override async scheduleUpdate(): Promise<unknown> {
    if (!this.hasUpdated) await counted(new Promise((resolve) => setTimeout(resolve)));
    return super.scheduleUpdate();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.desk?.stop();
    this.stop?.();
  }

  override render() {
    const desk = this.opened();
    const nothingToShow = desk.opened.files.value.length === 0 ? blank(this.context, 'graphs') : undefined;
    if (nothingToShow) return nothingToShow;
    const { state } = this.context;
    const facts = desk.opened.facts.value;
    const drawn = desk.drawn.scene.value.value;
    const isTable = state.graphTable.value !== undefined;
    return html`<tp-graph-settings
        .desk=${desk}
        @fit=${() => this.drawing()?.camera.fit()}
        @save=${({ detail }: CustomEvent<string>) => void this.save(detail)}
      ></tp-graph-settings>
      <div class="graph-main">
        ${this.waiting(desk)} ${this.notices(desk)}
        ${
          !isTable
            ? html`<tp-graph-drawing .desk=${desk}></tp-graph-drawing>`
            : this.table.value.value
              ? html`<tp-graph-table .desk=${desk}></tp-graph-table>`
              : this.table.missing()
        }
        ${facts && drawn && !isTable ? legend(drawn, facts) : nothing}
      </div>
      ${
        !desk.selection.isSelected.value
          ? nothing
          : this.nodePanel.value.value
            ? html`<tp-graph-node
                class="insp"
                .desk=${desk}
                @zoom=${({ detail }: CustomEvent<string[]>) => this.drawing()?.camera.zoomTo(detail)}
                @save=${({ detail }: CustomEvent<string>) => void this.save(detail)}
              ></tp-graph-node>`
            : html`<div class="insp">${this.nodePanel.missing()}</div>`
      }`;
  }

  /** Nothing at first, then a line, then a way to call it off: the style sheet has the times. */
  private waiting(desk: GraphDesk) {
    const busy = desk.opened.answer.busy.value || desk.drawn.scene.busy.value;
    if (!busy) return nothing;
    const cancel = (): void => {
      desk.opened.answer.cancel();
      desk.drawn.scene.cancel();
    };
    return html`<div class="view-wait" role="status">
      <i></i>
      <span class="late row"
        >${desk.opened.answer.busy.value ? 'Reading the graph' : 'Laying it out'}
        <button class="btn line" @click=${cancel}>Cancel</button></span
      >
    </div>`;
  }

  private notices(desk: GraphDesk) {
    const fault = desk.opened.answer.fault.value ?? desk.drawn.scene.fault.value;
    const facts = desk.opened.facts.value;
    const coarse = desk.drawn.scene.value.value?.scene.coarse ?? [];
    const notices = facts && !desk.opened.answer.fault.value ? noticesOf(facts, coarse) : [];
    return html`${fault ? this.fault(fault, () => desk.opened.retry()) : nothing}
    ${notices.map(
      ({ severity, text }) =>
        html`<p class="notice small">
          <span class=${{ info: 'm2', warn: 'w', error: 'e' }[severity]}>${icon(severity, 's')}</span>${text}
        </p>`,
    )}`;
  }

  private fault(fault: WireError, retry: () => void) {
    const chosen = this.desk?.opened.chosen.value;
    const file = chosen?.kind === 'file' ? this.context.shown.graphFiles.value.find(({ path }) => path === chosen.name) : undefined; // prettier-ignore
    const { text, canRetry } = faultOf(fault, file?.size ?? file?.source?.size);
    return html`<p class="notice" role="alert">
      <span class="e">${icon('error')}</span
      >${text}${canRetry ? html`<button class="btn line" @click=${retry}>Retry</button>` : nothing}
    </p>`;
  }

  private drawing(): GraphDrawing | undefined {
    return this.querySelector<GraphDrawing>('tp-graph-drawing') ?? undefined;
  }

  // ---- what is saved

  private async save(format: string): Promise<void> {
    const file = (await this.exports())?.files.find(({ label }) => label === format);
    if (file) saveBlob(await file.make(), file.name);
  }

  /** What is seen of the graph; nothing of a table. */
  async exports(): Promise<Exports | undefined> {
    const scene = this.desk?.drawn.scene.value.value?.scene;
    const chosen = this.desk?.opened.chosen.value;
    if (!scene || !chosen || !this.drawing()) return undefined;
    const { dotText, jsonText, partOf } = await import('./graph_exports');
    const name = fileNamePart(
      chosen.kind === 'file' ? chosen.name : `${this.context.shown.runLabel(chosen.run)}_graph`,
    );
    const text = (label: string, hint: string, type: string, make: () => string): ExportFile => ({
      label,
      hint,
      name: `${name}.${label.toLowerCase()}`,
      make: () => Promise.resolve(new Blob([make()], { type })),
    });
    const area = this.context.state.graphArea.value;
    const part = area.length === 0 ? scene : partOf(scene, new Set(area));
    const image = (): Promise<Blob> => this.png();
    return {
      what: 'the drawing of the graph',
      files: [
        text('SVG', 'as it is seen', 'image/svg+xml', () => this.drawing()?.svgOf()?.svg ?? ''),
        { label: 'PNG', hint: 'as it is seen, 2×', name: `${name}.png`, make: image },
        text('DOT', 'for Graphviz', 'text/vnd.graphviz', () => dotText(part)),
        text('JSON', 'boxes, edges and places', 'application/json', () => jsonText(part)),
      ],
      image,
    };
  }

  private async png(): Promise<Blob> {
    const picture = this.drawing()?.svgOf();
    if (!picture) throw new Error('nothing is drawn');
    const url = URL.createObjectURL(new Blob([picture.svg], { type: 'image/svg+xml' }));
    try {
      const image = Object.assign(new Image(), { src: url });
      await image.decode();
      const canvas = document.createElement('canvas');
      [canvas.width, canvas.height] = [picture.width * PNG_SCALE, picture.height * PNG_SCALE];
      canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height);
      return await new Promise<Blob>((resolve, reject) => {
        canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error('the picture is too large'))), 'image/png');
      });
    } finally {
      URL.revokeObjectURL(url);
    }
  }
}

customElements.define('tp-graphs', GraphsView);
