/** What a link says of texts: loaded with their view, or with a link that says some of it. */
import { TEXT_COMPARISONS, TEXT_FORMATS } from './state';
import { choice, flag, step, text, type Field } from './url_field';

export const TEXT_FIELDS: Readonly<Record<string, Field>> = {
  text: choice('textFormat', TEXT_FORMATS),
  steps: flag('textList', 'list'),
  wrap: flag('textWrap', '0'),
  search: text('textSearch'),
  compare: choice('textComparison', TEXT_COMPARISONS),
  against: step('textAgainst'),
  againstrun: text('textAgainstRun'),
};
