/** The ways to draw histograms, and what distinguishes them. */
import type { HistogramMode } from '../../model/state';

export const MODES: readonly (readonly [HistogramMode, title: string, hint: string])[] = [
  ['offset', 'Offset', 'Each step behind the next'],
  ['heat', 'Heat map', 'Step by value'],
  ['bands', 'Bands', 'Percentiles over steps'],
  ['overlay', 'Overlay', 'All steps over each other'],
  ['runs', 'Runs', 'Runs over each other, at one step'],
  ['tags', 'Tags', 'Tags of a group over each other, at one step'],
];

export function titleOf(mode: HistogramMode): string {
  return MODES.find(([one]) => one === mode)?.[1] ?? mode;
}

/** Whether values go up rather than across. */
export function isUpright(mode: HistogramMode): boolean {
  return mode === 'heat' || mode === 'bands';
}

/** Whether several series are drawn over each other at one step, not one over its steps. */
export function isAtStep(mode: HistogramMode): boolean {
  return mode === 'runs' || mode === 'tags';
}
