/** Cards that a person keeps at the top of their view. Pure, but for the button. */
import { html, type TemplateResult } from 'lit';
import { icon } from '../../ui/icons';
import type { CardGroup } from './card_grid';

/** Begins the name of the groups of pinned cards: no tag has it in its name. */
const PINNED = '\0pinned';

export function isPinnedGroup(name: string): boolean {
  return name.startsWith(PINNED);
}

/** Which group a pinned card is in: cards of different forms cannot share one. */
export function pinnedGroupOf(form: string | undefined): string {
  return form === undefined ? PINNED : `${PINNED} ${form}`;
}

/** A group, and how many of its cards are among the pinned. */
export interface PinnableGroup extends CardGroup {
  pinned?: number;
}

/** The groups with the pinned cards before them, in the order they were pinned, and no longer in their own. */
export function withPinned(groups: readonly CardGroup[], pins: readonly string[]): readonly PinnableGroup[] {
  if (pins.length === 0) return groups;
  const formOf = new Map(groups.flatMap(({ cards, form }) => cards.map((card) => [card, form] as const)));
  const pinned = new Map<string | undefined, string[]>();
  for (const card of pins) {
    if (!formOf.has(card)) continue;
    const form = formOf.get(card);
    pinned.set(form, [...(pinned.get(form) ?? []), card]);
  }
  if (pinned.size === 0) return groups;
  const isPinned = new Set(pins);
  const rest = groups.flatMap((group) => {
    const cards = group.cards.filter((card) => !isPinned.has(card));
    return cards.length === 0 ? [] : [{ ...group, cards, pinned: group.cards.length - cards.length }];
  });
  return [...[...pinned].map(([form, cards]) => ({ name: pinnedGroupOf(form), cards, form })), ...rest];
}

/** Fires `pin`, which the view of the card takes. */
export function pinButton(isPinned: boolean): TemplateResult {
  return html`<span class="tools pin"
    ><button
      class="btn ico"
      aria-label="Pin"
      aria-pressed=${isPinned}
      title=${isPinned ? 'Unpin  P' : 'Pin to the top  P'}
      @click=${(event: Event) => event.currentTarget?.dispatchEvent(new Event('pin', { bubbles: true }))}
    >
      ${icon('pin')}
    </button></span
  >`;
}
