/** What a link says of sounds and animations: loaded with their view, or with a link that says some of it. */
import { FREQUENCY_SCALES, SILENCE } from '../engine/media';
import { isRange } from './range';
import { SOUND_PICTURES } from './state';
import { choice, DEFAULTS, names, namesOf, pairs, ranges, type Field } from './url_field';

export const MEDIA_FIELDS: Readonly<Record<string, Field>> = {
  sounds: choice('soundPicture', SOUND_PICTURES),
  frequency: choice('frequencyScale', FREQUENCY_SCALES),
  decibels: {
    write: ({ soundRange }) => (soundRange.value === DEFAULTS.soundRange.value ? undefined : String(soundRange.value)),
    read(state, written) {
      const range = Number(written);
      if (range >= SILENCE && range < 0) state.soundRange.value = range;
    },
  },
  normalise: {
    write: ({ normalise }) => (normalise.value ? '1' : undefined),
    read: (state, written) => void (state.normalise.value = written === '1'),
  },
  loop: {
    write: ({ loopSounds }) => (loopSounds.value ? '1' : undefined),
    read: (state, written) => void (state.loopSounds.value = written === '1'),
  },
  soundzoom: {
    write: ({ soundZoom: { value } }) =>
      value.size === 0 ? undefined : names([...value].flatMap(([tag, span]) => [tag, ranges(span)])),
    read(state, written) {
      const zooms = new Map<string, readonly [number, number]>();
      for (const [tag, span] of pairs(namesOf(written))) {
        const [from = NaN, to = NaN, ...more] = span.split(':').map((end) => (end === '' ? NaN : Number(end)));
        if (more.length === 0 && from >= 0 && isRange(from, to)) zooms.set(tag, [from, to]);
      }
      state.soundZoom.value = zooms;
    },
  },
  sync: {
    write: ({ playInSync }) => (playInSync.value ? undefined : '0'),
    read: (state, written) => void (state.playInSync.value = written !== '0'),
  },
};
