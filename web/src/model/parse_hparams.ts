import { parseDocument, visit, type Tags } from 'yaml';
import { HParamsError, type HParams } from './hparams_file';

const BINARY = 'tag:yaml.org,2002:binary';
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
  // Bytes stay the base64 that they are written as.
  const customTags = (tags: Tags): Tags => tags.filter((tag) => typeof tag === 'string' || tag.tag !== BINARY);
  const hparams = new Map<string, string | number | boolean | null>();
  try {
    const document = parseDocument(text, { version: '1.1', uniqueKeys: false, customTags });
    const [error] = document.errors;
    if (error) throw error;
    visit(document, {
      Scalar(_, node) {
        // A class or a function is a tag without a value.
        if (node.tag?.startsWith(PYTHON) && !node.source) node.value = node.tag.slice(PYTHON.length);
      },
    });
    const values: unknown = document.toJS();
    if (isInItself(values)) throw new HParamsError('a value that holds itself');
    if (values === null || values === undefined) return hparams;
    if (!isMapping(values)) throw new HParamsError('not names and values');
    flatten(values, '', hparams);
    return hparams;
  } catch (error) {
    // Also aliases that stand for ever more of each other, and lists in lists without end.
    throw new HParamsError(error instanceof Error ? error.message.split('\n')[0]?.replace(/:$/, '') : '');
  }
}

/** An alias may stand for what it is in. */
function isInItself(value: unknown, around: readonly unknown[] = []): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return around.includes(value) || Object.values(value).some((part) => isInItself(part, [...around, value]));
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
  if (value === null || value === undefined) return null;
  return JSON.stringify(value, (_, part: unknown) => (part instanceof Set || part instanceof Map ? [...part] : part));
}

function isMapping(value: unknown): value is object {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}
