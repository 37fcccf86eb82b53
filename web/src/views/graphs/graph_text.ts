/** Words for what graphs have. Pure. */
import type { Box, BoxKind, GraphColour, Scene } from '../../engine/graphs/graphs';
import { formatBytes, formatExact, formatStep, formatValue, plural } from '../../model/format';
import type { Moment } from './graph_choice';

/** µs as they are read: 840 µs, 1.284 ms, 2.5 s. */
export function formatMicros(micros: number): string {
  if (Number.isNaN(micros)) return '–';
  if (micros < 1000) return `${formatValue(micros)} µs`;
  return micros < 1e6 ? `${formatValue(micros / 1000)} ms` : `${formatValue(micros / 1e6)} s`;
}

/** What a box is coloured by, where that is a number that is known; '' = nothing. */
export function valueOf({ colour }: Pick<Box, 'colour'>, by: GraphColour, { most }: Pick<Scene, 'most'>): string {
  if ((by !== 'time' && by !== 'memory') || Number.isNaN(colour)) return '';
  return by === 'time' ? formatMicros(colour * most) : formatBytes(Math.round(colour * most));
}

/** A device by its end: "/job:worker/replica:0/task:0/device:GPU:0" is "GPU:0". */
export function shortDevice(device: string): string {
  const at = device.lastIndexOf('device:');
  return at === -1 ? device.replace(/^\/+/, '') : device.slice(at + 'device:'.length);
}

export function kindName(kind: BoxKind): string {
  return { op: 'Operation', group: 'Group', stack: 'Stack', stub: 'Missing input' }[kind];
}

/** "7 of 12", "12 hits" before any was gone to. */
export function hitsText(at: number, total: number): string {
  if (total === 0) return 'None';
  return at === -1 ? plural(total, 'hit') : `${formatExact(at + 1)} of ${formatExact(total)}`;
}

/** A part of a whole: "6.1 %". */
export function formatShare(share: number): string {
  const percent = share * 100;
  return `${percent >= 10 || percent === 0 ? Math.round(percent) : percent.toFixed(1)} %`;
}

/** The step of a graph and, of several of one step, which one it is. */
export function momentTitle(moment: Moment, all: readonly Moment[]): string {
  const those = all.filter(({ step }) => step === moment.step);
  const which = those.length === 1 ? '' : ` · ${those.indexOf(moment) + 1} of ${those.length}`;
  return formatStep(moment.step) + which;
}
