/** What the report lists: one item for each file and kind of trouble, in words. */
import type { FileReport, Severity } from '../engine/protocol';
import { errorText, kindText } from './errors';
import { formatBytes, formatExact, plural } from './format';

export interface ReportItem {
  severity: Severity;
  title: string;
  run: string;
  file: string;
  /** Where in the file, in order. */
  places: string[];
  /** How many places there are beyond those listed. */
  more: number;
  count: number;
}

/** An item lists no more places than this. */
const MAX_PLACES = 20;
const ORDER: Record<Severity, number> = { error: 0, loss: 1, info: 2, note: 3 };

/** Worst first, then by file. */
export function reportItems(files: readonly FileReport[]): ReportItem[] {
  return files.flatMap(itemsOf).sort((a, b) => ORDER[a.severity] - ORDER[b.severity]);
}

/** Lost data and files that could not be read; notes are none. */
export function isFault({ severity }: ReportItem): boolean {
  return severity === 'error' || severity === 'loss';
}

/** Names of the files with lost data, with their runs. */
export function faultyFiles(items: readonly ReportItem[]): ReadonlySet<string> {
  return new Set(items.filter(isFault).map(fileOf));
}

/** The report as plain text, to be pasted somewhere. */
export function reportText(items: readonly ReportItem[]): string {
  return items
    .map((item) => [item.title, fileOf(item), ...item.places, ...(item.more > 0 ? [moreText(item)] : [])].join('\n  '))
    .join('\n');
}

/** Run and name of the file of an item; files at the root have no run to tell. */
export function fileOf({ run, file }: ReportItem): string {
  return run === '.' ? file : `${run} / ${file}`;
}

export function moreText({ more }: ReportItem): string {
  return `and ${plural(more, 'more place')}`;
}

function itemsOf({ run, name, error, looksLike, counts, places }: FileReport): ReportItem[] {
  const items: ReportItem[] = [];
  const common = { run, file: name };
  const seen = looksLike ? [looksLike] : [];
  if (error) {
    items.push({ ...common, severity: 'error', title: errorText(error), places: seen, more: 0, count: 1 });
  } else if (looksLike) {
    // Its records are counted below.
    items.push({ ...common, severity: 'loss', title: 'Damaged all through', places: seen, more: 0, count: 0 });
  }
  for (const { kind, severity, count } of counts) {
    const listed = places.filter((place) => place.kind === kind).slice(0, MAX_PLACES);
    const texts = listed.map(({ offset, bytes }) => `byte ${formatExact(offset)} · ${formatBytes(bytes)}`);
    const title = kindText(kind, count);
    items.push({ ...common, severity, title, places: texts, more: Math.max(0, count - listed.length), count });
  }
  return items;
}
