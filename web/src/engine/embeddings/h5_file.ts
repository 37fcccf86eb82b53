/**
 * HDF5 files by jsfive, in a worker of their own (`h5_worker.ts`): the `.weights.h5` that Keras 3 writes. Whoever imports
 * this loads the library.
 */
import { Dataset, File, Group } from 'jsfive';
import type { Variable } from './embeddings';

/** Objects that are looked at, and names on the way to one: links may lead in circles. */
const MAX_OBJECTS = 20_000;
const MAX_DEPTH = 32;
/** Of a dataset: as kMaxMatrixValues of `wasm/projector/matrix.h`. */
const MAX_VALUES = 128 << 20;

const KINDS: Record<string, string> = { f: 'float', i: 'int', u: 'uint' };

/** "<f4" → "float32"; '' = no real numbers. */
function nameOf(dtype: unknown): string {
  const [, kind = '', bytes = ''] = /^[<>|=]?([fiu])([1248])$/.exec(String(dtype)) ?? [];
  return kind === '' ? '' : `${KINDS[kind] ?? ''}${8 * Number(bytes)}`;
}

/** All datasets, in order of their paths. @throws when it is no HDF5, or of a form that jsfive does not read */
export function listH5(bytes: ArrayBuffer): Variable[] {
  const variables: Variable[] = [];
  const groups: { path: string; group: Group; depth: number }[] = [{ path: '', group: new File(bytes), depth: 0 }];
  let objects = 0;
  for (let at = groups.pop(); at; at = groups.pop()) {
    for (const key of at.group.keys) {
      if (++objects > MAX_OBJECTS) return variables;
      const path = at.path === '' ? key : `${at.path}/${key}`;
      const object = attempt(() => at?.group.get(key));
      if (object instanceof Group) {
        if (at.depth < MAX_DEPTH) groups.push({ path, group: object, depth: at.depth + 1 });
      } else if (object instanceof Dataset) {
        const variable = attempt(() => variableOf(path, object));
        if (variable) variables.push(variable);
      }
    }
  }
  return variables.sort((a, b) => (a.name < b.name ? -1 : 1));
}

/**
 * The numbers of a dataset as float32, row by row.
 *
 * @throws when there is none of this name, or it is not read
 */
export function readH5(bytes: ArrayBuffer, name: string): { values: Float32Array<ArrayBuffer>; shape: number[] } {
  const dataset = new File(bytes).get(name);
  if (!(dataset instanceof Dataset)) throw new Error('no_variable');
  const { dtype, shape } = variableOf(name, dataset);
  if (dtype === '') throw new Error('number_type');
  const count = shape.reduce((product, size) => product * size, 1);
  if (count > MAX_VALUES) throw new Error('too_big');
  const { value } = dataset;
  if (value.length !== count) throw new Error('size');
  const values = new Float32Array(count);
  for (let i = 0; i < count; i++) values[i] = Number(value[i]);
  return { values, shape };
}

function variableOf(name: string, { shape, dtype }: Dataset): Variable {
  const type = nameOf(dtype);
  const count = shape.reduce((product, size) => product * size, 1);
  return { name, dtype: type, shape: [...shape], bytes: (count * Number(/\d+$/.exec(type)?.[0] ?? 0)) / 8 };
}

/** What jsfive cannot read is as if it were not there. */
function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
