import { html } from 'lit';
import { IMAGE_CHANNELS, type ImageChannel } from '../../model/state';
import { choice } from '../../ui/choice';
import type { Board } from './board';

const CHANNEL_NAMES: Record<ImageChannel, string> = { all: 'All', red: 'Red', green: 'Green', blue: 'Blue', alpha: 'Alpha' }; // prettier-ignore

/** The look of a section; '' = of all that have none of their own. */
export function lookFields(board: Board, section: string) {
  const look = board.look(section);
  const factor = (key: 'brightness' | 'contrast', name: string) =>
    html`<label class="row"
      ><span class="lb">${name}</span
      ><input
        class="num"
        type="text"
        inputmode="decimal"
        aria-label=${name}
        .value=${look[key].toFixed(2)}
        @change=${(event: Event) => {
          const input = event.target as HTMLInputElement;
          const value = Number(input.value.replace(',', '.'));
          if (value >= 0 && value <= 100 && input.value.trim() !== '') board.setLook(section, { [key]: value });
          input.value = board.look(section)[key].toFixed(2);
        }}
    /></label>`;
  const channels = IMAGE_CHANNELS.map((channel) => [channel, CHANNEL_NAMES[channel]] as const);
  return html`${factor('brightness', 'Brightness')} ${factor('contrast', 'Contrast')}
    <div class="row">
      <span class="lb">Channel</span
      >${choice('Channel', channels, look.channel, (channel) => board.setLook(section, { channel }))}
    </div>
    <label class="row" title="Grey images and single channels in the colours of heat maps">
      <input
        class="cb"
        type="checkbox"
        .checked=${look.falseColour}
        @change=${(event: Event) => board.setLook(section, { falseColour: (event.target as HTMLInputElement).checked })}
      />
      False colours
    </label>`;
}
