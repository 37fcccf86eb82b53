// node in_node.mjs FOLDER: one round of the contestants that run in node; prints {contestant: {name: seconds}}.
import { createReadStream, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import * as hand from './hand_written.mjs';
import * as protobufjs from './protobufjs.mjs';

/** As often as run.mjs lets Google Benchmark repeat; the best counts. */
const REPEATS = 5;
const folder = process.argv[2];
const read = (name) => new Uint8Array(readFileSync(join(folder, name)));

function time(run, want) {
  const start = performance.now();
  const got = run();
  const seconds = (performance.now() - start) / 1000;
  if (got !== want) throw new Error(`${got}, want ${want}`);
  return seconds;
}

const points = (tags) => [...tags.values()].reduce((sum, { size }) => sum + size, 0);
const results = { hand: {}, protobufjs: {}, streams: {} };
for (const form of ['tf2', 'simple']) {
  const short = read(`${form}_short.tfevents`);
  const long = read(`${form}.tfevents`);
  for (const [name, { readScalars }] of Object.entries({ hand, protobufjs })) {
    // Compiled before it counts.
    for (let i = 0; i < 5; i++) readScalars(short);
    const times = Array.from({ length: REPEATS }, () => time(() => points(readScalars(long)), 100_000));
    results[name][`decode/${form}`] = Math.min(...times);
  }
}
const graph = read('graph.pb');
let nodes = protobufjs.summariseGraph(graph.subarray(0, 0)).nodes;
results.protobufjs.graph = time(() => ((nodes = protobufjs.summariseGraph(graph).nodes), nodes > 1e5), true);

const start = performance.now();
let bytes = 0;
const file = Readable.toWeb(createReadStream(join(folder, 'tf2.tfevents.gz'), { highWaterMark: 1 << 20 }));
for await (const piece of file.pipeThrough(new DecompressionStream('gzip'))) bytes += piece.length;
if (bytes < 180e6) throw new Error(`${bytes} bytes inflated`);
results.streams.inflate = (performance.now() - start) / 1000;

console.log(JSON.stringify(results));
