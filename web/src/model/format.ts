/** Numbers, times and counts in words. All of it in one language and with a true minus sign. */
import type { XKind } from '../engine/protocol';

const MINUS = '−';

/** 4 significant digits; e-notation below 1e−3 and from 1e6. */
export function formatValue(value: number, digits = 4): string {
  if (!Number.isFinite(value)) return nonFinite(value);
  if (value === 0) return '0';
  const size = Math.abs(Number(value.toPrecision(digits)));
  if (size < 1e-3 || size >= 1e6) {
    const [mantissa, exponent] = value.toExponential(digits - 1).split('e') as [string, string];
    return minus(`${trimmed(mantissa)}e${exponent.replace('+', '')}`);
  }
  // toPrecision() alone would write 123456 as 1.235e+5.
  const whole = Math.floor(Math.log10(size)) + 1;
  if (whole >= digits) return grouped(Math.round(value).toFixed(0));
  return minus(Number.isInteger(value) ? String(value) : value.toPrecision(digits));
}

/** SI: 42.4k, 1.2M. */
export function formatStep(step: number | bigint): string {
  return formatCount(Number(step));
}

/** SI with three significant digits: 999, 42.4k, 1.2M. */
export function formatCount(count: number): string {
  return Number.isFinite(count) ? scaled(count, ['', 'k', 'M', 'G', 'T', 'P', 'E']) : nonFinite(count);
}

/** All digits, with separators; whatever a double or a 64-bit integer holds. */
export function formatExact(number: number | bigint): string {
  if (typeof number === 'number' && !Number.isInteger(number)) {
    return Number.isFinite(number) ? minus(String(number)) : nonFinite(number);
  }
  return typeof number === 'number' && Math.abs(number) >= 1e21
    ? minus(String(number).replace('+', ''))
    : grouped(String(number));
}

/** All digits that tell it from other floats of 32 bits. */
export function formatFloat32(number: number): string {
  if (!Number.isFinite(number)) return formatExact(number);
  for (let digits = 1; digits < 9; digits++) {
    const short = Number(number.toPrecision(digits));
    if (Math.fround(short) === number) return minus(String(short));
  }
  return minus(String(Number(number.toPrecision(9))));
}

/** A time span in seconds: 4h 05m, 12m 30s, 8.2 s. */
export function formatRelative(seconds: number): string {
  if (!Number.isFinite(seconds)) return nonFinite(seconds);
  const size = Math.abs(seconds);
  const sign = seconds < 0 ? MINUS : '';
  if (size > 0 && size < 0.1) return `${formatValue(seconds, 2)} s`;
  // Rounded first, so that 59.96 s is a minute.
  if (Math.round(size * 10) < 600) return `${sign}${trimmed(size.toFixed(1))} s`;
  const whole = Math.round(size);
  const minutes = Math.floor(whole / 60);
  if (whole < 3600) return `${sign}${minutes}m ${pad(whole % 60)}s`;
  const rounded = Math.round(whole / 60);
  if (rounded < 24 * 60) return `${sign}${Math.floor(rounded / 60)}h ${pad(rounded % 60)}m`;
  const hours = Math.round(rounded / 60);
  return `${sign}${formatExact(Math.floor(hours / 24))}d ${pad(hours % 24)}h`;
}

/** A wall time in seconds since 1970, in the reader's time zone: 2026-01-31 14:05:09. */
export function formatWall(seconds: number): string {
  const date = new Date(seconds * 1000);
  if (Number.isNaN(date.getTime())) return `${formatExact(seconds)} s`;
  const day = [date.getFullYear(), pad(date.getMonth() + 1), pad(date.getDate())].join('-');
  return `${day} ${[date.getHours(), date.getMinutes(), date.getSeconds()].map(pad).join(':')}`;
}

/** A place on the x axis. */
export function formatX(kind: XKind, x: number): string {
  return { step: formatStep, relative: formatRelative, wall: formatWall }[kind](x);
}

/** Decimal: 412 kB, 3.1 MB, 2.84 GB. */
export function formatBytes(bytes: number): string {
  return scaled(bytes < 999.5 ? Math.round(bytes) : bytes, [' B', ' kB', ' MB', ' GB', ' TB', ' PB']);
}

/** What a tag is called; one without a name can be written, too. */
export function tagLabel(tag: string): string {
  return tag === '' ? '(no name)' : tag;
}

/** "1 file", "3 files". */
export function plural(count: number, one: string, many = `${one}s`): string {
  return `${formatExact(count)} ${count === 1 ? one : many}`;
}

function scaled(number: number, units: readonly string[]): string {
  let power = 0;
  let rest = Number(number.toPrecision(3));
  while (Math.abs(rest) >= 1000 && power < units.length - 1) {
    rest /= 1000;
    power++;
  }
  return minus(`${Number(rest.toPrecision(3))}${units[power] ?? ''}`).replace('e+', 'e');
}

function nonFinite(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  return value > 0 ? '∞' : `${MINUS}∞`;
}

function grouped(digits: string): string {
  return minus(digits.replace(/\B(?=(\d{3})+$)/g, ','));
}

const trimmed = (decimal: string): string => (decimal.includes('.') ? decimal.replace(/\.?0+$/, '') : decimal);
const minus = (text: string): string => text.replaceAll('-', MINUS);
const pad = (number: number): string => String(number).padStart(2, '0');

/** How far a file was read. */
export function readTo(bytes: number, size: number): string {
  // All but the end is not all.
  return bytes === 0 ? 'not read' : `read to ${Math.min(99, Math.floor((100 * bytes) / size))} %`;
}
