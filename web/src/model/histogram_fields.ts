/** What a link says of histograms: loaded with their view, or with a link that says some of it. */
import { MEASURES } from '../engine/values/histograms';
import { HISTOGRAM_TAG_MODES, Y_SCALES, type HistogramTagMode } from './state';
import { choice, flag, names, namesOf, pairs, step, type Field } from './url_field';

export const HISTOGRAM_FIELDS: Readonly<Record<string, Field>> = {
  histograms: choice('histogramMode', [...HISTOGRAM_TAG_MODES, 'tags']),
  histogramsof: {
    write: ({ histogramModeOfTag: { value } }) => (value.size === 0 ? undefined : names([...value].flat())),
    read(state, written) {
      const modes = new Map<string, HistogramTagMode>();
      for (const [tag, mode] of pairs(namesOf(written))) {
        const known = HISTOGRAM_TAG_MODES.find((one) => one === mode);
        if (known) modes.set(tag, known);
      }
      state.histogramModeOfTag.value = modes;
    },
  },
  bins: choice('histogramBins', ['logged', 'compatible']),
  height: choice('histogramMeasure', MEASURES),
  values: choice('histogramScale', Y_SCALES),
  range: flag('sameRange', 'own'),
  base: step('histogramBase'),
};
