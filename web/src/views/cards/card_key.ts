/** Keys of cards that show one run under one tag. Names, never numbers: they stand in the address (pins). */

import type { ViewContext } from '../view_def';

/** No run has it in its name. */
const SEPARATOR = '\0';

export function cardKey(tag: string, run: string): string {
  return tag + SEPARATOR + run;
}

/** The tag of a key; of a key that is a tag, the tag. */
export function tagOfKey(key: string): string {
  const at = key.lastIndexOf(SEPARATOR);
  return at < 0 ? key : key.slice(0, at);
}

/** The cards of one tag: one for each run that is drawn. */
export function keysOf({ shown, engine }: ViewContext, kind: string, tag: string): string[] {
  return shown.seriesOf(kind, tag).map((one) => cardKey(tag, engine.catalogue.runName(one)));
}

/** The series of each card of a view. */
export function seriesByKey({ shown, engine }: ViewContext, kind: string): Map<string, number> {
  const series = new Map<string, number>();
  for (const tag of shown.tags(kind)) {
    for (const one of shown.seriesOf(kind, tag)) series.set(cardKey(tag, engine.catalogue.runName(one)), one);
  }
  return series;
}
