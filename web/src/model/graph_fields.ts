/** What a link says of graphs: loaded with their view, or with a link that says some of it. */
import { GRAPH_COLOURS, TABLE_COLUMNS, TRACE_DIRECTIONS } from '../engine/graphs/graphs';
import { closedUnder, leavesOf } from './graph_paths';
import { GRAPH_FORMS, GRAPH_ZOOMS, type GraphPlace } from './state';
import { choice, names, namesOf, stepOf, text, type Field } from './url_field';

/** A place in a drawing of a graph that a link may name, pixels from the box that it is told by. */
const MAX_PLACE = 1e7;

export const GRAPH_FIELDS: Readonly<Record<string, Field>> = {
  graph: {
    write: ({ graph }) => writtenGraph(graph.value),
    read: (state, written) => void (state.graph.value = graphOf(written)),
  },
  graphagainst: {
    // The first of all is named by nothing.
    write: ({ graphAgainst: { value } }) => value && (writtenGraph(value) ?? ','),
    read: (state, written) => void (state.graphAgainst.value = graphOf(written)),
  },
  open: {
    write: ({ graphOpen: { value } }) => value && names(leavesOf(value)),
    read: (state, written) => void (state.graphOpen.value = closedUnder(written === '' ? [] : namesOf(written))),
  },
  node: text('graphNode'),
  nodes: list('graphArea'),
  pathto: text('graphPathTo'),
  graphcolour: choice('graphColour', ['auto', ...GRAPH_COLOURS]),
  trace: choice('graphTrace', TRACE_DIRECTIONS),
  depth: {
    write: ({ graphTraceDepth: { value } }) => (value === Infinity ? undefined : String(value)),
    read(state, written) {
      if (/^[1-9]\d{0,2}$/.test(written)) state.graphTraceDepth.value = Number(written);
    },
  },
  find: text('graphSearch'),
  putback: list('graphPutBack'),
  takenout: list('graphTakenOut'),
  table: {
    write: ({ graphTable: { value } }) => value && `${value.column}${value.descending ? ':down' : ''}`,
    read(state, written) {
      const [name, way, ...more] = written.split(':');
      const column = TABLE_COLUMNS.find((one) => one === name);
      if (column && more.length === 0 && (way === undefined || way === 'down'))
        state.graphTable.value = { column, descending: way === 'down' };
    },
  },
  camera: {
    write({ graphCamera: { value } }) {
      if (!value) return undefined;
      const { path, x, y, zoom } = value;
      return names([path, Number.isNaN(x) ? String(zoom) : `${zoom}:${x}:${y}`]);
    },
    read(state, written) {
      const [path, place = ''] = namesOf(written);
      const [zoom = NaN, x = NaN, y = NaN, ...more] = place
        .split(':')
        .map((part) => (part === '' ? NaN : Number(part)));
      const isPlace = [x, y].every((at) => Math.abs(at) <= MAX_PLACE) || [x, y].every(Number.isNaN);
      if (path === undefined || more.length > 0 || !isPlace) return;
      if (zoom >= GRAPH_ZOOMS[0] && zoom <= GRAPH_ZOOMS[1]) state.graphCamera.value = { path, x, y, zoom };
    },
  },
};

function list(key: 'graphPutBack' | 'graphTakenOut' | 'graphArea'): Field {
  return {
    write: ({ [key]: { value } }) => (value.length === 0 ? undefined : names(value)),
    read: (state, written) => void (state[key].value = [...new Set(namesOf(written))]),
  };
}

/** Run, form, tag, step and time, as far as any of them is named. */
function writtenGraph({ run, form, tag, step: at, time }: GraphPlace): string | undefined {
  const parts = [run, form, tag, at?.toString() ?? '', time?.toString() ?? ''];
  while (parts.at(-1) === '') parts.pop();
  return parts.length === 0 ? undefined : names(parts);
}

function graphOf(written: string): GraphPlace {
  const [run = '', form = '', tag = '', at = '', time = ''] = namesOf(written);
  return {
    run,
    form: [...GRAPH_FORMS, 'file' as const].find((one) => one === form) ?? '',
    tag,
    step: stepOf(at),
    time: time === '' || !Number.isFinite(Number(time)) ? undefined : Number(time),
  };
}
