import { expect, test } from 'vitest';
import type { GraphsModule, GraphsSession } from '../../web/src/engine/graphs/graphs_session';
import type { SceneQuery } from '../../web/src/engine/graphs/graphs';
import { WasmGraphs } from '../../web/src/engine/graphs/wasm_graphs';

/** One box, which every trace is on; where the last answer is: its text at 0, its numbers at 64. */
class FakeSession {
  static readonly memory = new Uint8Array(256);
  private size = 0;

  reserveInput = (): number => 128;
  textPointer = (): number => 0;
  textSize = (): number => this.size;
  numbersPointer = (): number => 64;
  numbersSize = (): number => 8;
  scene = (): void => undefined;
  close = (): void => undefined;
  trace = (): void => {
    const { written } = new TextEncoder().encodeInto('{"boxes":1,"ops":1}', FakeSession.memory);
    this.size = written;
    new Float64Array(FakeSession.memory.buffer, 64, 1)[0] = 1;
  };
}

test('what is on a trace is of the scene of its graph that was laid out last', () => {
  const module = { HEAPU8: FakeSession.memory, Graphs: FakeSession } as unknown as GraphsModule;
  const graphs = new WasmGraphs(module, new FakeSession() as unknown as GraphsSession);
  const query: SceneQuery = { open: [], putBack: [], takenOut: [], colour: 'op' };
  const sceneOf = (graph: number): number => graphs.trace(graph, 'a', 'both', 1).scene;
  expect(sceneOf(1)).toBe(0);
  graphs.scene(1, query, 5);
  graphs.scene(2, query, 6);
  expect([sceneOf(1), sceneOf(2)]).toEqual([5, 6]);
  graphs.scene(1, query, 7);
  expect(graphs.trace(1, 'a', 'both', 1)).toMatchObject({ scene: 7, boxes: Uint8Array.of(1), ops: 1 });
  graphs.close(1);
  expect(sceneOf(1)).toBe(0);
});
