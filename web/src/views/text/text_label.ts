import { tagLabel } from '../../model/format';

/** torch and tensorboardX put it behind the name of each text (their `summary.text`). */
const SUFFIX = /\/text_summary$/;

/** What a text is called. */
export function textLabel(tag: string): string {
  return tagLabel(tag.replace(SUFFIX, ''));
}
