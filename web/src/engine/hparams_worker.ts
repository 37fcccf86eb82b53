import { HParamsError } from '../model/hparams_file';
import { parseHParams } from '../model/parse_hparams';
import type { HParamsAnswer } from './hparams_reader';

/** What the worker for `hparams.yaml` answers; without a Worker in tests. */
export function answerTo(text: string): HParamsAnswer {
  try {
    return { values: parseHParams(text) };
  } catch (error) {
    if (error instanceof HParamsError) return { error: error.message };
    throw error;
  }
}
