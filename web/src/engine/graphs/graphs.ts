/**
 * Graphs as the page sees them: what is asked of the graph worker, and what it answers. Nodes have their path as a name
 * ("encoder/block_3/attn"; a call of a function is the folder of what the function holds), so that what is kept means the
 * same another time. The C++ ends are `wasm/graph/scene.h` (numbers and texts of scenes) and `wasm/graph/graph_session.h`.
 */

import type { SourceRef } from '../../sources/source_ref';

/** A point of a series that holds a graph, or a profile. */
export interface GraphPoint {
  series: number;
  /** As `points` of the engine calls it. */
  point: number;
}

/** What a graph is read from: a point, joined with the profile of another one, or a file that was dropped alone. */
export type GraphSource =
  | { kind: 'point'; of: GraphPoint; profile?: GraphPoint }
  /** A GraphDef or SavedModel, binary or as text, or the JSON of a Keras model. */
  | { kind: 'file'; name: string; source: SourceRef };

/** What was wrong in the source; `example` is one of `count`. The words are in `views/graphs/graph_faults.ts`. */
export interface GraphFault {
  kind: 'malformed' | 'dangling' | 'duplicate' | 'noSuchFunction' | 'empty' | 'tooMany' | 'notInGraph' | 'emptyProfile';
  count: number;
  example: string;
}

export interface GraphFacts {
  /** Names it to the worker, until `close`. */
  graph: number;
  form: 'ops' | 'layers';
  nodes: number;
  edges: number;
  functions: number;
  producer: string;
  /** Something has a known time, a known memory, a device, an XLA cluster, a shape. */
  has: { time: boolean; memory: boolean; devices: boolean; clusters: boolean; shapes: boolean; parameters: boolean };
  /** It is of two graphs. */
  compared: boolean;
  faults: GraphFault[];
}

export const GRAPH_COLOURS = ['structure', 'op', 'device', 'cluster', 'time', 'memory', 'difference'] as const;
export type GraphColour = (typeof GRAPH_COLOURS)[number];

/** What of a graph is drawn. All by path. */
export interface SceneQuery {
  /** Boxes that are open; the top level always is. Those of which a box around is closed do not count. */
  open: readonly string[];
  /** Nodes that are drawn although they have many edges, and nodes that are not although they have few. */
  putBack: readonly string[];
  takenOut: readonly string[];
  colour: GraphColour;
}

export type BoxKind =
  | 'op'
  /** A folder of the names, or the call of a function. */
  | 'group'
  /** Several siblings drawn as one: identical groups ("block_0 … block_2"), or ops of one kind in a row. */
  | 'stack'
  /** What an input names and nothing is. */
  | 'stub';

export type DifferenceKind = 'same' | 'changed' | 'added' | 'removed';

/** One box of a drawing. */
export interface Box {
  kind: BoxKind;
  path: string;
  /** "attn" */
  label: string;
  /** "MultiHeadAttention · 14 ops", "3 × 206 ops, identical" */
  note: string;
  /** Top left, in pixels of the drawing. */
  x: number;
  y: number;
  width: number;
  height: number;
  /** Index of the box around it; -1 = none. */
  parent: number;
  open: boolean;
  /** It can be opened. */
  expandable: boolean;
  /** The number that it is coloured by has room at its right. */
  valueRoom: boolean;
  /** Ops in it, those of functions that it calls too. */
  ops: number;
  /** Index in the legend of the scene, or -1; of colours that are scales (time, memory) NaN, or 0 to 1. */
  colour: number;
  /** Which part of it is of that colour, 0 to 1. */
  share: number;
  difference: DifferenceKind;
  /** Constants that go into it and summaries that come out, which have no box: how many. */
  constants: number;
  summaries: number;
  /** Members of a stack. */
  members: number;
  /** Of an open box: so far from its left its text may reach, which no edge crosses, px. */
  header: number;
}

export type EdgeKind = 'data' | 'control' | 'reference';

/**
 * One piece of an edge: within one level, from box to box or to the port in the border of the open box that holds the level.
 * A piece ends where a port begins and goes on from there; edges that share a port share what lies behind it.
 */
export interface EdgePiece {
  /** Index of a box, or -1 - index of a port. */
  from: number;
  to: number;
  kind: EdgeKind;
  /** Pixels; by the size of the tensor. */
  width: number;
  /** x, y of its corners, from beginning to end, which is where an arrow is if `to` is a box. */
  points: Float64Array;
  /** "64×197×384", "3 tensors", "". */
  label: string;
  /** Its top left; NaN = it has no room, or stands beside another piece of the edge. */
  labelX: number;
  labelY: number;
  /** It closes a cycle. */
  upward: boolean;
  difference: DifferenceKind;
}

/** A node that was taken out of the drawing. */
export interface TakenOut {
  path: string;
  edges: number;
  /** By us, since it has so many edges, or by hand. */
  byHand: boolean;
}

export interface LegendEntry {
  /** "encoder/block_0", "MatMul", "/device:GPU:0" */
  label: string;
  /** Nodes, or boxes of identical structure. */
  count: number;
}

export interface Scene {
  /** Which of all scenes it is: no two have the same number, in whichever worker they were laid out. */
  version: number;
  boxes: Box[];
  pieces: EdgePiece[];
  width: number;
  height: number;
  takenOut: TakenOut[];
  /** What box colours mean; of a scale: empty, and `most` is what 1 stands for (µs, bytes). */
  legend: LegendEntry[];
  most: number;
  /** Paths of levels that were drawn coarser, since time was over. */
  coarse: string[];
  /** How long laying out took, ms. */
  took: number;
}

/** A row of the outline: one child of a path, in the order of the source. */
export interface OutlineRow {
  path: string;
  label: string;
  kind: BoxKind;
  ops: number;
  expandable: boolean;
  /** Structure colour, as in a legend by structure. */
  colour: number;
  /** A constant or a summary that has no box of its own: it is marked at those that it is joined to. */
  aside: boolean;
  difference: DifferenceKind;
}

/** Some children of a path. */
export interface Outline {
  total: number;
  rows: OutlineRow[];
}

export interface GraphHit {
  path: string;
  kind: BoxKind;
}

export interface GraphHits {
  total: number;
  /** The first ones, 1,000 at most; fewer of very long paths. */
  hits: GraphHit[];
  /** Why the query cannot be asked: a pattern that is none. */
  problem: string;
}

export interface NodePort {
  path: string;
  kind: EdgeKind;
  /** "64×197×384 float32"; '' unknown. */
  shape: string;
  /** Nothing has this name. */
  stub: boolean;
}

export interface NodeAttribute {
  name: string;
  /** As it reads: "6", "true", "[64,197,384]"; cut after 1,000 characters. */
  text: string;
  /** Bytes of the whole; more than the text shows where `cut`. */
  size: number;
  cut: boolean;
}

/** What the panel says of one node or group. */
export interface NodeFacts {
  path: string;
  label: string;
  kind: BoxKind;
  op: string;
  device: string;
  cluster: string;
  ops: number;
  /** NaN = unknown. Of groups sums. */
  parameters: number;
  micros: number;
  /** Of the whole graph, 0 to 1. */
  timeShare: number;
  memory: number;
  /** Other groups of the same structure. */
  identical: string[];
  identicalCount: number;
  inputs: NodePort[];
  outputs: NodePort[];
  controls: NodePort[];
  /** The lists above are cut after 500. */
  inputCount: number;
  outputCount: number;
  controlCount: number;
  outputShapes: string[];
  attributes: NodeAttribute[];
  /** Of a group: ops by what they take, or by number: name, how many, µs (NaN). */
  inside: { name: string; count: number; micros: number }[];
  difference: DifferenceKind;
  /** What is not the same, one line each: 'attribute "strides": [1,1] → [2,2]'. */
  changes: string[];
}

/** Which way edges are followed. */
export const TRACE_DIRECTIONS = ['inputs', 'outputs', 'both'] as const;
export type TraceDirection = (typeof TRACE_DIRECTIONS)[number];

/** What of the last scene is on a way: bytes, 1 = it is. */
export interface Trace {
  /** `version` of that scene, which need not be the one that is shown; 0 = there was none. */
  scene: number;
  boxes: Uint8Array;
  pieces: Uint8Array;
  /** Ops on it, also those that no box shows by itself. */
  ops: number;
}

export interface ShortestPath extends Trace {
  /** Of the nodes, from one end to the other; empty = there is none. */
  path: string[];
}

export const TABLE_COLUMNS = ['name', 'op', 'device', 'shape', 'time', 'memory'] as const;
export type TableColumn = (typeof TABLE_COLUMNS)[number];

export interface TableQuery {
  /** As in a search. */
  query: string;
  sort: TableColumn;
  descending: boolean;
  from: number;
  count: number;
}

export interface TableRow {
  path: string;
  op: string;
  device: string;
  shape: string;
  micros: number;
  memory: number;
  difference: DifferenceKind;
}

export interface TablePage {
  total: number;
  rows: TableRow[];
  problem: string;
}

export interface OpCount {
  op: string;
  count: number;
  micros: number;
}

/** The graphs of one opening, in a worker of their own. Every method rejects with a Fault; `cancelled` by the signal. */
export interface Graphs {
  /** Rejects with `not_a_graph` if there is none in it. */
  open(source: GraphSource, signal: AbortSignal): Promise<GraphFacts>;
  /** One graph of both: nodes by name. Both stay open as long as it is. */
  compare(before: number, after: number, signal: AbortSignal): Promise<GraphFacts>;
  close(graph: number): void;
  scene(graph: number, query: SceneQuery, signal: AbortSignal): Promise<Scene>;
  outline(graph: number, path: string, from: number, count: number): Promise<Outline>;
  /** Substring, /regex/, op:, device:, shape:, difference:, in:PATH; several words are all wanted. */
  search(graph: number, query: string, signal: AbortSignal): Promise<GraphHits>;
  node(graph: number, path: string): Promise<NodeFacts | undefined>;
  /** The whole of an attribute, as text. */
  attribute(graph: number, path: string, name: string): Promise<string>;
  /** @param depth edges; Infinity = to the end */
  trace(graph: number, path: string, direction: TraceDirection, depth: number, signal: AbortSignal): Promise<Trace>;
  shortestPath(graph: number, from: string, to: string, signal: AbortSignal): Promise<ShortestPath>;
  table(graph: number, query: TableQuery, signal: AbortSignal): Promise<TablePage>;
  ops(graph: number): Promise<OpCount[]>;
}
