import { parseHParams } from '../model/parse_hparams';
import type { HParamsAnswer, HParamsQuestion } from './hparams_reader';

/** What the worker for `hparams.yaml` answers; without a Worker in tests. Never throws: somebody waits for it. */
export function answerTo({ number, text }: HParamsQuestion): HParamsAnswer {
  try {
    return { number, values: parseHParams(text) };
  } catch (error) {
    return { number, error: error instanceof Error ? error.message : String(error) };
  }
}
