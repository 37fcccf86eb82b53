import { describe, expect, test } from 'vitest';
import { colourOf, paintCells, RAMP, rampOf } from '../../web/src/charts/colour_ramp';
import type { PointValue, TensorFacts } from '../../web/src/engine/values/values';
import { tensorFaultText } from '../../web/src/model/errors';
import { rowLabel, rowsOf } from '../../web/src/model/tensor_rows';
import { isOfNumpy, npyHeader } from '../../web/src/views/npy';
import { boundText, elementText, fileName, indexText, typeText } from '../../web/src/views/tensors/tensor_text';

type Value = PointValue & { facts: TensorFacts };

const factsOf = (dtype: string, more: Partial<TensorFacts> = {}): TensorFacts => ({
  kind: 'tensor',
  storage: 'tensor',
  bytes: 1,
  dtype,
  dtypeNumber: 1,
  shape: [2],
  ...more,
});
const value = (dtype: string, numbers: number[], more?: Partial<TensorFacts>): Value => ({
  facts: factsOf(dtype, more),
  numbers: Float64Array.from(numbers),
});

test('a type is named with its shape', () => {
  expect(typeText(factsOf('float32', { shape: [3, 1000] }))).toBe('float32 [3, 1,000]');
  expect(typeText(factsOf('float32', { shape: [] }))).toBe('float32 []');
  expect(typeText(factsOf('', { dtypeNumber: 29, shape: [2] }))).toBe('dtype 29 [2]');
});

describe('rows', () => {
  test('have the last dimension as columns', () => {
    expect(rowsOf([])).toEqual({ rows: 1, columns: 1 });
    expect(rowsOf([5])).toEqual({ rows: 5, columns: 1 });
    expect(rowsOf([2, 3])).toEqual({ rows: 2, columns: 3 });
    expect(rowsOf([4, 2, 3])).toEqual({ rows: 8, columns: 3 });
    expect(rowsOf([2, 0])).toEqual({ rows: 2, columns: 0 });
  });

  test('are named by the indices before it', () => {
    expect(rowLabel([], 0)).toBe('');
    expect(rowLabel([5], 4)).toBe('4');
    expect(rowLabel([2, 3], 1)).toBe('1');
    expect([0, 1, 2, 7].map((row) => rowLabel([4, 2, 3], row))).toEqual(['0, 0', '0, 1', '1, 0', '3, 1']);
    expect(indexText([4, 2, 3], 7, 2)).toBe('[3, 1, 2]');
    expect(indexText([5], 4, 0)).toBe('[4]');
    expect(indexText([], 0, 0)).toBe('');
  });
});

describe('an element', () => {
  test.each<[string, number, string, string]>([
    ['float32', Math.fround(0.1), '0.1000', '0.1'],
    ['float32', Math.fround(0.4329415), '0.4329', '0.4329415'],
    ['float32', 16777216, '1.678e7', '16777216'],
    ['float64', 0.1 + 0.2, '0.3000', '0.30000000000000004'],
    ['float64', -2.5e-300, '−2.5e−300', '−2.5e−300'],
    ['bfloat16', 0.10009765625, '0.1001', '0.10009765625'],
    ['int64', -123_456_789, '−123,456,789', '−123456789'],
    ['int64', 1_234_567_890_123, '1.235e12', '1234567890123'],
    ['uint8', 200, '200', '200'],
    ['bool', 1, 'true', 'true'],
    ['bool', 0, 'false', 'false'],
    ['float32', NaN, 'NaN', 'NaN'],
    ['float16', -Infinity, '−∞', '−∞'],
  ])('%s %f', (dtype, number, text, full) => {
    expect(elementText(value(dtype, [number]), 0)).toEqual({ text, full });
  });

  test('is exact beyond a double', () => {
    const integers = BigInt64Array.of(9007199254740993n, -5n);
    const big = { ...value('int64', [9007199254740992, -5], { exact: true }), integers };
    expect(elementText(big, 0)).toEqual({ text: '9.007e15', full: '9007199254740993' });
    expect(elementText(big, 1)).toEqual({ text: '−5', full: '−5' });
    expect(boundText(big.facts, '-9223372036854775808').full).toBe('−9223372036854775808');
    expect(boundText(factsOf('bool'), 'true').text).toBe('true');
  });

  test('of complex numbers has both parts', () => {
    const complex = value('complex64', [1, -2.5, Math.fround(0.1), NaN]);
    expect(elementText(complex, 0)).toEqual({ text: '1−2.500j', full: '1−2.5j' });
    expect(elementText(complex, 1).full).toBe('0.1+NaNj');
  });

  test('that is a long string says that it was cut', () => {
    const strings = value('string', [], { strings: ['<b>', { start: 'abc', bytes: 2_300_000 }] });
    expect(elementText(strings, 0).text).toBe('<b>');
    expect(elementText(strings, 1).text).toBe('abc… (the beginning of 2.3 MB)');
  });
});

test('what cannot be decoded is said in words', () => {
  expect(tensorFaultText('unknown dtype', 29)).toBe("This tensor can't be decoded: its dtype (number 29) is not known");
  expect(tensorFaultText('malformed tensor', 1)).toBe("This tensor can't be decoded: its bytes are damaged");
  expect(tensorFaultText('something new', 1)).toBe("This tensor can't be decoded: something new");
});

test('a file name tells what is in it, and leads nowhere', () => {
  const facts = factsOf('float32', { shape: [3, 4] });
  expect(fileName('confusion/matrix', 'lr=0.1/seed=0', 42n, facts, 'bin')).toBe(
    'lr=0.1_seed=0.confusion_matrix.step42.float32.3x4.bin',
  );
  expect(fileName('../../x\0', '.', -1n, undefined, 'bin')).toBe('_.._x_.step-1.bin');
  expect(fileName('a'.repeat(5000), '.', 0n, factsOf('bool', { shape: [] }), 'npy').length).toBeLessThan(200);
});

describe('a .npy file', () => {
  test.each<[string, number[], string]>([
    ['float32', [2, 3], "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }"],
    ['bool', [5], "{'descr': '|b1', 'fortran_order': False, 'shape': (5,), }"],
    ['complex128', [], "{'descr': '<c16', 'fortran_order': False, 'shape': (), }"],
  ])('%s %j', (dtype, shape, header) => {
    const bytes = npyHeader(dtype, shape);
    expect(bytes.length % 64).toBe(0);
    expect([...bytes.subarray(0, 8)]).toEqual([0x93, ...Buffer.from('NUMPY'), 1, 0]);
    expect(new DataView(bytes.buffer).getUint16(8, true)).toBe(bytes.length - 10);
    const text = new TextDecoder().decode(bytes.subarray(10));
    expect(text.trimEnd()).toBe(header);
    expect(text.endsWith('\n')).toBe(true);
  });

  test('is offered for what NumPy has', () => {
    expect(['float16', 'uint64', 'bfloat16', 'float8_e5m2', 'string', ''].map(isOfNumpy)).toEqual([
      true, true, false, false, false, false,
    ]); // prettier-ignore
  });
});

describe('a scale of colours', () => {
  const ramp = rampOf(['#000000', '#ff0000', '#ff00ff']);
  const paint = (values: number[], bounds: readonly [number, number]): number[] => {
    const pixels = new Uint32Array(values.length);
    paintCells(Float64Array.from(values), bounds, ramp, colourOf('#010203'), pixels);
    return [...pixels];
  };

  test('goes from stop to stop', () => {
    // As a canvas has them: red, green, blue, alpha.
    const bytes = new Uint8Array(ramp.buffer);
    expect([...bytes.subarray(0, 4)]).toEqual([0, 0, 0, 255]);
    expect([...bytes.subarray(-4)]).toEqual([255, 0, 255, 255]);
    expect([...bytes.subarray(4 * 64, 4 * 64 + 4)]).toEqual([128, 0, 0, 255]);
  });

  test('spans all values', () => {
    expect(paint([-1, 0, 1], [-1, 1])).toEqual([ramp[0], ramp[RAMP / 2], ramp[RAMP - 1]]);
    expect(paint([7], [7, 7])).toEqual([ramp[RAMP / 2]]);
    expect(paint([0, -1.7e308, 1.7e308], [-1.7e308, 1.7e308])).toEqual([ramp[RAMP / 2], ramp[0], ramp[RAMP - 1]]);
  });

  test('has another colour for what is not finite', () => {
    expect(paint([NaN, Infinity, 0], [0, 1])).toEqual([0xff030201, 0xff030201, ramp[0]]);
  });
});
