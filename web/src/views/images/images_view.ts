import { computed, effect } from '@preact/signals-core';
import { html, nothing } from 'lit';
import { StepCardsView } from '../cards/step_cards_view';
import { growthOf } from '../cards/growth';
import { isPinnedGroup } from '../cards/pins';
import { formatExact, tagLabel } from '../../model/format';
import { IMAGE_COMPARISONS, type ImagePlace } from '../../model/state';
import { icon } from '../../ui/icons';
import { Board } from './board';
import type { ImageCell } from './image_cell';
import type { ImageRow } from './image_row';
import './image_row';
import './images.css';
import './compare_drawer';
import './full_screen';
import './group_look';
import type { SavedSeries } from './save_all';
import './settings_bar';
import { axesOf, flowsOf, placeIn, rowKey, sectionOfRow, sectionsOf, type Item, type Section } from './matrix';

/** The form of groups whose images flow. */
const FLOW = 'flow';

/** Images as a matrix: rows and columns of samples, runs, steps or tags, in sections, at one step. */
export class ImagesView extends StepCardsView {
  protected readonly kind = 'images';
  protected readonly cardName = 'row';
  protected readonly cardElement = 'tp-image-row';

  /** By tag, then by run. */
  private readonly seriesOf = computed(() => {
    const { shown, engine } = this.context;
    return new Map(
      shown
        .tags(this.kind)
        .map((tag) => [
          tag,
          new Map(shown.seriesOf(this.kind, tag).map((series) => [engine.catalogue.runName(series), series])),
        ]),
    );
  });
  private readonly board = computed(() => new Board(this.context, () => this.union?.steps.at(-1)));
  private readonly axes = computed(() => {
    const { imageRows, imageColumns } = this.context.state;
    return axesOf(imageRows.value, imageColumns.value);
  });
  private readonly parts = computed((): ReadonlyMap<string, Section> => {
    const [series, board] = [this.seriesOf.value, this.board.value];
    const sections = sectionsOf({
      ...this.axes.value,
      tags: [...series.keys()],
      seriesOf: (tag) => [...(series.get(tag) ?? [])].map(([run, one]) => ({ run, series: one })),
      sample: this.context.state.imageSample.value,
      known: (section) => board.known(section),
    });
    return new Map(sections.map((section) => [section.name, section]));
  });
  /** Rows by key. */
  private readonly rows = computed(() => {
    const rows = new Map<string, Item>();
    for (const section of this.parts.value.values()) {
      for (const row of section.rows) rows.set(rowKey(section, row), row);
    }
    return rows;
  });
  /** Of the sections that flow, their groups. How many steps or samples there are is learned too late to flow by. */
  private readonly flows = computed((): ReadonlyMap<string, string> => {
    const { columns } = this.axes.value;
    const mayFlow = (columns === 'run' || columns === 'tag') && !this.context.state.imageTarget.value;
    return mayFlow ? flowsOf([...this.parts.value.values()]) : new Map();
  });
  protected override readonly forms = [FLOW];
  protected readonly groups = computed(() => {
    const groups = new Map<string, { name: string; cards: string[]; form?: string }>();
    for (const section of this.parts.value.values()) {
      const cards = section.rows.map((row) => rowKey(section, row));
      const flow = this.flows.value.get(section.name);
      const group = flow === undefined ? undefined : groups.get(flow);
      if (group) group.cards.push(...cards);
      else
        groups.set(flow ?? section.name, {
          name: flow ?? section.name,
          cards,
          ...(flow !== undefined && { form: FLOW }),
        });
    }
    return [...groups.values()];
  });
  /** Runs of each group that flows. */
  private readonly flowRuns = computed(() => {
    const runs = new Map<string, Set<string>>();
    for (const section of this.parts.value.values()) {
      const flow = this.flows.value.get(section.name);
      const run = section.columns[0]?.run ?? section.base.run;
      if (flow !== undefined && run !== undefined) runs.set(flow, (runs.get(flow) ?? new Set()).add(run));
    }
    return runs;
  });
  private stops: (() => void)[] = [];
  private readonly sizes = new ResizeObserver(() => this.onScrollLeft());

  override connectedCallback(): void {
    super.connectedCallback();
    addEventListener('keydown', this.onImageKey);
    this.stops = [
      effect(() => void this.classList.toggle('comparing', this.isComparing)),
      effect(() => {
        const board = this.board.value;
        const widths = [...this.flows.value.keys()].map((section) => board.cellWidth(section));
        this.style.setProperty('--flow-w', `${Math.max(0, ...widths)}px`);
      }),
      effect(() => this.style.setProperty('--image-h', `${this.context.state.imageHeight.value}px`)),
      effect(() => {
        const { rows, columns } = this.axes.value;
        void growthOf(this.context.engine).value;
        if (rows === 'step' || columns === 'step') void this.askSteps([...this.parts.value.values()]);
      }),
    ];
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    removeEventListener('keydown', this.onImageKey);
    for (const stop of this.stops.splice(0)) stop();
  }

  protected override firstUpdated(): void {
    super.firstUpdated();
    const scroll = this.querySelector('.scroll');
    scroll?.addEventListener('scroll', () => this.onScrollLeft(), { passive: true });
    if (scroll) this.sizes.observe(scroll);
    this.onScrollLeft();
  }

  private get isComparing(): boolean {
    const { imageA, imageB } = this.context.state;
    return imageA.value !== undefined || imageB.value !== undefined;
  }

  /** Compares the first two images that are drawn and may be held against each other; or ends it. */
  private readonly compare = (): void => {
    const { imageA, imageB } = this.context.state;
    if (this.isComparing) {
      imageA.value = imageB.value = undefined;
      return;
    }
    const drawn = [...this.querySelectorAll<ImageCell>('.scroll tp-image-cell:not(.target)')].flatMap((cell) =>
      cell.drawnSize ? [{ place: cell.place, ...cell.drawnSize }] : [],
    );
    for (const [i, a] of drawn.entries()) {
      const b = drawn.slice(i + 1).find(({ width, height }) => width === a.width && height === a.height);
      if (b) {
        [imageA.value, imageB.value] = [a.place, b.place];
        return;
      }
    }
    imageA.value = drawn[0]?.place ?? this.places()[0];
  };

  /** V: how two images are compared, or that they are; A: pixels as they are; up and down: the image of another row. */
  private readonly onImageKey = (event: KeyboardEvent): void => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    const target = event.target as HTMLElement;
    if (target.matches('input, textarea, select, [role=tab], [role=treeitem]') || target.closest('dialog')) return;
    const { imageComparison, imageFit } = this.context.state;
    const row = target.matches('.frame') ? target.closest<ImageRow>(this.cardElement) : null;
    const by = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (event.key === 'v') {
      const next =
        IMAGE_COMPARISONS[(IMAGE_COMPARISONS.indexOf(imageComparison.peek()) + 1) % IMAGE_COMPARISONS.length];
      if (!this.isComparing) this.compare();
      else if (next) imageComparison.value = next;
    } else if (event.key === 'a') imageFit.value = imageFit.peek() === 'actual' ? 'fit' : 'actual';
    else if (row && by !== undefined) {
      const cards = this.cards.peek();
      const across = row.flows ? Number(getComputedStyle(row).getPropertyValue('--columns')) : 1;
      const at = cards.indexOf(row.key);
      const next = cards[at + by * across] ?? cards[at + by];
      if (next === undefined) return;
      this.board.peek().focusedLeft = target.getBoundingClientRect().left;
      void this.focusCard(next);
    } else return;
    event.preventDefault();
  };

  private onScrollLeft(): void {
    const scroll = this.querySelector('.scroll');
    if (scroll) this.board.peek().scrolledTo(scroll.scrollLeft, scroll.clientWidth);
  }

  private async askSteps(sections: readonly Section[]): Promise<void> {
    const { engine } = this.context;
    const board = this.board.peek();
    await Promise.all(
      sections.map(async ({ name, series }) => {
        // Without an answer the engine is dead, which the shell says.
        const union = await engine.steps(Uint32Array.from(series)).catch(() => undefined);
        if (union) board.learn(name, { steps: [...union.steps] });
      }),
    );
  }

  protected groupOf(key: string): string {
    const section = sectionOfRow(key);
    return this.flows.value.get(section) ?? section;
  }

  protected keyOf(row: Element): string {
    return (row as ImageRow).key;
  }

  protected card(key: string) {
    const section = this.parts.value.get(sectionOfRow(key));
    const row = this.rows.value.get(key);
    if (!section || !row) return html``;
    return html`<tp-image-row
      class="image-row ${this.flows.value.has(section.name) ? FLOW : ''}"
      .flows=${this.flows.value.has(section.name)}
      .board=${this.board.value}
      .section=${section}
      .row=${row}
      .pinned=${this.isPinned(key)}
      .columnAxis=${this.axes.value.columns}
    ></tp-image-row>`;
  }

  protected override headTools({ name }: { name: string }) {
    if (isPinnedGroup(name)) return html`<div class="head-tools">${this.against()}</div>`;
    const runs = this.flowRuns.value.get(name);
    // Images that flow have a look by their tags.
    const own = runs
      ? this.runOf([...runs])
      : html`<tp-group-look .board=${this.board.value} .section=${name}></tp-group-look>`;
    return html`<div class="head-tools">${this.against()}${own}</div>`;
  }

  /** The run that all images of a group are of, if it is one. */
  private runOf([run, ...others]: readonly string[]) {
    if (run === undefined || others.length > 0) return nothing;
    const { shown } = this.context;
    const { ring, colour } = shown.lineStyle(run);
    return html`<p class="of-run small">
      <i class="sw d${ring % 4}" .style=${`--c: ${colour}`}></i><span class="el">${shown.runLabel(run)}</span>
    </p>`;
  }

  /** What all images are held against, and the end of it. */
  private against() {
    const { shown, state } = this.context;
    const target = state.imageTarget.value;
    if (!target) return nothing;
    const step = target.step === undefined ? '' : `, step ${formatExact(target.step)}`;
    const title = `Every image is held against ${tagLabel(target.tag)} of ${shown.runLabel(target.run)}${step}`;
    return html`<p class="against small" title=${title}>
        <span class="m3">Against</span> <span class="el">${tagLabel(target.tag)}</span>
      </p>
      <button
        class="btn ico"
        aria-label="Unpin the target"
        title="Unpin the target"
        @click=${() => (state.imageTarget.value = undefined)}
      >
        ${icon('close', 's')}
      </button>`;
  }

  /** How many samples any point has, of those that are known. */
  private readonly sampleCount = computed(() => {
    const board = this.board.value;
    return Math.max(1, ...[...this.parts.value.keys()].map((section) => board.known(section).samples));
  });

  /** All images, in order. */
  private readonly places = (): ImagePlace[] =>
    [...this.parts.peek().values()].flatMap((section) =>
      section.rows.flatMap((row) => section.columns.flatMap((column) => placeIn(section, row, column) ?? [])),
    );

  /** All series that are shown, for who saves them. */
  private readonly allSeries = (): SavedSeries[] => {
    const { shown } = this.context;
    return [...this.seriesOf.peek()].flatMap(([tag, runs]) =>
      [...runs].map(([run, series]) => ({ tag, run: shown.runLabel(run), series })),
    );
  };

  protected settings() {
    return html`<tp-image-settings
      .context=${this.context}
      .board=${this.board.value}
      .series=${this.allSeries}
      .sampleCount=${this.sampleCount.value}
      .comparing=${this.isComparing}
      .compare=${this.compare}
    ></tp-image-settings>`;
  }

  protected override docked() {
    const board = this.board.value;
    return html`${this.isComparing ? html`<tp-image-compare .board=${board}></tp-image-compare>` : nothing}${
      board.full.value
        ? html`<tp-image-full .board=${board} .places=${this.places} .union=${this.union}></tp-image-full>`
        : nothing
    }${super.docked()}`;
  }
}

customElements.define('tp-images', ImagesView);
