/** Reads bookmarks out of TensorBoard's file of states. Pure. */
import { METRICS, PREPARATIONS, type Axis, type Metric, type ProjectionOptions } from '../../engine/projections/projections'; // prettier-ignore
import { Turns } from '../../engine/turns';
import { formatExact } from '../../model/format';
import type { AxisTerms } from '../../model/state';
import { cameraOf, ownCamera } from './bookmark_camera';
import { fieldsOf, numberOf, numbersOf, rowsOf, textOf, type Fields } from './bookmark_fields';
import { METHODS, NO_COLOUR, type Bookmark, type Method } from './bookmarks';

/** Why there is no bookmark; `state` counts from 0. */
export type BookmarkFault =
  | { kind: 'not_json' }
  | { kind: 'not_a_list' }
  | { kind: 'not_a_state'; state: number }
  | { kind: 'other_size'; state: number; name: string; points: number; dimensions: number };

export interface ReadBookmarks {
  bookmarks: Bookmark[];
  faults: BookmarkFault[];
}

/** Points and dimensions of the embedding that bookmarks are to fit. */
export interface EmbeddingSize {
  points: number;
  dimensions: number;
}

export function bookmarkFaultText(fault: BookmarkFault, size: EmbeddingSize): string {
  const shape = ({ points, dimensions }: EmbeddingSize): string =>
    `${formatExact(points)} × ${formatExact(dimensions)}`;
  switch (fault.kind) {
    case 'not_json':
      return 'The bookmarks could not be read: the file is no JSON, or cut off';
    case 'not_a_list':
      return 'The bookmarks could not be read: this is no list of states that the projector has saved';
    case 'not_a_state':
      return `Bookmark ${fault.state + 1} is left out: it is no state that the projector has saved`;
    case 'other_size':
      return `Bookmark ${fault.state + 1}${fault.name === '' ? '' : ` (“${fault.name}”)`} is left out: it is of an embedding of ${shape(fault)}, and this one is ${shape(size)}`;
  }
}

/**
 * Reads TensorBoard's file, or ours. What a state does not say is as it is at first; states that cannot be used are left
 * out and told. Places, of which there may be very many, are read in slices, between which the page lives on.
 */
export async function readBookmarks(text: string, size: EmbeddingSize): Promise<ReadBookmarks> {
  const { rest, lists } = withoutPlaces(text);
  let states: unknown;
  try {
    states = JSON.parse(rest);
  } catch {
    return { bookmarks: [], faults: [{ kind: 'not_json' }] };
  }
  if (!Array.isArray(states)) return { bookmarks: [], faults: [{ kind: 'not_a_list' }] };
  const read: ReadBookmarks = { bookmarks: [], faults: [] };
  const turns = new Turns();
  try {
    for (const [i, state] of states.entries()) {
      const fields = fieldsOf(state);
      const found = fields && (await readState(fields, i, size, (list) => placesOf(text, lists[list], turns)));
      if (!found) read.faults.push({ kind: 'not_a_state', state: i });
      else if ('kind' in found) read.faults.push(found);
      else read.bookmarks.push(found);
    }
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return { bookmarks: [], faults: [{ kind: 'not_json' }] };
  } finally {
    turns.close();
  }
  return read;
}

type Span = readonly [from: number, to: number];

/**
 * The file without the places, which are nearly all of it: in their stead is a number of `lists`. Places are flat objects of
 * numbers, so that the first bracket ends their list; inside of a text there is no quote without a backslash before it.
 */
function withoutPlaces(text: string): { rest: string; lists: Span[] } {
  const key = /"projections"\s*:\s*\[/g;
  const lists: Span[] = [];
  let [rest, at] = ['', 0];
  for (let found = key.exec(text); found; found = key.exec(text)) {
    const to = text.indexOf(']', key.lastIndex);
    if (to < 0) break;
    rest += `${text.slice(at, found.index)}"projections":${lists.length}`;
    lists.push([key.lastIndex, to]);
    at = key.lastIndex = to + 1;
  }
  return { rest: rest + text.slice(at), lists };
}

/** Characters of places that are parsed in one go. */
const PARSED = 1 << 16;

async function* placesOf(text: string, span: Span | undefined, turns: Turns): AsyncGenerator<Fields> {
  const end = span?.[1] ?? 0;
  let at = span?.[0] ?? 0;
  while (at < end) {
    await turns.end();
    const brace = text.indexOf('}', Math.min(at + PARSED, end));
    const to = brace < 0 || brace >= end ? end : brace + 1;
    const places = JSON.parse(`[${text.slice(at, to)}]`) as unknown[];
    for (const place of places) yield fieldsOf(place) ?? {};
    const comma = text.indexOf(',', to);
    at = comma < 0 || comma >= end ? end : comma + 1;
  }
}

async function readState(
  state: Fields,
  index: number,
  size: EmbeddingSize,
  places: (list: number) => AsyncIterable<Fields>,
): Promise<Bookmark | BookmarkFault | undefined> {
  const method = (Object.keys(METHODS) as Method[]).find((key) => METHODS[key].name === state['selectedProjection']);
  if (!method) return undefined;
  const own = fieldsOf(state['tensorpane']) ?? {};
  const name = textOf(state['label']) ?? '';
  const filtered = Array.isArray(state['filteredPoints']) ? rowsOf(state['filteredPoints'], size.points) : undefined;
  const [points, dimensions] = numbersOf(state['dataSetDimensions']) ?? [];
  // TensorBoard writes how many are left by the filter.
  const fits = points === undefined || points === size.points || (filtered && points === filtered.length);
  if (!fits || (dimensions !== undefined && dimensions !== size.dimensions))
    return { kind: 'other_size', state: index, name, points: points ?? size.points, dimensions: dimensions ?? size.dimensions }; // prettier-ignore
  const positions = await readPositions(state, method, size.points, filtered, places);
  const projection = projectionOf(method, state, fieldsOf(own['projection']) ?? {});
  const axes = method === 'axes' ? axesOf(own['axes']) : undefined;
  const drawn = drawnOf(method, state, own, positions?.columns);
  const selected = rowsOf(state['selectedPoints'], filtered?.length ?? size.points);
  const embedding = embeddingOf(fieldsOf(own['embedding']));
  const preparation = PREPARATIONS.find((one) => one === own['preparation']);
  const camera = ownCamera(fieldsOf(own['camera'])) ?? cameraOf(fieldsOf(state['cameraDef']), drawn, positions);
  const hidden = fieldsOf(own['hidden']) ?? {};
  const search = fieldsOf(own['search']) ?? {};
  const column = (ours: string, theirs: string): string | undefined =>
    ours in own ? textOf(own[ours]) : state[theirs] === NO_COLOUR ? undefined : textOf(state[theirs]);
  return {
    name,
    ...(embedding && { embedding }),
    ...size,
    ...(preparation && { preparation }),
    projection,
    ...(axes && { axes }),
    drawn,
    ...(positions && { positions }),
    ...(camera && { camera }),
    selected: 'selected' in own ? rowsOf(own['selected'], size.points) : selected.map((row) => filtered?.[row] ?? row),
    ...(filtered && { only: filtered }),
    hidden: {
      texts: Array.isArray(hidden['texts']) ? hidden['texts'].filter((text) => typeof text === 'string') : [],
      others: hidden['others'] === true,
    },
    colourBy: column('colourBy', 'selectedColorOptionName'),
    byClass: state['forceCategoricalColoring'] === true,
    labelBy: column('labelBy', 'selectedLabelOption'),
    search: { text: textOf(search['text']) ?? '', isPattern: search['isPattern'] === true },
  };
}

/** Undefined = there are none of the method that is shown. */
async function readPositions(
  state: Fields,
  method: Method,
  points: number,
  filtered: readonly number[] | undefined,
  places: (list: number) => AsyncIterable<Fields>,
): Promise<Bookmark['positions']> {
  const names = METHODS[method].columns;
  const most = filtered?.length ?? points;
  let [row, columns] = [-1, 0];
  let values = new Float32Array();
  for await (const place of places(Number(state['projections']))) {
    row++;
    if (row >= most) return undefined;
    if (columns === 0) {
      // The first point that has a place tells how many numbers it is made of.
      while (columns < names.length && (names[columns] as string) in place) columns++;
      values = new Float32Array(points * columns).fill(NaN);
    }
    const point = filtered ? (filtered[row] as number) : row;
    for (let column = 0; column < columns; column++)
      values[point * columns + column] = numberOf(place[names[column] as string]) ?? NaN;
  }
  return columns < 2 ? undefined : { columns, values };
}

function projectionOf(method: Method, state: Fields, own: Fields): ProjectionOptions {
  const number = (ours: string, theirs = ''): number | undefined => {
    const value = numberOf(own[ours]) ?? numberOf(state[theirs]);
    // Zero is what a State has before it is set.
    return value === undefined || value < 0 || (value === 0 && theirs !== '') ? undefined : value;
  };
  const metric: Metric | undefined = METRICS.find((one) => one === own['metric']);
  const options: Record<string, unknown> = { method };
  switch (method) {
    case 'pca':
      break;
    case 'tsne':
      Object.assign(options, {
        dimensions: state['tSNEis3d'] === false ? 2 : 3,
        perplexity: number('perplexity', 'tSNEPerplexity'),
        learningRate: number('learningRate', 'tSNELearningRate'),
        steps: number('steps', 'tSNEIteration'),
        metric,
        seed: number('seed'),
      });
      break;
    case 'umap':
      Object.assign(options, {
        dimensions: state['umapIs3d'] === false ? 2 : 3,
        neighbours: number('neighbours', 'umapNeighbors'),
        minDistance: numberOf(own['minDistance']) ?? numberOf(state['umapMinDist']),
        spread: number('spread'),
        steps: number('steps'),
        metric,
        seed: number('seed'),
      });
      break;
    case 'axes':
      // TensorBoard's are searches for the rows at both ends: what they gave is in the places.
      options['axes'] = Array.isArray(own['axes']) ? own['axes'].flatMap((axis) => axisOf(fieldsOf(axis)) ?? []) : [];
  }
  // prettier-ignore
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as unknown as ProjectionOptions;
}

function axisOf(axis: Fields | undefined): Axis | undefined {
  const [index, from, to] = [numberOf(axis?.['index']), axis?.['from'], axis?.['to']];
  if (axis?.['kind'] === 'dimension' && index !== undefined && Number.isInteger(index) && index >= 0)
    return { kind: 'dimension', index };
  if (axis?.['kind'] !== 'between') return undefined;
  return { kind: 'between', from: rowsOf(from, Infinity), to: rowsOf(to, Infinity) };
}

/** All three, or none. */
function axesOf(said: unknown): Bookmark['axes'] {
  const axes = (Array.isArray(said) ? said : []).map((one): AxisTerms | undefined => {
    const axis = fieldsOf(one);
    const [index, from, to] = [numberOf(axis?.['index']), textOf(axis?.['from']), textOf(axis?.['to'])];
    if (axis?.['kind'] === 'between' && from !== undefined && to !== undefined) return { kind: 'between', from, to };
    const isIndex = index !== undefined && Number.isInteger(index) && index >= -1;
    return axis?.['kind'] === 'dimension' && isIndex ? { kind: 'dimension', index } : undefined;
  });
  return axes.length === 3 && axes.every((axis) => axis !== undefined) ? (axes as unknown as Bookmark['axes']) : undefined; // prettier-ignore
}

/** Two or three columns. */
function drawnOf(method: Method, state: Fields, own: Fields, columns = METHODS[method].columns.length): number[] {
  const isDrawn = (drawn: number[] | undefined): drawn is number[] =>
    drawn?.length !== undefined && (drawn.length === 2 || drawn.length === 3) && drawn.every((one) => Number.isInteger(one) && one >= 0 && one < columns); // prettier-ignore
  const ours = numbersOf(own['drawn']);
  if (isDrawn(ours)) return ours;
  const theirs = method === 'pca' ? numbersOf(state['pcaComponentDimensions']) : undefined;
  if (isDrawn(theirs)) return theirs;
  const is2d = method === 'axes' || (method === 'tsne' && state['tSNEis3d'] === false) || (method === 'umap' && state['umapIs3d'] === false); // prettier-ignore
  return [0, 1, 2].slice(0, Math.min(columns, is2d ? 2 : 3));
}

function embeddingOf(own: Fields | undefined): Bookmark['embedding'] {
  const [run, name] = [textOf(own?.['run']), textOf(own?.['name'])];
  if (run === undefined || name === undefined) return undefined;
  return { run, name, step: numberOf(own?.['step']) ?? NaN };
}
