/**
 * The Embind class of `wasm/bindings/graph.cc`, as TypeScript sees it: graphs that were opened, by number. Questions are
 * JSON, which is the input; answers are JSON in text, and numbers. Only a worker uses it, through `wasm_graphs.ts`.
 */
import type { TraceDirection } from './graphs';
import type { Exchange } from '../wasm_memory';

export interface GraphsSession extends Exchange {
  /**
   * Reads the graph that the payload, the input, holds. Text: JSON of GraphFacts (graphs.ts) without `graph`. Returns its
   * number, or -1: it holds none.
   */
  openPayload(plugin: string, storage: number, split: boolean, length: number): number;
  /** The same of a whole file. */
  openFile(length: number): number;
  /** The profile that the payload, the input, holds is joined with the next graph of a payload. False: it holds none. */
  setProfile(plugin: string, storage: number, split: boolean, length: number): boolean;
  /** One graph of two. Text and number: as above. */
  compare(before: number, after: number): number;
  close(graph: number): void;
  /** Input: JSON of SceneQuery. Text and numbers: see `scene_reader.ts`. */
  scene(graph: number, length: number): void;
  /** Text: JSON of PackedOutline (graph_protocol.ts). Input: the path. */
  outline(graph: number, length: number, from: number, count: number): void;
  /** Input: the query. Text: JSON of GraphHits. */
  search(graph: number, length: number): void;
  /** Input: the path. Text: JSON of NodeFacts, or `null`. */
  node(graph: number, length: number): void;
  /** Input: the path. Text: the attribute of this name. */
  attribute(graph: number, length: number, name: string): void;
  /**
   * Input: the path. Numbers: 1 for each box, then each piece of the last scene that is on the way, else 0. Text: JSON of
   * {boxes: how many of the numbers are of boxes, ops}.
   */
  trace(graph: number, length: number, direction: TraceDirection, depth: number): void;
  /** Input: the path of one end. Numbers and text: as of `trace`, and {path}. */
  shortestPath(graph: number, length: number, to: string): void;
  /** Input: JSON of TableQuery. Text: JSON of TablePage. */
  table(graph: number, length: number): void;
  /** Text: JSON of OpCount[]. */
  ops(graph: number): void;
}

export interface GraphsModule {
  HEAPU8: Uint8Array;
  Graphs: new () => GraphsSession;
}
