import type { Selection } from './state';

export function isShown({ shownByDefault, exceptions }: Selection, run: string): boolean {
  return exceptions.has(run) !== shownByDefault;
}

/** Every run, also of those that come later. */
export const ALL_SHOWN: Selection = { shownByDefault: true, exceptions: new Set() };

/** The selection with these runs shown or hidden. */
export function withShown(selection: Selection, runs: Iterable<string>, shown: boolean): Selection {
  const exceptions = new Set(selection.exceptions);
  for (const run of runs) {
    if (shown === selection.shownByDefault) exceptions.delete(run);
    else exceptions.add(run);
  }
  return { ...selection, exceptions };
}

/** Shows these runs and nothing else, also of those that come later. */
export function onlyShown(runs: Iterable<string>): Selection {
  return { shownByDefault: false, exceptions: new Set(runs) };
}
