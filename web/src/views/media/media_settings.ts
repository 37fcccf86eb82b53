import { html } from 'lit';
import { FREQUENCY_SCALES, SILENCE, type FrequencyScale } from '../../engine/values/media';
import type { SoundPicture } from '../../model/state';
import { choice } from '../../ui/choice';
import { icon } from '../../ui/icons';
import { slider } from '../../ui/slider';
import { WatchElement } from '../../ui/watch';
import { sheetHead } from '../sheet_head';
import { tagFilter } from '../tag_filter';
import type { ViewContext } from '../view_def';
import { DEFAULT_VOLUME, type SoundDesk } from './sound_desk';

const PICTURES = [['waveform', 'Waveform'], ['spectrogram', 'Spectrogram'], ['both', 'Both']] as const; // prettier-ignore
const SCALE_NAMES: Record<FrequencyScale, string> = { linear: 'Linear', mel: 'Mel', log: 'Log' };

/** How everything of the view is drawn and played. */
export class MediaSettings extends WatchElement {
  static override properties = { context: { attribute: false }, desk: { attribute: false } };
  declare context: ViewContext;
  declare desk: SoundDesk;

  override connectedCallback(): void {
    super.connectedCallback();
    this.className = 'bar';
    this.setAttribute('role', 'group');
    this.setAttribute('aria-label', 'Audio and video settings');
  }

  override render() {
    const { state } = this.context;
    return html`${sheetHead('Tags and sounds')} ${tagFilter(this.context)}
      <div class="row">
        <span class="lb">Show</span
        >${choice<SoundPicture>('Show', PICTURES, state.soundPicture.value, (picture) => (state.soundPicture.value = picture))}
      </div>
      <div class="row opt1">${this.frequency()}</div>
      <div class="row opt2">${this.range()}</div>
      ${this.sync()} ${this.checks('opt3')}
      <button class="btn more-settings" popovertarget="more-media">More${icon('down', 's m3')}</button>
      <div id="more-media" class="pop settings" popover>
        <div class="row opt1">${this.frequency()}</div>
        <div class="row opt2">${this.range()}</div>
        ${this.sync()} ${this.checks('')}
      </div>
      <span class="grow"></span>
      <div class="row volume">${icon('sound', 'm2')} ${this.volume()}</div>`;
  }

  private volume() {
    const { volume } = this.desk;
    const set = (value: number): void => void (volume.value = value);
    return slider({
      label: 'Volume',
      value: volume.value,
      min: 0,
      max: 1,
      step: 0.01,
      byDefault: DEFAULT_VOLUME,
      hasField: false,
      set,
    });
  }

  private frequency() {
    const { frequencyScale } = this.context.state;
    const scales = FREQUENCY_SCALES.map((scale) => [scale, SCALE_NAMES[scale]] as const);
    return html`<span class="lb">Frequency</span
      >${choice('Frequency axis', scales, frequencyScale.value, (scale) => (frequencyScale.value = scale))}`;
  }

  private range() {
    const { soundRange } = this.context.state;
    return html`<span class="lb">Range</span>
      <input
        class="num"
        type="text"
        inputmode="decimal"
        aria-label="Range of spectrograms, in decibels"
        title="What is quieter than a full sine by more is not drawn"
        .value=${`${String(soundRange.value).replace('-', '−')} dB`}
        @change=${(event: Event) => {
          const input = event.target as HTMLInputElement;
          const range = -Math.abs(Number.parseFloat(input.value.replace('−', '-').replace(',', '.')));
          if (range < 0) soundRange.value = Math.min(-1, Math.max(SILENCE, range));
          input.value = `${String(soundRange.value).replace('-', '−')} dB`;
        }}
      />`;
  }

  private sync() {
    return this.check('playInSync', 'Play all in sync', 'opt2', 'Another sound goes on where this one was; animations share a clock'); // prettier-ignore
  }

  private checks(classes: string) {
    return html`${this.check('loopSounds', 'Loop', classes, 'Sounds, or what is selected of them, play again and again')}
    ${this.check('normalise', 'Normalise', classes, 'The loudest sample of each sound is 1')}`;
  }

  private check(key: 'playInSync' | 'loopSounds' | 'normalise', text: string, classes: string, title: string) {
    const { state } = this.context;
    return html`<label class="row ${classes}" title=${title}>
      <input
        class="cb"
        type="checkbox"
        .checked=${state[key].value}
        @change=${(event: Event) => (state[key].value = (event.target as HTMLInputElement).checked)}
      />
      ${text}
    </label>`;
  }
}

customElements.define('tp-media-settings', MediaSettings);
