/** Restarts in words, and the report's items about them. */
import type { Purge, RestartPlace, RestartReport } from '../engine/protocol';
import { formatCount, formatExact, formatStep, plural } from './format';
import type { ReportEntry, ReportLine } from './report_items';
import type { RunRestarts } from './restarts';

/** The readings of runs that were restarted: what each is called, and what it does. */
export const PURGE_CHOICES: readonly (readonly [Purge, string, string])[] = [
  ['latest', 'Latest wins', 'Points that were written again replace the earlier ones'],
  ['none', 'Keep all', 'Every point as it was written, as one line'],
  ['split', 'Split', 'Every point, and a line of its own for each restart'],
  ['tensorboard', 'As TensorBoard', 'The points that TensorBoard’s own reader keeps'],
];

/** "Restarted at step 40: 30 points superseded" */
export function restartText(run: RunRestarts, purge: Purge): string {
  return `${restartTitle(run)}: ${purge === 'tensorboard' ? purgedText(run.dropped) : overlap(run.superseded, purge)}`;
}

/** Where, and how much: "40 · 30 pts" */
export function restartBadge({ restarts, step, superseded, dropped }: RunRestarts, purge: Purge): string {
  const count = purge === 'tensorboard' ? dropped : superseded;
  const points = `${formatCount(count)} ${count === 1 ? 'pt' : 'pts'}`;
  return restarts === 0 ? points : `${formatStep(step)} · ${points}`;
}

/** One line for each place where a run was restarted: the files, the steps, the points. */
export function placeTexts({ places, placeCount }: RestartReport, purge: Purge): string[] {
  const rest = placeCount - places.length;
  return [
    ...places.map((place) => placeText(place, purge)),
    ...(rest > 0 ? [`and ${plural(rest, 'more place')}`] : []),
  ];
}

/** How many points came from each file. */
export function fileTexts({ files, fileCount }: RestartReport): string[] {
  const rest = fileCount - files.length;
  return [
    ...files.map(({ name, points }) => `${name} · ${plural(points, 'point')}`),
    ...(rest > 0 ? [`and ${plural(rest, 'more file')}`] : []),
  ];
}

/**
 * What the report says of runs that were restarted or written by several files.
 * @param totals of each run that was restarted: a report lists only its first places
 * @param labelOf what a run is called
 */
export function restartEntries(
  runs: Iterable<RestartReport>,
  totals: ReadonlyMap<string, RunRestarts>,
  purge: Purge,
  labelOf: (run: string) => string,
): ReportEntry[] {
  return [...runs].flatMap((report) => {
    const [first, ...others] = linesOf(report, totals.get(report.run), purge);
    return first ? [{ run: labelOf(report.run), file: '', lines: [first, ...others] }] : [];
  });
}

function linesOf(report: RestartReport, total: RunRestarts | undefined, purge: Purge): ReportLine[] {
  const lines: ReportLine[] = [];
  const line = { severity: 'info', count: 1, more: 0 } as const;
  if (total) {
    const title = purge === 'tensorboard' ? restartText(total, purge) : restartTitle(total);
    const places = placeTexts(report, purge).map((text) => ({ text }));
    lines.push({ ...line, kind: 'restart', title, places });
  }
  if (report.fileCount > 1) {
    const title = `${plural(report.fileCount, 'file')} read as one run`;
    lines.push({ ...line, kind: 'several_files', title, places: fileTexts(report).map((text) => ({ text })) });
  }
  return lines;
}

function restartTitle({ restarts: times, step }: RunRestarts): string {
  if (times === 0) return 'Not restarted';
  if (times === 1) return `Restarted at step ${formatExact(step)}`;
  return `Restarted ${formatExact(times)} times, first at step ${formatExact(step)}`;
}

function placeText({ before, after, step, lastStep, tags, superseded }: RestartPlace, purge: Purge): string {
  const files = before === after ? `within ${after}` : `${before} → ${after}`;
  const steps = `Step ${formatExact(lastStep)} back to ${formatExact(step)}`;
  return `${steps} in ${plural(tags, 'tag')}, ${overlap(superseded, purge)} · ${files}`;
}

function overlap(points: number, purge: Purge): string {
  return `${plural(points, 'point')} ${purge === 'latest' ? 'superseded' : 'written again'}`;
}

/** It goes by its own rules (`wasm/log/tensorboard_purge.h`): not by what was written again. */
function purgedText(points: number): string {
  return points === 0 ? 'TensorBoard leaves nothing out' : `TensorBoard leaves out ${plural(points, 'point')}`;
}
