import { computed, signal, untracked, type ReadonlySignal } from '@preact/signals-core';
import { html, nothing, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { formatExact, plural } from '../../model/format';
import { groupLabel } from '../../model/tag_groups';
import { icon } from '../../ui/icons';
import { WatchElement } from '../../ui/watch';
import { blank } from '../blank';
import type { ViewContext } from '../view_def';
import { CardGrid, type CardGroup, type Form, type Gap, type Measures, type Section } from './card_grid';
import type { HasMain } from './enlarge';
import { isPinnedGroup, pinnedGroupOf, withPinned, type PinnableGroup } from './pins';
import './cards.css';

/** Cards exist up to this far beyond the visible part, px: farther than they are drawn (near.ts). */
const SPARE_PX = 640;
/** Scrolling by less changes nothing, px. */
const SCROLL_STEP_PX = 160;
/** A card higher than others by less than a row of its read-out is as high as they are, px. */
const MIN_EXTRA_PX = 8;

/** What in a card can have the focus. */
const FOCUSABLE = 'button, input, select, textarea, a[href], [tabindex]';

/** What is at the top of the visible part: it stays there while others come, go or change their width. */
interface Anchor {
  card: string;
  /** How far the row of the card is scrolled out, px. */
  below: number;
}

/**
 * A view of cards in groups, each with a head that folds it. Only elements near the visible part exist, since there may
 * be any number of cards; the others are empty space ({@link CardGrid}). A card is known by its key.
 */
export abstract class CardsView extends WatchElement {
  static override properties = { context: { attribute: false } };
  declare context: ViewContext;

  /** Id of the view, for what is said when there is nothing. */
  protected abstract readonly kind: string;
  protected abstract readonly groups: ReadonlySignal<readonly CardGroup[]>;
  /** What one card is called, in the head of a group. */
  protected abstract readonly cardName: string;
  /** Element name of a card. */
  protected abstract readonly cardElement: string;
  /** Names of the forms that groups of cards may have, besides the usual one: each has a probe to be measured. */
  protected readonly forms: readonly string[] = [];
  protected abstract groupOf(card: string): string;
  protected abstract keyOf(element: Element): string;
  protected abstract card(key: string): TemplateResult;
  /** Settings above the cards. */
  protected abstract settings(): TemplateResult;

  /** What else is in the head of a group. */
  protected headTools(_group: CardGroup): TemplateResult | typeof nothing {
    return nothing;
  }

  /** What is docked below the cards. */
  protected docked(): TemplateResult | typeof nothing {
    return nothing;
  }
  /** Why there are no cards, if it is for a reason of this view alone. */
  protected noCards(): TemplateResult | undefined {
    return undefined;
  }

  /** Keys of the pinned cards of this view, in the order they were pinned. */
  private readonly pins = computed(() =>
    this.context.state.pins.value.filter(([view]) => view === this.kind).map(([, card]) => card),
  );
  private readonly shownGroups = computed(() => withPinned(this.groups.value, this.pins.value));
  /** The group of pinned cards that each of them is in. */
  private readonly pinnedGroups = computed(() => {
    const pinned = this.shownGroups.value.filter(({ name }) => isPinnedGroup(name));
    return new Map(pinned.flatMap(({ cards, form }) => cards.map((card) => [card, pinnedGroupOf(form)] as const)));
  });

  protected isPinned(card: string): boolean {
    return this.pinnedGroups.value.has(card);
  }

  /** The card becomes another element elsewhere: what had the focus in it has it again. */
  private async togglePin(card: string): Promise<void> {
    const before = this.elementOf<HTMLElement>(card);
    const had = before?.contains(document.activeElement) ? document.activeElement : null;
    const place = had && before ? [...before.querySelectorAll(FOCUSABLE)].indexOf(had) : -1;
    const label = had?.ariaLabel;
    const { pins } = this.context.state;
    const rest = pins.value.filter(([view, key]) => view !== this.kind || key !== card);
    pins.value = rest.length < pins.value.length ? rest : [...rest, [this.kind, card]];
    if (place < 0) return;
    this.focused.value = card;
    await this.updateComplete;
    const after = this.elementOf<HTMLElement & { updateComplete?: Promise<unknown> }>(card);
    await after?.updateComplete;
    const all = [...(after?.querySelectorAll<HTMLElement>(FOCUSABLE) ?? [])];
    // What comes as values are read may not be there yet: a name is surer than a place.
    ((label && all.find((one) => one.ariaLabel === label)) || all[place])?.focus();
  }

  /** Keys of the cards that there are, in order. */
  protected readonly cards = computed(() => {
    const closed = this.context.state.closedGroups.value;
    return this.shownGroups.value.flatMap(({ name, cards }) => (closed.has(name) ? [] : cards));
  });

  /** Key of the card that covers the others, which nothing can reach then. */
  protected readonly large = computed(() => {
    const key = this.context.state.enlarged.value.get(this.kind);
    const isThere = key !== undefined && !this.context.shown.hidden.value && this.cards.value.includes(key);
    return isThere ? key : undefined;
  });

  /** The card is to have the class `large`, and exists wherever it is. */
  protected isLarge(card: string): boolean {
    return this.large.value === card;
  }

  /** The card is to be inert: another one covers it. */
  protected isCovered(card: string): boolean {
    return this.large.value !== undefined && this.large.value !== card;
  }

  /** @param card undefined = back to the grid. */
  private enlarge(card: string | undefined): void {
    const { enlarged } = this.context.state;
    const focused = card ?? enlarged.peek().get(this.kind);
    const next = new Map(enlarged.peek());
    if (card === undefined) next.delete(this.kind);
    else next.set(this.kind, card);
    enlarged.value = next;
    if (focused !== undefined) void this.focusCard(focused);
  }

  /** Brings a card into view, if it was not, and gives it the focus. */
  protected async focusCard(card: string): Promise<void> {
    this.focused.value = card;
    await this.updateComplete;
    const element = this.elementOf<HTMLElement & Partial<HasMain>>(card);
    if (element?.focusMain) await element.focusMain();
    else element?.querySelector<HTMLElement>('.enlarge')?.focus({ preventScroll: true });
    if (this.large.peek() === undefined) element?.scrollIntoView({ block: 'nearest' });
  }

  /** Unknown until there is room to measure: nothing exists before. */
  private readonly measures = signal<Measures | undefined>(undefined);
  /** The measures as text, to be compared. */
  private measured = '';
  /** How much higher than others a card is: its read-out is unfolded, which it is to stay. By key. */
  private readonly extra = signal<ReadonlyMap<string, number>>(new Map());
  private readonly grid = computed(
    () =>
      this.measures.value &&
      new CardGrid(
        this.shownGroups.value,
        (card) => this.pinnedGroups.value.get(card) ?? this.groupOf(card),
        this.context.state.closedGroups.value,
        this.measures.value,
        this.extra.value,
      ),
  );
  private readonly height = signal(0);
  /** Rises when another part is to exist. */
  private readonly scrolled = signal(0);
  /** How far it is scrolled, or is to be, px. */
  private topEdge = 0;
  /** How far it was when that was last set or seen; undefined = it is still to be set. */
  private seenTop: number | undefined;
  private anchor: Anchor | undefined;
  /** The grid that the anchor was found in. */
  private anchored: CardGrid | undefined;
  /** Key of the card that has the focus, or had it last, or is to have it. */
  protected readonly focused = signal<string | undefined>(undefined);
  private readonly resizes = new ResizeObserver((entries) => this.onResize(entries));
  private readonly watched = new WeakSet<Element>();

  override connectedCallback(): void {
    super.connectedCallback();
    this.classList.add('view', 'cards-view');
    addEventListener('keydown', this.onKey);
    // Away from the page, it was not scrolled.
    this.seenTop = undefined;
    this.requestUpdate();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    removeEventListener('keydown', this.onKey);
  }

  protected override firstUpdated(): void {
    this.measure();
    for (const element of this.querySelectorAll('.scroll, .probe')) this.resizes.observe(element);
  }

  protected override updated(): void {
    for (const card of this.querySelectorAll(this.cardElement)) {
      if (!this.watched.has(card)) this.resizes.observe(card);
      this.watched.add(card);
    }
    const scroll = this.scroller;
    if (scroll && Math.abs(scroll.scrollTop - this.topEdge) >= 1) scroll.scrollTop = this.topEdge;
    this.seenTop = scroll?.scrollTop;
  }

  /** The element of a card, if it exists. */
  protected elementOf<E extends Element>(card: string): E | undefined {
    return [...this.querySelectorAll<E>(this.cardElement)].find((element) => this.keyOf(element) === card);
  }

  private get scroller(): HTMLElement | null {
    return this.querySelector<HTMLElement>('.scroll');
  }

  private onResize(entries: readonly ResizeObserverEntry[]): void {
    this.measure();
    const grid = this.grid.peek();
    if (!grid) return;
    const extra = new Map(this.extra.value);
    for (const { target } of entries) {
      if (!target.matches(`${this.cardElement}:not(.large)`) || !target.isConnected) continue;
      const key = this.keyOf(target);
      const more = (target as HTMLElement).offsetHeight - (grid.cardHeight(key) ?? 0);
      if (more > MIN_EXTRA_PX) extra.set(key, more);
      else extra.delete(key);
    }
    const before = this.extra.value;
    if (extra.size !== before.size || [...extra].some(([key, more]) => before.get(key) !== more))
      this.extra.value = extra;
  }

  private measure(): void {
    const scroll = this.scroller;
    if (!scroll || scroll.clientWidth === 0) return;
    const forms = new Map<string, Form>();
    for (const probe of this.querySelectorAll<HTMLElement>('.probe')) {
      const columns = Math.max(1, Math.floor(scroll.clientWidth / probe.offsetWidth));
      forms.set(probe.dataset['form'] ?? '', { columns, cardHeight: probe.offsetHeight });
    }
    const usual = forms.get('');
    if (!usual) return;
    const headHeight = parseFloat(getComputedStyle(this).getPropertyValue('--tp-h-head'));
    const key = JSON.stringify([headHeight, [...forms]]);
    if (key !== this.measured) this.measures.value = { ...usual, headHeight, forms };
    this.measured = key;
    this.height.value = scroll.clientHeight;
  }

  private readonly onScroll = (): void => {
    const [scroll, grid] = [this.scroller, this.grid.value];
    if (!scroll || !grid) return;
    this.seenTop = this.topEdge = scroll.scrollTop;
    this.findAnchor(grid);
    this.scrolled.value = Math.floor(this.topEdge / SCROLL_STEP_PX);
  };

  /** Takes over where it was scrolled to: that is told only with the next frame, and something may be drawn before. */
  private takeScroll(): void {
    const top = this.scroller?.scrollTop;
    if (top === undefined || this.seenTop === undefined || top === this.seenTop) return;
    this.seenTop = this.topEdge = top;
    if (this.anchored) this.findAnchor(this.anchored);
  }

  private findAnchor(grid: CardGrid): void {
    const card = this.topEdge > 0 ? grid.cardAt(this.topEdge) : undefined;
    this.anchor = card === undefined ? undefined : { card, below: this.topEdge - (grid.topOf(card)?.top ?? 0) };
    this.anchored = grid;
  }

  /** Where to scroll to, so that the anchor stays where it is in another grid. */
  private keepAnchor(grid: CardGrid): void {
    if (grid === this.anchored) return;
    const [{ anchor }, row] = [this, this.anchor && grid.topOf(this.anchor.card)];
    if (anchor && row) this.topEdge = row.top + (row.open ? anchor.below : Math.min(0, anchor.below));
    this.topEdge = Math.max(0, Math.min(this.topEdge, grid.height - this.height.peek()));
    this.findAnchor(grid);
  }

  private readonly onFocus = (event: FocusEvent): void => {
    const card = (event.target as Element).closest(this.cardElement);
    if (card) this.focused.value = this.keyOf(card);
  };

  private readonly onPin = (event: Event): void => {
    const card = (event.target as Element).closest(this.cardElement);
    if (card) void this.togglePin(this.keyOf(card));
  };

  private readonly onEnlarge = (event: Event): void => {
    const card = (event.target as Element).closest(this.cardElement);
    if (!card) return;
    const key = this.keyOf(card);
    this.enlarge(this.large.value === key ? undefined : key);
  };

  /** Escape leads back to the grid from wherever the focus is. */
  private readonly onKey = (event: KeyboardEvent): void => {
    if (event.key === 'Escape' && this.large.value !== undefined && !event.defaultPrevented) this.enlarge(undefined);
  };

  /** The keys of every card: what a card takes itself does not come here. */
  private readonly onKeyInCards = (event: KeyboardEvent): void => {
    const { target } = event;
    const isTyping = target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement;
    if (isTyping || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    const card = (target as Element).closest(this.cardElement);
    if (!card) return;
    const isLarge = this.large.value !== undefined;
    const { key } = event;
    if (key === 'p') {
      this.onPin(event);
    } else if (key === 'f' && card.querySelector('.enlarge')) {
      this.onEnlarge(event);
    } else if (key.startsWith('Arrow') && (target as Element).matches(isLarge ? '.plot, .enlarge' : '.plot')) {
      if (!isLarge && (key === 'ArrowLeft' || key === 'ArrowRight')) return;
      event.preventDefault();
      const by = key === 'ArrowLeft' || key === 'ArrowUp' ? -1 : 1;
      const next = this.cards.value[this.cards.value.indexOf(this.keyOf(card)) + by];
      if (next === undefined) return;
      if (isLarge) this.enlarge(next);
      else void this.focusCard(next);
    }
  };

  override render() {
    return html`${this.settings()}
      <div class="card-area">
        <div
          class="scroll"
          @scroll=${this.onScroll}
          @focusin=${this.onFocus}
          @pin=${this.onPin}
          @enlarge=${this.onEnlarge}
          @keydown=${this.onKeyInCards}
        >
          <div class="probe"></div>
          ${this.forms.map((form) => html`<div class="probe" data-form=${form}></div>`)}
          ${blank(this.context, this.kind) ?? this.noCards() ?? this.sections()}
        </div>
      </div>
      ${this.docked()}`;
  }

  private sections() {
    const grid = this.grid.value;
    if (!grid) return nothing;
    void this.scrolled.value;
    untracked(() => {
      this.takeScroll();
      this.keepAnchor(grid);
    });
    const focused = this.focused.value;
    const large = this.large.value;
    const kept = [...[focused, large].filter((card) => card !== undefined), ...this.extra.value.keys()];
    const [from, to] = [this.topEdge - SPARE_PX, this.topEdge + this.height.value + SPARE_PX];
    return repeat(
      grid.sections(from, to, kept),
      (section, i) => ('gap' in section ? i : section.group.name),
      (section) => ('gap' in section ? gap(section) : this.section(section)),
    );
  }

  private section({ group, open, columns, items }: Section) {
    const { closedGroups } = this.context.state;
    const { pinned = 0 } = group as PinnableGroup;
    const label = isPinnedGroup(group.name) ? 'Pinned' : groupLabel(group.name);
    const toggle = (): void => {
      const closed = new Set(closedGroups.value);
      if (open) closed.add(group.name);
      else closed.delete(group.name);
      closedGroups.value = closed;
    };
    return html`<section aria-label=${label}>
      <header class="group-head" ?inert=${this.large.value !== undefined}>
        <h2>
          <button aria-expanded=${open} @click=${toggle}>
            ${icon(open ? 'down' : 'right', 's m3')}<span class="st el">${label}</span>
            <span class="ct" title=${plural(group.cards.length, this.cardName)}
              >${formatExact(group.cards.length)}</span
            >
            ${pinned > 0 ? html`<span class="ct">${formatExact(pinned)} pinned</span>` : nothing}
          </button>
        </h2>
        ${this.headTools(group)}
      </header>
      ${
        open
          ? html`<div class="cards" .style=${`--columns: ${columns}`}>
              ${repeat(
                items,
                (item, i) => (typeof item === 'string' ? item : i),
                (item) => (typeof item === 'string' ? this.card(item) : gap(item)),
              )}
            </div>`
          : nothing
      }
    </section>`;
  }
}

function gap({ gap }: Gap) {
  return html`<div class="gap" .style=${`height: ${gap}px`}></div>`;
}
