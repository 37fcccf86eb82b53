import type { Form } from './values/wasm_values';

/** Where the payload of a point is, and in what form. */
export interface Payload extends Form {
  point: number;
  /** Its number in the log. */
  file: number;
  offset: number;
  length: number;
}

const WORDS = 6;

/** What `rows` of Payloads (values.ts) say. */
export function payloadsOf(rows: Float64Array): Payload[] {
  return Array.from({ length: rows.length / WORDS }, (_, i) => {
    const [point = 0, file = 0, offset = 0, length = 0, storage = 0, split = 0] = rows.subarray(WORDS * i, WORDS * (i + 1)); // prettier-ignore
    return { point, file, offset, length, storage, split: split !== 0 };
  });
}
