/** What lies beside the logs, in words. */
import type { Neighbour } from '../sources/find_neighbours';
import { ALL_KINDS, infoOf, type NeighbourKind } from '../sources/neighbours.mjs';
import { plural } from './format';
import { compareTags } from './tag_order';

/** The files of one kind. */
export interface BesideLine {
  /** "2 projector configs" */
  text: string;
  /** Where it is shown, or will be; '' = nowhere. */
  view: string;
  /** The first of them. */
  paths: string[];
  /** How many there are beyond those. */
  more: number;
}

/** A line lists no more paths than this. */
const MAX_PATHS = 5;

/** By kind, in the order of the table of kinds. */
export function besideLines(files: readonly Neighbour[], bookmarkCount: number): BesideLine[] {
  const byKind = new Map<NeighbourKind, { whole: string[]; parts: string[] }>();
  for (const { kind, path, isPart } of files) {
    const of = byKind.get(kind) ?? { whole: [], parts: [] };
    byKind.set(kind, of);
    (isPart ? of.parts : of.whole).push(path);
  }
  return ALL_KINDS.flatMap((kind): BesideLine[] => {
    const of = byKind.get(kind);
    if (!of) return [];
    const { one, many, view = '' } = infoOf(kind);
    // What is told by its parts alone is one.
    const listed = (of.whole.length > 0 ? of.whole : of.parts.slice(0, 1)).sort(compareTags);
    const text = plural(listed.length, one, many);
    return [
      {
        text: kind === 'bookmarks' ? `${text} (${plural(bookmarkCount, 'state')})` : text,
        view,
        paths: listed.slice(0, MAX_PATHS),
        more: Math.max(0, listed.length - MAX_PATHS),
      },
    ];
  });
}

/** All kinds in one line. */
export function besideSummary(lines: readonly BesideLine[]): string {
  return `Beside the logs: ${lines.map(({ text }) => text).join(', ')}`;
}

/** Where the files of a line are. */
export function besidePlaces({ paths, more, view }: BesideLine): string {
  const list = paths.join(', ') + (more > 0 ? ` and ${plural(more, 'more file')}` : '');
  return view === '' ? list : `For ${view}: ${list}`;
}
