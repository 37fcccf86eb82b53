import { computed } from '@preact/signals-core';
import { html } from 'lit';
import { tagLabel } from '../../model/format';
import { cardKey, seriesByKey, tagOfKey } from '../cards/card_key';
import { StepCardsView } from '../cards/step_cards_view';
import type { MediaCard } from './media_card';
import './media_card';
import './media_settings';
import './media.css';
import { Playback } from './player/playback';
import { SoundDesk } from './sound_desk';

/** Cards of sounds are rows. */
const SOUND = 'sound';

/** Sounds, animations and videos: a group for each tag, a card for each run, at one step. */
export class MediaView extends StepCardsView {
  protected readonly kind = 'audio';
  protected readonly cardName = 'run';
  protected readonly cardElement = 'tp-media-card';
  protected override readonly forms = [SOUND];
  /** By key: tag and run. */
  private readonly series = computed(() => seriesByKey(this.context, this.kind));
  protected readonly groups = computed(() => {
    const { shown, engine } = this.context;
    return shown
      .tags(this.kind)
      .map((tag) => {
        const series = shown.seriesOf(this.kind, tag);
        return {
          name: tag,
          cards: series.map((one) => cardKey(tag, engine.catalogue.runName(one))),
          form: series.some((one) => engine.catalogue.plugin(one) === 'audio') ? SOUND : undefined,
        };
      })
      .filter(({ cards }) => cards.length > 0);
  });
  private readonly playback = new Playback();
  private readonly desk = computed(() => {
    const { state } = this.context;
    return new SoundDesk(state.playInSync, state.loopSounds, (key) => {
      const cards = [...this.querySelectorAll<MediaCard>(this.cardElement)];
      cards.find(({ series }) => String(series) === key)?.failed();
    });
  });

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.playback.pause();
    this.desk.peek().pause();
  }

  protected groupOf(key: string): string {
    return tagOfKey(key);
  }

  protected keyOf(card: Element): string {
    const { catalogue } = this.context.engine;
    const { series } = card as MediaCard;
    return cardKey(catalogue.tag(series), catalogue.runName(series));
  }

  protected card(key: string) {
    const series = this.series.value.get(key);
    if (series === undefined) return html``;
    const { shown, engine, state } = this.context;
    const run = shown.runLabel(engine.catalogue.runName(series));
    const isRow = this.groups.value.find(({ name }) => name === tagOfKey(key))?.form === SOUND;
    return html`<tp-media-card
      class="card ${isRow ? SOUND : ''} ${this.isLarge(key) ? 'large' : ''}"
      role="article"
      aria-label=${`${tagLabel(tagOfKey(key))}, ${run}`}
      ?inert=${this.isCovered(key)}
      .large=${this.isLarge(key)}
      .pinned=${this.isPinned(key)}
      .context=${this.context}
      .series=${series}
      .desk=${this.desk.value}
      .playback=${state.playInSync.value ? this.playback : undefined}
    ></tp-media-card>`;
  }

  protected settings() {
    return html`<tp-media-settings .context=${this.context} .desk=${this.desk.value}></tp-media-settings>`;
  }
}

customElements.define('tp-media', MediaView);
