import { computed, effect, signal, untracked } from '@preact/signals-core';
import { html, nothing } from 'lit';
import { asWireError } from '../../faults/fault';
import { bytesOf, type ImageItem, type MediaItem, type MediaPoint, type SoundItem } from '../../engine/values/media';
import { errorText, mediaFaultText } from '../../model/errors';
import { formatExact, plural, tagLabel } from '../../model/format';
import { icon } from '../../ui/icons';
import { counted } from '../../ui/pending';
import { saveBytes } from '../../ui/save';
import { WatchElement } from '../../ui/watch';
import { enlargeButton } from '../cards/enlarge';
import { whenNear } from '../cards/near';
import { PointWatch, type ShownPoint } from '../cards/point_watch';
import { pinButton } from '../cards/pins';
import { shownStep } from '../cards/shown_step';
import type { ViewContext } from '../view_def';
import { imageText, mediaFileName, secondsText, soundText, unknownText } from './media_text';
import { OpenSound } from './open_sound';
import type { Playback } from './player/playback';
import './player/player';
import type { SoundDesk } from './sound_desk';
import './sound_picture';

type Shown = ShownPoint<MediaPoint>;

/** What one run wrote under one tag, at the step of the scrubber: a sound, an animation or a video. */
export class MediaCard extends WatchElement {
  static override properties = {
    pinned: { type: Boolean },
    context: { attribute: false },
    series: { attribute: false },
    desk: { attribute: false },
    playback: { attribute: false },
    large: { attribute: false },
  };
  declare context: ViewContext;
  /** It is kept at the top of its view. */
  declare pinned: boolean;
  declare series: number;
  declare desk: SoundDesk;
  /** The clock of all animations, if they are in sync. */
  declare playback: Playback | undefined;
  /** It covers the view. */
  declare large: boolean;
  private readonly seen = signal(false);
  /** Enlarged, it may lie far from what is seen of the grid. */
  private readonly covers = signal(false);
  private readonly near = computed(() => this.seen.value || this.covers.value);
  /** Which of the items of the point. */
  private readonly index = signal(0);
  private readonly notice = signal<{ of: Shown; text: string } | undefined>(undefined);
  /** A sound that the browser did not play. */
  private readonly unheard = signal<MediaItem | undefined>(undefined);
  private readonly sound = signal<OpenSound | undefined>(undefined);
  private readonly video = signal<string | undefined>(undefined);
  /** The label of an item, as Markdown; until it is, or if it cannot be, it is shown as it is written. */
  private readonly formatted = signal<{ label: string; element: HTMLElement } | undefined>(undefined);
  /** What `sound` or `video` are of. */
  private opened: MediaItem | undefined;
  private formatting: string | undefined;
  private watch: PointWatch<MediaPoint> | undefined;
  private stops: (() => void)[] = [];
  /** The item that is shown, and where it is. */
  private readonly item = computed(() => {
    const shown = this.watch?.shown.value;
    const point = shown?.kind === 'point' ? shown.value : undefined;
    const index = Math.min(this.index.value, (point?.items.length ?? 1) - 1);
    const item = point?.items[index];
    return point && item ? { point, item, index } : undefined;
  });

  override connectedCallback(): void {
    super.connectedCallback();
    this.watch ??= new PointWatch(this.context, this.series, this.near, {
      read: (point, signal) => this.context.engine.media(this.series, point, signal),
    });
    this.watch.start();
    this.stops = [
      whenNear(this, (near) => (this.seen.value = near)),
      effect(() => {
        const shown = this.item.value;
        const near = this.near.value;
        untracked(() => this.open(near ? shown : undefined));
      }),
    ];
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.watch?.stop();
    for (const stop of this.stops.splice(0)) stop();
    this.open(undefined);
  }

  private open(shown: { point: MediaPoint; item: MediaItem } | undefined): void {
    // While a run grows, the same is told again.
    if (shown?.item === this.opened) return;
    this.opened = shown?.item;
    this.desk.release(this.key);
    this.sound.peek()?.close();
    const video = this.video.peek();
    if (video !== undefined) URL.revokeObjectURL(video);
    const bytes = shown && bytesOf(shown.point, shown.item);
    const item = shown && bytes && bytes.length > 0 ? shown.item : undefined;
    this.sound.value = item?.kind === 'sound' && bytes ? new OpenSound(item, bytes, this.context.engine) : undefined;
    this.video.value =
      item?.kind === 'video' && bytes ? URL.createObjectURL(new Blob([bytes], { type: item.mime })) : undefined;
  }

  private get key(): string {
    return String(this.series);
  }

  private get tag(): string {
    return this.context.engine.catalogue.tag(this.series);
  }

  private get run(): string {
    return this.context.engine.catalogue.runName(this.series);
  }

  private get runLabel(): string {
    return this.context.shown.runLabel(this.run);
  }

  protected override willUpdate(): void {
    this.covers.value = this.large;
  }

  override render() {
    const shown = this.watch?.shown.value;
    const item = this.item.value;
    const style = this.context.shown.lineStyle(this.run);
    const facts = item && (item.item.kind === 'sound' ? soundText(item.item) : imageText(item.item));
    return html`<header>
        ${item?.item.kind === 'sound' ? this.playButton() : nothing}
        <div class="who">
          <h3 title=${`${this.runLabel}, ${tagLabel(this.tag)}`}>
            <i class="sw d${style.ring % 4}" .style=${`--c: ${style.colour}`}></i
            ><span class="el">${this.runLabel}</span
            >${this.large ? html`<span class="el m2">${tagLabel(this.tag)}</span>` : nothing}
          </h3>
          <p class="m3 small el facts" title=${facts ?? nothing}>${facts}</p>
          <p class="small where">${this.where(shown)}${this.soundNotes()}${this.items()}</p>
        </div>
        <div class="tools">${this.saveButton(shown)} ${enlargeButton(this.large)}</div>
        ${pinButton(this.pinned)}
      </header>
      ${this.label(item?.item)}
      <div class="body">${this.body(shown, style.colour)}</div>`;
  }

  private playButton() {
    const sound = this.sound.value;
    const playing = this.desk.playing === this.key;
    const fault = sound?.fault.value;
    // What is only too long to be drawn can be heard.
    const isMute = sound === undefined || fault?.code === 'undecodable';
    return html`<button
      class="pb"
      aria-label=${playing ? 'Pause' : 'Play'}
      aria-disabled=${isMute}
      title=${isMute && fault ? errorText(fault) : nothing}
      @click=${() => {
        if (!isMute) this.desk.toggle(this.key, sound.sound(this.context.state.normalise));
      }}
    >
      ${icon(playing ? 'pause' : 'play')}
    </button>`;
  }

  private saveButton(shown: Shown | undefined) {
    if (shown?.kind !== 'point' && shown?.kind !== 'failed') return nothing;
    if (shown.kind === 'point' && !shown.value) return nothing;
    return html`<button
      class="btn ico"
      aria-label="Save the bytes"
      title="Save the bytes as they are in the log"
      @click=${() => this.save(shown)}
    >
      ${icon('save', 's')}
    </button>`;
  }

  private where(shown: Shown | undefined) {
    if (shown?.kind !== 'point' && shown?.kind !== 'failed') return nothing;
    return shownStep(shown, this.context.state.step.value);
  }

  /** That not all of a sound is there, or that it is not heard. */
  private soundNotes() {
    const item = this.item.value?.item;
    if (item?.kind !== 'sound') return nothing;
    const clip = this.sound.value?.clip.value;
    const isCut = item.mime === 'audio/wav' && clip !== undefined && clip.frames < item.frames;
    const seconds = (frames: number): string => (clip ? secondsText(frames / clip.sampleRate) : '');
    return html`${isCut ? html`<span class="w nw" title="The bytes end before the sound does">cut, ${seconds(clip.frames)} of ${seconds(item.frames)}</span>` : nothing}
    ${this.unheard.value === item ? html`<span class="w el" role="alert" title="The browser can’t play it: save the bytes to hear it elsewhere">not playable here</span>` : nothing}`;
  }

  /** Which of several items of a point is shown. */
  private items() {
    const item = this.item.value;
    const count = item?.point.items.length ?? 0;
    if (!item || count < 2) return nothing;
    const go = (by: number) => () => (this.index.value = (item.index + by + count) % count);
    return html`<span class="items nw"
      ><button class="btn ico" aria-label="Previous sample" @click=${go(-1)}>${icon('left', 's')}</button
      ><span class="m3" title=${item.point.count > count ? `${formatExact(item.point.count)} in the log` : nothing}
        >${formatExact(item.index + 1)} of ${formatExact(count)}</span
      ><button class="btn ico" aria-label="Next sample" @click=${go(1)}>${icon('right', 's')}</button></span
    >`;
  }

  private label(item: MediaItem | undefined) {
    if (!item || item.label.trim() === '') return nothing;
    const formatted = this.formatted.value;
    if (formatted?.label !== item.label) void this.formatLabel(item.label);
    const shown = formatted?.label === item.label ? formatted.element : item.label.replace(/\s+/g, ' ').trim();
    return html`<p class="label el" title=${item.label}>${shown}</p>`;
  }

  /** Of most labels there is nothing to format: what does it is loaded when there is. */
  private async formatLabel(label: string): Promise<void> {
    if (!MARKED.test(label) || this.formatting === label) return;
    this.formatting = label;
    const element = await counted(import('../text_work/label').then(({ labelOf }) => labelOf(label))).catch(
      () => undefined,
    );
    if (element && this.formatting === label) this.formatted.value = { label, element };
  }

  private body(shown: Shown | undefined, colour: string) {
    if (!shown) return nothing;
    const notice = this.notice.value;
    if (notice?.of === shown) return html`<p class="note e" role="alert">${notice.text}</p>`;
    if (shown.kind === 'nothing') return html`<p class="note">Nothing was written</p>`;
    if (shown.kind === 'later') {
      return html`<p class="note">Nothing at or before this step. The first is ${formatExact(shown.first)}</p>`;
    }
    if (shown.kind === 'failed') {
      return html`<div class="note e" role="alert">
        <p>${errorText(shown.error)}</p>
        <button class="btn line" @click=${() => this.watch?.retry()}>Retry</button>
      </div>`;
    }
    if (!shown.value) return html`<p class="note">Nothing was written at this step</p>`;
    if (shown.value.error !== '') return this.lost(shown, mediaFaultText(shown.value.error));
    const item = this.item.value;
    if (!item) return html`<p class="note">No ${plural(0, 'sample').replace('0 ', '')} at this step</p>`;
    if (item.item.length === 0) return html`<p class="note e">${unknownText(item.item)}</p>`;
    if (item.item.kind === 'sound') return this.pictures(item.item, shown, colour);
    if (item.item.kind === 'video') return this.videoOf(item.item, shown);
    return this.animation(item.item, item.point, shown);
  }

  /** What it is, why it is not shown, and the way out. */
  private lost(shown: Shown & { kind: 'point' }, why: string) {
    return html`<div class="note e" role="alert">
      <p>${why}</p>
      <button class="btn line" @click=${() => this.save(shown)}>Save the bytes</button>
    </div>`;
  }

  private pictures(item: SoundItem, shown: Shown & { kind: 'point' }, colour: string) {
    const sound = this.sound.value;
    if (!sound) return nothing;
    const { state } = this.context;
    const fault = sound.fault.value;
    if (fault) return this.lost(shown, `${unknownText(item)}. ${errorText(fault)}`);
    const picture = state.soundPicture.value;
    const of = `${tagLabel(this.tag)}, ${this.runLabel}`;
    return html`${
      picture === 'spectrogram'
        ? nothing
        : html`<tp-waveform
            .state=${state}
            .sound=${sound}
            .desk=${this.desk}
            .soundKey=${this.key}
            .tag=${this.tag}
            .label=${`Waveform: ${of}`}
            .colour=${colour}
          ></tp-waveform>`
    }${
      picture === 'waveform'
        ? nothing
        : html`<tp-spectrogram
            .state=${state}
            .sound=${sound}
            .desk=${this.desk}
            .soundKey=${this.key}
            .tag=${this.tag}
            .label=${`Spectrogram: ${of}`}
            .colour=${colour}
          ></tp-spectrogram>`
    }`;
  }

  private videoOf(item: ImageItem, shown: Shown & { kind: 'point' }) {
    const url = this.video.value;
    if (url === undefined) return nothing;
    return html`<video
      controls
      loop
      playsinline
      preload="metadata"
      src=${url}
      aria-label=${`Video: ${tagLabel(this.tag)}, ${this.runLabel}`}
      @error=${() => (this.notice.value = { of: shown, text: `${unknownText(item)}. ${errorText({ code: 'undecodable' })}` })}
    ></video>`;
  }

  private animation(item: ImageItem, point: MediaPoint, shown: Shown & { kind: 'point' }) {
    if (item.mime === '') return this.lost(shown, `${unknownText(item)}. ${errorText({ code: 'undecodable' })}`);
    if (!this.near.value) return nothing;
    return html`<tp-player
      .item=${item}
      .bytes=${itemBytes(point, item)}
      .engine=${this.context.engine}
      .playback=${this.playback}
      .label=${`${tagLabel(this.tag)}, ${this.runLabel}`}
    ></tp-player>`;
  }

  private async save(shown: Shown & { kind: 'point' | 'failed' }): Promise<void> {
    const item = this.item.peek();
    const { tag, runLabel: run } = this;
    try {
      if (item && shown.kind === 'point') {
        saveBytes(bytesOf(item.point, item.item), mediaFileName(tag, run, shown.step, item.index, item.item));
        return;
      }
      const content = await this.context.engine.content(this.series, shown.point);
      const unknown: Pick<MediaItem, 'mime'> = { mime: '' };
      if (content) saveBytes(content, mediaFileName(tag, run, shown.step, 0, unknown));
    } catch (error) {
      this.notice.value = { of: shown, text: errorText(asWireError(error)) };
    }
  }

  /** What is heard of it cannot be played: what is drawn of it stays. */
  failed(): void {
    this.unheard.value = this.item.peek()?.item;
  }
}

/** What may be more than text in Markdown. */
const MARKED = /[*_`[<&\\#>|~-]|^\d+[.)]|https?:/m;

/** The same view each time, so that a player is not begun anew. */
const views = new WeakMap<MediaItem, Uint8Array<ArrayBuffer>>();
function itemBytes(point: MediaPoint, item: MediaItem): Uint8Array<ArrayBuffer> {
  const known = views.get(item) ?? bytesOf(point, item);
  views.set(item, known);
  return known;
}

customElements.define('tp-media-card', MediaCard);
