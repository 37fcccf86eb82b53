/** What the report lists, in words: one entry for each file, and entries of one kind together. */
import type { FilePlace, FileReport, Severity } from '../engine/protocol';
import type { ErrorCode } from '../faults/fault';
import { errorText, kindText, looksText, placeText } from './errors';
import { formatBytes, formatExact, plural } from './format';

/** One thing to say of a file. */
export interface ReportLine {
  /** The same for all that are alike. */
  kind: string;
  severity: Severity;
  title: string;
  /** Where in the file, in order; a record that another line has named already is not named again. */
  places: ReportPlace[];
  /** How many places there are beyond those listed. */
  more: number;
  /** Of records; 0 = it concerns the whole file. */
  count: number;
}

export interface ReportPlace {
  text: string;
  /** What is known of what stood there. */
  details?: string[];
  /** Rows of bytes, each with its offset before it. */
  hex?: string[];
}

/** What is said of one file, the worst first. */
export interface ReportEntry {
  run: string;
  /** '' = it is said of the run. */
  file: string;
  /** Where the file is, if it is in an archive. */
  path?: string;
  lines: [ReportLine, ...ReportLine[]];
}

/** Files whose worst is alike. */
export interface ReportGroup {
  kind: string;
  severity: Severity;
  /** Of all the files together. */
  title: string;
  entries: [ReportEntry, ...ReportEntry[]];
}

/** A line lists no more places than this. */
const MAX_PLACES = 20;
const ORDER: Record<Severity, number> = { error: 0, loss: 1, info: 2, note: 3 };
/** Nothing is lost where there are no logs, or where only an older state of a file is not shown. */
const HARMLESS: ReadonlySet<ErrorCode> = new Set(['no_event_files', 'several_of_a_name']);

/** Files that have something to report. */
export function reportEntries(files: readonly FileReport[]): ReportEntry[] {
  return files.flatMap(({ run, name, path, ...rest }) => {
    const [worst, ...others] = linesOf(rest).sort((a, b) => ORDER[a.severity] - ORDER[b.severity]);
    return worst ? [{ run, file: name, ...(path !== undefined && { path }), lines: [worst, ...others] }] : [];
  });
}

/** Worst first. */
export function reportGroups(entries: readonly ReportEntry[]): ReportGroup[] {
  const groups = new Map<string, [ReportEntry, ...ReportEntry[]]>();
  for (const entry of entries) {
    const group = groups.get(entry.lines[0].kind);
    if (group) group.push(entry);
    else groups.set(entry.lines[0].kind, [entry]);
  }
  return [...groups]
    .map(([kind, alike]) => ({ kind, severity: alike[0].lines[0].severity, title: groupTitle(alike), entries: alike }))
    .sort((a, b) => ORDER[a.severity] - ORDER[b.severity]);
}

/** What a report can be narrowed to. */
export type ReportPart = 'all' | 'lost' | 'restarts' | 'notes';

/** The parts that have something, with the number of their items; everything comes first. */
export function reportParts(
  groups: readonly ReportGroup[],
): { part: ReportPart; title: string; groups: ReportGroup[] }[] {
  const of = (part: ReportPart): ReportGroup[] => groups.filter((group) => part === 'all' || partOf(group) === part);
  const titles = [['all', 'All'], ['lost', 'Lost'], ['restarts', 'Restarts'], ['notes', 'Notes']] as const; // prettier-ignore
  return titles.map(([part, title]) => ({ part, title, groups: of(part) })).filter((one) => one.groups.length > 0);
}

function partOf({ kind, severity }: ReportGroup): ReportPart {
  if (severity === 'error' || severity === 'loss') return 'lost';
  return kind === 'restart' || kind === 'several_files' ? 'restarts' : 'notes';
}

/** Lost data and files that could not be read; notes are none. */
export function isFault({ lines: [{ severity }] }: ReportEntry): boolean {
  return severity === 'error' || severity === 'loss';
}

/** The report as plain text, to be pasted somewhere. */
export function reportText(entries: readonly ReportEntry[]): string {
  return entries
    .map((entry) => {
      const lines = entry.lines.flatMap((line) => [
        line.title,
        ...line.places.flatMap(({ text, details = [], hex = [] }) => [
          `  ${text}`,
          ...[...details, ...hex].map((more) => `    ${more}`),
        ]),
        ...(line.more > 0 ? [`  ${moreText(line)}`] : []),
      ]);
      return [fileOf(entry), ...lines].join('\n  ');
    })
    .join('\n');
}

/** Run and name of the file of an entry, or its place in an archive; files at the root have no run to tell. */
export function fileOf({ run, file, path }: ReportEntry): string {
  if (path !== undefined) return path;
  if (file === '') return run;
  return run === '.' ? file : `${run} / ${file}`;
}

export function moreText({ more }: ReportLine): string {
  return `and ${plural(more, 'more place')}`;
}

function groupTitle(alike: readonly [ReportEntry, ...ReportEntry[]]): string {
  const [{ lines }] = alike;
  const [{ kind, count, title }] = lines;
  if (count === 0) return title;
  return kindText(
    kind,
    alike.reduce((sum, entry) => sum + entry.lines[0].count, 0),
  );
}

function linesOf({ error, looksLike, counts, places }: Omit<FileReport, 'run' | 'name' | 'path'>): ReportLine[] {
  const lines: ReportLine[] = [];
  const whole = { places: [], more: 0, count: 0 };
  if (error) {
    const { offset, size, ...common } = error;
    const foreign = looksLike !== undefined && error.code === 'not_an_event_file';
    const title = foreign ? looksText('Not an event file', looksLike) : errorText(common);
    // How far one file was read is told below what has become of all of them.
    const where = offset === undefined ? [] : [{ text: placeText(offset, size) }];
    const kind = `${error.code} ${looksLike ?? error.detail ?? ''}`;
    lines.push({ ...whole, kind, severity: HARMLESS.has(error.code) ? 'info' : 'error', title, places: where });
  } else if (looksLike !== undefined) {
    // Its records are counted below.
    const title = looksText('Damaged all through', looksLike);
    lines.push({ ...whole, kind: `damaged ${looksLike}`, severity: 'loss', title });
  }
  const told = new Set<number>();
  for (const { kind, severity, count } of counts) {
    const own = places.filter((place) => place.kind === kind);
    const listed = own.filter(({ offset }) => !told.has(offset)).slice(0, MAX_PLACES);
    for (const { offset } of listed) told.add(offset);
    const named = own.filter(({ offset }) => told.has(offset)).length;
    lines.push({
      kind,
      severity,
      title: kindText(kind, count),
      places: listed.map(placeOf),
      more: Math.max(0, count - named),
      count,
    });
  }
  return lines;
}

function placeOf({ offset, bytes, start = '', stored, computed, stepBefore, stepAfter }: FilePlace): ReportPlace {
  const details = [];
  const lost = stepsText(stepBefore, stepAfter);
  if (lost) details.push(lost);
  if (stored !== undefined) details.push(`stored checksum ${stored}, computed ${computed}`);
  const hex = hexRows(start, offset);
  return {
    text: `byte ${formatExact(offset)} · ${formatBytes(bytes)}`,
    ...(details.length > 0 && { details }),
    ...(hex.length > 0 && { hex }),
  };
}

/** Which steps are lost; only those on either side are known. */
function stepsText(before: string | undefined, after: string | undefined): string {
  const exact = (step: string): string => formatExact(BigInt(step));
  if (before === undefined) return after === undefined ? '' : `lost before step ${exact(after)}`;
  if (after === undefined) return `lost after step ${exact(before)}`;
  return before === after ? `lost at step ${exact(before)}` : `lost between steps ${exact(before)} and ${exact(after)}`;
}

/** Sixteen bytes a row. */
function hexRows(digits: string, offset: number): string[] {
  return (digits.match(/.{1,32}/g) ?? []).map((row, i) => {
    const address = (offset + 16 * i).toString(16).padStart(8, '0');
    return `${address}  ${(row.match(/../g) ?? []).join(' ')}`;
  });
}
