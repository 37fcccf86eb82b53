/** What a link says of sounds and animations: loaded with their view, or with a link that says some of it. */
import { FREQUENCY_SCALES, SILENCE } from '../engine/values/media';
import { isRange } from './range';
import { SOUND_PICTURES } from './state';
import { choice, flag, names, namesOf, number, pairs, ranges, type Field } from './url_field';

export const MEDIA_FIELDS: Readonly<Record<string, Field>> = {
  sounds: choice('soundPicture', SOUND_PICTURES),
  frequency: choice('frequencyScale', FREQUENCY_SCALES),
  decibels: number('soundRange', SILENCE, -1),
  normalise: flag('normalise', '1'),
  loop: flag('loopSounds', '1'),
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
  sync: flag('playInSync', '0'),
};
