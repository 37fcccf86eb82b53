/** What is written of a tensor. Pure. */
import type { CutString, PointValue, TensorFacts } from '../../engine/values/values';
import { formatBytes, formatExact, formatFloat32, formatValue } from '../../model/format';
import { rowLabel } from '../../model/tensor_rows';
import { fileNamePart } from '../../ui/save';

const MINUS = '−';
/** Whole numbers up to this many digits are written out. */
const MAX_DIGITS = 9;

/** "float32 [3, 3]" */
export function typeText({ dtype, dtypeNumber, shape }: TensorFacts): string {
  return `${dtype === '' ? `dtype ${dtypeNumber}` : dtype} [${shape.map((size) => formatExact(size)).join(', ')}]`;
}

/** The indices of an element, as they are written in Python: "[1, 0, 2]"; '' of a single number. */
export function indexText(shape: readonly number[], row: number, column: number): string {
  const label = rowLabel(shape, row);
  if (label === '') return '';
  return shape.length < 2 ? `[${label}]` : `[${label}, ${column}]`;
}

/** A text, and all of it where it is short of that. */
export interface Written {
  text: string;
  full: string;
}

/** Element `i` of a tensor that is listed. */
export function elementText({ facts, numbers, integers }: PointValue & { facts: TensorFacts }, i: number): Written {
  const string = facts.strings?.[i];
  if (string !== undefined) return stringText(string);
  if (facts.dtype.startsWith('complex'))
    return complexText(facts, numbers[2 * i] as number, numbers[2 * i + 1] as number);
  const number = numbers[i] as number;
  if (facts.dtype === 'bool') return both(number === 0 ? 'false' : 'true');
  const exact = integers?.[i]?.toString().replace('-', MINUS) ?? exactText(facts, number);
  return { text: shortText(facts, number, exact), full: exact };
}

/** A number of the tensor that came as text: its smallest or largest one. */
export function boundText(facts: TensorFacts, number: string): Written {
  if (facts.dtype === 'bool') return both(number);
  const exact = number.replace('-', MINUS);
  return { text: shortText(facts, Number(number), exact), full: exact };
}

/** Whole numbers are written out while they are short; others have four digits. */
function shortText({ dtype }: TensorFacts, number: number, exact: string): string {
  const whole = dtype.includes('int') && exact.replace(/\D/g, '').length <= MAX_DIGITS;
  return whole ? formatExact(number) : formatValue(number);
}

function exactText({ dtype }: TensorFacts, number: number): string {
  if (dtype === 'float32' || dtype === 'complex64') return formatFloat32(number);
  return Number.isInteger(number) && dtype.includes('int') ? String(number).replace('-', MINUS) : formatExact(number);
}

function complexText(facts: TensorFacts, real: number, imaginary: number): Written {
  const join = (format: (number: number) => string): string => {
    const part = format(imaginary);
    return `${format(real)}${part.startsWith(MINUS) ? '' : '+'}${part}j`;
  };
  return { text: join((number) => formatValue(number)), full: join((number) => exactText(facts, number)) };
}

function stringText(string: string | CutString): Written {
  if (typeof string === 'string') return both(string);
  const { start, bytes } = string;
  return both(`${start}… (the beginning of ${formatBytes(bytes)})`);
}

const both = (text: string): Written => ({ text, full: text });

/** Name of a file that holds the elements: what they are is in it. */
export function fileName(
  tag: string,
  run: string,
  step: bigint,
  facts: TensorFacts | undefined,
  ending: string,
): string {
  const type = facts === undefined ? '' : `.${facts.dtype}.${facts.shape.join('x') || 'scalar'}`;
  return `${fileNamePart(run)}.${fileNamePart(tag)}.step${step}${type}.${ending}`.replace(/^\.+/, '');
}
