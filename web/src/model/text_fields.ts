/** What a link says of texts: loaded with their view, or with a link that says some of it. */
import { TEXT_COMPARISONS, TEXT_FORMATS } from './state';
import { choice, step, text, type Field } from './url_field';

export const TEXT_FIELDS: Readonly<Record<string, Field>> = {
  text: choice('textFormat', TEXT_FORMATS),
  steps: {
    write: ({ textList }) => (textList.value ? 'list' : undefined),
    read: (state, written) => void (state.textList.value = written === 'list'),
  },
  wrap: {
    write: ({ textWrap }) => (textWrap.value ? undefined : '0'),
    read: (state, written) => void (state.textWrap.value = written !== '0'),
  },
  search: text('textSearch'),
  compare: choice('textComparison', TEXT_COMPARISONS),
  against: step('textAgainst'),
  againstrun: text('textAgainstRun'),
};
