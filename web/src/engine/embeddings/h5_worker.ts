import { listH5, readH5 } from './h5_file';
import type { H5Answer, H5Question } from './h5_reader';

/** What the worker for HDF5 answers; without a Worker in tests. Never throws: somebody waits for it. */
export function answerTo({ number, bytes, name }: H5Question): H5Answer {
  try {
    if (name === undefined) return { number, variables: listH5(bytes) };
    return { number, ...readH5(bytes, name) };
  } catch (error) {
    // jsfive throws strings, too.
    return { number, error: error instanceof Error ? error.message : String(error) };
  }
}
