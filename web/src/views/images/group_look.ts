import { signal } from '@preact/signals-core';
import { html, nothing } from 'lit';
import { groupLabel } from '../../model/tag_groups';
import { icon } from '../../ui/icons';
import { placePopover } from '../../ui/place_popover';
import { WatchElement } from '../../ui/watch';
import type { Board } from './board';
import { lookFields } from './look_fields';

let count = 0;

/** How the images of one section are seen, in place of how all are. */
export class GroupLook extends WatchElement {
  static override properties = { board: { attribute: false }, section: { attribute: false } };
  declare board: Board;
  declare section: string;
  /** What nobody sees does not exist: there may be any number of sections. */
  private readonly open = signal(false);
  private readonly popoverId = `group-look-${count++}`;

  override render() {
    const { imageLooks } = this.board.context.state;
    const hasOwn = imageLooks.value.has(this.section);
    const reset = (): void => {
      const looks = new Map(imageLooks.value);
      looks.delete(this.section);
      imageLooks.value = looks;
    };
    return html`<button
        class="btn ico"
        popovertarget=${this.popoverId}
        aria-label=${`Look of ${groupLabel(this.section)}`}
        title="Brightness, contrast, channel and colours of this group"
        aria-pressed=${hasOwn}
        @click=${(event: Event) => placePopover(this.querySelector('.pop') as HTMLElement, event.currentTarget as Element)}
      >
        ${icon('theme', 's')}
      </button>
      <div
        id=${this.popoverId}
        class="pop settings"
        popover
        @beforetoggle=${(event: ToggleEvent) => (this.open.value = event.newState === 'open')}
      >
        ${this.open.value ? lookFields(this.board, this.section) : nothing}
        ${hasOwn ? html`<button class="btn line reset" @click=${reset}>As all others</button>` : nothing}
      </div>`;
  }
}

customElements.define('tp-group-look', GroupLook);
