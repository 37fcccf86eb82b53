import { Fault } from '../../faults/fault';
import type { PackedOutline, PackedScene } from './graph_protocol';
import type { GraphFacts, GraphHits, NodeFacts, OpCount, SceneQuery, ShortestPath, TablePage, TableQuery, Trace, TraceDirection } from './graphs'; // prettier-ignore
import type { GraphsModule, GraphsSession } from './graphs_session';
import { WasmMemory } from '../wasm_memory';
import type { Form } from '../values/wasm_values';

/** A payload with the plugin of its series. */
export interface GraphForm extends Form {
  plugin: string;
}

/** Graphs in wasm memory. */
export class WasmGraphs extends WasmMemory<GraphsSession> {
  static of(wasm: GraphsModule): WasmGraphs {
    return new WasmGraphs(wasm, new wasm.Graphs());
  }

  private readonly encoder = new TextEncoder();
  /** The version of the last scene of each graph. */
  private readonly scenes = new Map<number, number>();

  /** @throws Fault `not_a_graph` */
  openPayload({ plugin, storage, split }: GraphForm, bytes: Uint8Array): GraphFacts {
    return this.opened(bytes.length, (session) => session.openPayload(plugin, storage, split, this.setInput(bytes)));
  }

  /** @throws Fault `not_a_graph` */
  openFile(bytes: Uint8Array): GraphFacts {
    return this.opened(bytes.length, (session) => session.openFile(this.setInput(bytes)));
  }

  /** The profile is joined with the graph that is opened next. @throws Fault `not_a_graph` */
  setProfile({ plugin, storage, split }: GraphForm, bytes: Uint8Array): void {
    const taken = this.call((session) => session.setProfile(plugin, storage, split, this.setInput(bytes)));
    if (!taken) throw new Fault({ code: 'not_a_graph' });
  }

  compare(before: number, after: number): GraphFacts {
    return this.opened(0, (session) => session.compare(before, after));
  }

  close(graph: number): void {
    this.scenes.delete(graph);
    this.call((session) => session.close(graph));
  }

  scene(graph: number, query: SceneQuery, version: number): PackedScene {
    this.call((session) => session.scene(graph, this.setText(JSON.stringify(query))));
    this.scenes.set(graph, version);
    const scene = { numbers: this.numbers(), texts: this.text() };
    this.release(scene.numbers.byteLength + scene.texts.length);
    return scene;
  }

  outline(graph: number, path: string, from: number, count: number): PackedOutline {
    return this.json((session) => session.outline(graph, this.setText(path), from, count));
  }

  search(graph: number, query: string): GraphHits {
    return this.json((session) => session.search(graph, this.setText(query)));
  }

  node(graph: number, path: string): NodeFacts | null {
    return this.json((session) => session.node(graph, this.setText(path)));
  }

  attribute(graph: number, path: string, name: string): string {
    this.call((session) => session.attribute(graph, this.setText(path), name));
    return this.text();
  }

  trace(graph: number, path: string, direction: TraceDirection, depth: number): Trace {
    return this.traced(graph, (session) => session.trace(graph, this.setText(path), direction, depth));
  }

  shortestPath(graph: number, from: string, to: string): ShortestPath {
    return this.traced(graph, (session) => session.shortestPath(graph, this.setText(from), to));
  }

  table(graph: number, query: TableQuery): TablePage {
    return this.json((session) => session.table(graph, this.setText(JSON.stringify(query))));
  }

  ops(graph: number): OpCount[] {
    return this.json((session) => session.ops(graph));
  }

  private opened(length: number, open: (session: GraphsSession) => number): GraphFacts {
    const graph = this.call(open);
    if (graph < 0) throw new Fault({ code: 'not_a_graph' });
    const facts = JSON.parse(this.text()) as Omit<GraphFacts, 'graph'>;
    this.release(length);
    return { ...facts, graph };
  }

  private traced<T extends Trace>(graph: number, ask: (session: GraphsSession) => void): T {
    const { boxes, ...facts } = this.json<Omit<T, 'boxes' | 'pieces' | 'scene'> & { boxes: number }>(ask);
    const marks = Uint8Array.from(this.numbers());
    const scene = this.scenes.get(graph) ?? 0;
    return { ...facts, scene, boxes: marks.subarray(0, boxes), pieces: marks.subarray(boxes) } as unknown as T;
  }

  private json<T>(ask: (session: GraphsSession) => void): T {
    this.call(ask);
    return JSON.parse(this.text(), asNumber) as T;
  }

  private setText(text: string): number {
    return this.setInput(this.encoder.encode(text));
  }
}

const NUMBERS = new Set(['micros', 'timeShare', 'memory', 'parameters']);

/** JSON has no numbers that are none: `wasm/base/json_writer.h` writes them as texts. */
function asNumber(key: string, value: unknown): unknown {
  return value === 'NaN' && NUMBERS.has(key) ? NaN : value;
}
