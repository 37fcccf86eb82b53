/**
 * What a view shows of one payload, read and decoded when it asks: the TypeScript end of `wasm/values/point_value.h`.
 * A new kind of data adds a kind of facts.
 */

/** What every kind has. */
interface Stored {
  /** How it is in the file, as `wasm/events/event.cc` names it: tensor, histo, image, … */
  storage: string;
  /** Size of the payload. */
  bytes: number;
}

/** Only the beginning of a string of so many bytes. */
export interface CutString {
  start: string;
  bytes: number;
}

export interface TensorFacts extends Stored {
  kind: 'tensor';
  /** As NumPy and ml_dtypes name it; 'string'; '' for one that is not known, which `dtypeNumber` names. */
  dtype: string;
  dtypeNumber: number;
  shape: number[];
  /** Why nothing could be decoded; then nothing below is there. Words: `model/errors.ts`. */
  error?: string;
  /** Of all elements. */
  count?: number;
  /** How many numbers are not finite. Strings have none of these. */
  nan?: number;
  positiveInfinite?: number;
  negativeInfinite?: number;
  /** Of the finite numbers, exact, as text; absent when there are none, or when they have no order. */
  min?: string;
  max?: string;
  mean?: number;
  /** One of the integers is beyond what a double holds: `integers` has them all. */
  exact?: true;
  strings?: (string | CutString)[];
}

/** A payload that has no kind of its own yet: it can be saved. */
export interface MessageFacts extends Stored {
  kind: 'message';
}

export type ValueFacts = TensorFacts | MessageFacts;

export interface PointValue {
  facts: ValueFacts;
  /**
   * Of a tensor: its numbers, row by row; a complex one is two. Empty when they are too many to list (10,000; 2^20 in
   * rank 2).
   */
  numbers: Float64Array;
  /** Of a tensor whose facts say `exact`: the same once more. They come in one buffer, behind `numbers`. */
  integers?: BigInt64Array | BigUint64Array;
}

/** A scalar series as it was written, one entry a point that the reading keeps, in the order they were written. */
export interface Columns {
  steps: BigInt64Array<ArrayBuffer>;
  /** Seconds since 1970. */
  wallTimes: Float64Array<ArrayBuffer>;
  values: Float64Array<ArrayBuffer>;
}

/** The points of a series, in the order of their steps; of equal steps, those written last are last. */
export interface SeriesPoints {
  steps: BigInt64Array;
  /** Seconds since 1970. */
  wallTimes: Float64Array;
  /** What `value` and `content` call each. */
  points: Uint32Array;
  /** 1 = there is a payload to ask for; 0 = a number, or nothing. */
  hasPayload: Uint8Array;
}

/** The steps that any of several series have, in order. */
export interface StepUnion {
  steps: BigInt64Array;
  /** 1 = every run that has points has one there. */
  inEveryRun: Uint8Array;
}

/** Where payloads of points of one series are: of those that have one. */
export interface Payloads {
  plugin: string;
  /** Six numbers each: point, file, offset, length, storage, split. */
  rows: Float64Array<ArrayBuffer>;
}
