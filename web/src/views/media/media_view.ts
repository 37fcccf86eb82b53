import { computed } from '@preact/signals-core';
import { html, nothing } from 'lit';
import { tagLabel } from '../../model/format';
import '../../ui/step_scrubber';
import { CardsView } from '../cards/cards_view';
import { ViewSteps } from '../cards/view_steps';
import type { MediaCard } from './media_card';
import './media_card';
import './media_settings';
import './media.css';
import { Playback } from './player/playback';
import { SoundDesk } from './sound_desk';

/** No run has it in its name. */
const SEPARATOR = '\0';
/** Cards of sounds are rows. */
const SOUND = 'sound';

/** Sounds, animations and videos: a group for each tag, a card for each run, at one step. */
export class MediaView extends CardsView {
  protected readonly kind = 'audio';
  protected readonly cardName = 'run';
  protected readonly cardElement = 'tp-media-card';
  protected override readonly forms = [SOUND];
  /** By key: tag and run. */
  private readonly series = computed(() => {
    const { shown, engine } = this.context;
    const series = new Map<string, number>();
    for (const tag of shown.tags(this.kind)) {
      for (const one of shown.seriesOf(this.kind, tag)) series.set(keyOf(tag, engine.catalogue.runName(one)), one);
    }
    return series;
  });
  protected readonly groups = computed(() => {
    const { shown, engine } = this.context;
    return shown
      .tags(this.kind)
      .map((tag) => {
        const series = shown.seriesOf(this.kind, tag);
        return {
          name: tag,
          cards: series.map((one) => keyOf(tag, engine.catalogue.runName(one))),
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
  private steps: ViewSteps | undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    this.steps ??= new ViewSteps(this.context, this.kind);
    this.steps.start();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.steps?.stop();
    this.playback.pause();
    this.desk.peek().pause();
  }

  protected groupOf(key: string): string {
    return tagOf(key);
  }

  protected keyOf(card: Element): string {
    const { catalogue } = this.context.engine;
    const { series } = card as MediaCard;
    return keyOf(catalogue.tag(series), catalogue.runName(series));
  }

  protected card(key: string) {
    const series = this.series.value.get(key);
    if (series === undefined) return html``;
    const { shown, engine, state } = this.context;
    const run = shown.runLabel(engine.catalogue.runName(series));
    const isRow = this.groups.value.find(({ name }) => name === tagOf(key))?.form === SOUND;
    return html`<tp-media-card
      class="card ${isRow ? SOUND : ''}"
      role="article"
      aria-label=${`${tagLabel(tagOf(key))}, ${run}`}
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

  protected override docked() {
    const union = this.steps?.union.value;
    if (!union || union.steps.length === 0) return nothing;
    return html`<tp-step-scrubber .state=${this.context.state} .union=${union}></tp-step-scrubber>`;
  }
}

function keyOf(tag: string, run: string): string {
  return tag + SEPARATOR + run;
}

function tagOf(key: string): string {
  return key.slice(0, key.lastIndexOf(SEPARATOR));
}

customElements.define('tp-media', MediaView);
