/**
 * The seam between the page and the graph worker, whole. Requests are answered as those of `protocol.ts` are; points are as
 * `points` calls them there. Where a payload is, and its bytes, the worker asks of the one that reads, through a port of its
 * own. The C++ end of it is `wasm/bindings/graph.cc`.
 */
import type { GraphFacts, GraphHits, GraphPoint, NodeFacts, OpCount, OutlineRow, SceneQuery, ShortestPath, TablePage, TableQuery, Trace, TraceDirection } from './graphs'; // prettier-ignore

/** What is opened, as the worker gets it. */
export type GraphInput =
  { kind: 'point'; of: GraphPoint; profile?: GraphPoint } | { kind: 'bytes'; bytes: Uint8Array<ArrayBuffer> };

/** A scene as it crosses: `scene_reader.ts` reads it. */
export interface PackedScene {
  numbers: Float64Array<ArrayBuffer>;
  texts: string;
}

/** An outline as it crosses: the paths of its rows are `folder/name`, or the name alone if the folder is ''. */
export interface PackedOutline {
  total: number;
  folder: string;
  rows: (Omit<OutlineRow, 'path'> & { name: string })[];
}

export type GraphRequest = { id: number } & (
  | { type: 'init'; wasm: WebAssembly.Module | ArrayBuffer; reader: MessagePort }
  | { type: 'cancel'; target: number }
  | { type: 'open'; input: GraphInput }
  | { type: 'compare'; before: number; after: number }
  | { type: 'close'; graph: number }
  | { type: 'scene'; graph: number; query: SceneQuery; version: number }
  | { type: 'outline'; graph: number; path: string; from: number; count: number }
  | { type: 'search'; graph: number; query: string }
  | { type: 'node'; graph: number; path: string }
  | { type: 'attribute'; graph: number; path: string; name: string }
  | { type: 'trace'; graph: number; path: string; direction: TraceDirection; depth: number }
  | { type: 'shortestPath'; graph: number; from: string; to: string }
  | { type: 'table'; graph: number; query: TableQuery }
  | { type: 'ops'; graph: number }
);

/** A request that has no id yet. */
export type GraphRequestBody = GraphRequest extends infer R ? (R extends GraphRequest ? Omit<R, 'id'> : never) : never;

/** What each request is answered with. */
export interface GraphReplies {
  init: null;
  cancel: null;
  open: GraphFacts;
  compare: GraphFacts;
  close: null;
  scene: PackedScene;
  outline: PackedOutline;
  search: GraphHits;
  node: NodeFacts | null;
  attribute: string;
  trace: Trace;
  shortestPath: ShortestPath;
  table: TablePage;
  ops: OpCount[];
}
