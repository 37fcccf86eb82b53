// The same files through protobufjs' static code, which tests/bench/run generates from tensorboard.proto.
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { Columns, forEachRecord } from './records.mjs';

const { bench } = createRequire(import.meta.url)(join(process.env.BENCH_BUILD, 'peers/tensorboard.cjs'));

/** Columns by tag of a file of scalars, in either form. */
export function readScalars(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const tags = new Map();
  forEachRecord(bytes, view, (start, end) => {
    const event = bench.Event.decode(bytes.subarray(start, end));
    for (const { tag, simpleValue, tensor } of event.summary?.value ?? []) {
      let columns = tags.get(tag);
      if (!columns) tags.set(tag, (columns = new Columns()));
      const content = tensor?.tensorContent;
      const value = content ? new DataView(content.buffer, content.byteOffset, 4).getFloat32(0, true) : simpleValue;
      columns.push(Number(event.step), event.wallTime, value);
    }
  });
  return tags;
}

/** What graph_bench.cc makes of a GraphDef: numbers of nodes and edges, and of nodes by op. */
export function summariseGraph(bytes) {
  const graph = bench.GraphDef.decode(bytes);
  const ops = new Map();
  let edges = 0;
  let controlEdges = 0;
  for (const { op, input } of graph.node) {
    ops.set(op, (ops.get(op) ?? 0) + 1);
    edges += input.length;
    for (const name of input) controlEdges += name.startsWith('^');
  }
  return { nodes: graph.node.length, edges, controlEdges, ops };
}
