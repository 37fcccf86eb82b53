import { parseDocument, visit } from 'yaml';
import { HParamsError, type HParams } from './hparams_file';

const PYTHON = 'tag:yaml.org,2002:python/';

/**
 * Reads the `hparams.yaml` that Lightning's loggers write beside the event files
 * (lightning/pytorch/core/saving.py, save_hparams_to_yaml: PyYAML's dump of a mapping).
 * Hyperparameters in others get names with '/', as Lightning names them for TensorBoard. Objects of Python are what they
 * were made of, as text. Not for the page's thread: see `engine/hparams_reader.ts`.
 *
 * @throws HParamsError
 */
export function parseHParams(text: string): HParams {
  // PyYAML reads and writes YAML 1.1, in which 1e-5 is text and `yes` is not.
  let values: unknown;
  try {
    const document = parseDocument(text, { version: '1.1', uniqueKeys: false });
    const [error] = document.errors;
    if (error) throw error;
    visit(document, {
      Scalar(_, node) {
        // A class or a function is a tag without a value.
        if (node.tag?.startsWith(PYTHON) && !node.source) node.value = node.tag.slice(PYTHON.length);
      },
    });
    values = document.toJS();
  } catch (error) {
    // Also aliases that stand for ever more of each other, and lists in lists without end.
    throw new HParamsError(error instanceof Error ? error.message.split('\n')[0]?.replace(/:$/, '') : '');
  }
  const hparams = new Map<string, string | number | boolean | null>();
  if (values === null || values === undefined) return hparams;
  if (!isMapping(values)) throw new HParamsError('not names and values');
  flatten(values, '', hparams);
  return hparams;
}

function flatten(values: object, prefix: string, into: Map<string, string | number | boolean | null>): void {
  for (const [name, value] of Object.entries(values) as [string, unknown][]) {
    const path = prefix + name;
    if (isMapping(value) && Object.keys(value).length > 0) flatten(value, `${path}/`, into);
    else into.set(path, plain(value));
  }
}

function plain(value: unknown): string | number | boolean | null {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
  if (typeof value === 'bigint') return value.toString();
  return value === null || value === undefined ? null : JSON.stringify(value);
}

function isMapping(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date);
}
