/** Words for what graphs have. Pure. */
import type { BoxKind } from '../../engine/graphs';
import { formatExact, formatValue, plural } from '../../model/format';

/** µs as they are read: 840 µs, 1.284 ms, 2.5 s. */
export function formatMicros(micros: number): string {
  if (Number.isNaN(micros)) return '–';
  if (micros < 1000) return `${formatValue(micros)} µs`;
  return micros < 1e6 ? `${formatValue(micros / 1000)} ms` : `${formatValue(micros / 1e6)} s`;
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
