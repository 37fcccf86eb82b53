// node projections.mjs FOLDER: one round of pictures of embeddings beside those of scran.js (t-SNE), umap-js, and
// numeric.js (PCA), of larger ones by themselves, and of files of embeddings beside reading their bytes alone; prints
// {contestant: {name: seconds}}, of `memory` and `input` MiB. All run in this thread.
import { createReadStream, openSync, readFileSync, readSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { divergence, jointProbabilities, trustworthiness } from './picture_quality.mjs';

const [folder, build] = [process.argv[2], process.env.BENCH_BUILD];
const require = createRequire(import.meta.url);
const { loaderOf } = await import(join(build, 'engine/wasm_loader.js'));
const { WasmProjection } = await import(join(build, 'engine/wasm_projection.js'));
const { WasmEmbeddings } = await import(join(build, 'engine/wasm_embeddings.js'));
// The glue of our modules asks where it is, but is handed its wasm.
globalThis.__dirname = '';

/** As TURN_MS of web/src/engine/projections/projection_worker.ts. */
const TURN_MS = 8;
const PERPLEXITY = 30;
const EPOCHS = 200;
const MIB = 2 ** 20;
const results = { projection: {}, scran: {}, umap_js: {}, numeric: {}, drain: {}, memory: {}, input: {}, second: {} };

async function time(run) {
  const start = performance.now();
  const result = await run();
  return [(performance.now() - start) / 1000, result];
}

/** Points of write_bench_data. */
function read(count, dimensions) {
  const bytes = readFileSync(join(folder, `points_${count}x${dimensions}.bytes`));
  return { values: new Float32Array(new Uint8Array(bytes).buffer), dimensions, count };
}

const compiled = {};
/**
 * Runs something with a module of its own, and notes its memory: that never shrinks, so that it is at its most in the end.
 * @param input bytes
 */
async function withModule(name, Wrapper, row, input, run) {
  const wasm = join(build, '../wasm', name);
  compiled[name] ??= await WebAssembly.compile(readFileSync(`${wasm}.wasm`));
  const module = await loaderOf((await import(`${wasm}.js`)).default)(compiled[name]);
  const result = await run(Wrapper.of(module));
  results.memory[row] = module.HEAPU8.length / MIB;
  results.input[row] = input / MIB;
  return result;
}

const project = ({ values, dimensions }, row, options, work) =>
  withModule('projection', WasmProjection, row, values.byteLength, (projection) =>
    time(() => {
      const { set } = projection.open(dimensions, [values]);
      projection.start(set, options);
      return work(projection, set);
    }),
  );

function finish(projection, set) {
  while (!projection.step(set, TURN_MS));
  return projection.frame(set).positions;
}

/** From the probabilities on; ours until its picture is as good as theirs after 1,000 steps. */
async function tsne() {
  const points = read(10_000, 50);
  const scran = await import(require.resolve('scran.js'));
  const alone = { numberOfThreads: 1 };
  await scran.initialize(alone);
  const index = scran.buildNeighborSearchIndex(points.values, {
    numberOfDims: points.dimensions,
    numberOfCells: points.count,
    approximate: false,
  });
  // As many as ours looks for.
  const k = Math.ceil(3 * PERPLEXITY);
  const found = scran.findNearestNeighbors(index, k, alone);
  const status = scran.initializeTsne(found, { ...alone, perplexity: PERPLEXITY });
  // Bit by bit, as ours: V8 optimises no function that is running.
  const run = () => {
    for (let steps = 10; steps <= 1000; steps += 10) status.run({ maxIterations: steps });
  };
  [results.scran.tsne] = await time(run);
  const { x, y } = status.extractCoordinates();
  const { indices: rows, distances } = found.serialize();
  scran.terminate();
  const probabilities = jointProbabilities({ count: points.count, k, rows, distances }, PERPLEXITY);
  const picture = Float64Array.from({ length: 2 * x.length }, (_, i) => (i % 2 ? y : x)[i >> 1]);
  const wanted = divergence(probabilities, picture);

  let [seconds, stage, step] = [0, '', 0];
  const options = { method: 'tsne', metric: 'euclidean', perplexity: PERPLEXITY, steps: 3000 };
  await project(points, 'tsne', options, (projection, set) => {
    // The exaggeration is over then.
    for (let next = 300, done = false; ;) {
      if (done) throw new Error(`t-SNE never comes to a divergence of ${wanted}`);
      const start = performance.now();
      done = projection.step(set, TURN_MS);
      if (stage === 'layout') seconds += (performance.now() - start) / 1000;
      const { progress, positions } = projection.frame(set);
      ({ stage, step } = progress);
      if (stage === 'neighbours' || stage === 'start' || step < next) continue;
      if (divergence(probabilities, positions) <= wanted) return;
      next += 50;
    }
  });
  results.projection.tsne = seconds;
  results.projection.tsne_step = seconds / step;
}

/** All of it, with as many epochs as umap-js has for so many points. */
async function umap() {
  const points = read(10_000, 50);
  const { UMAP } = require('umap-js');
  const vectors = rowsOf(points).map((row) => Array.from(row));
  const [theirs, vague] = await time(() => new UMAP({ nEpochs: EPOCHS }).fit(vectors));
  const options = { method: 'umap', metric: 'euclidean', steps: EPOCHS };
  const [ours, picture] = await project(points, 'umap', options, finish);
  const distrust = (positions) => 1 - trustworthiness(points.values, points.dimensions, positions, 15, 10);
  Object.assign(results.projection, { umap: ours, umap_distrust: distrust(picture) });
  Object.assign(results.umap_js, { umap: theirs, umap_distrust: distrust(Float64Array.from(vague.flat())) + 0.01 });
}

/** Ten components, as TensorBoard makes them: of the products of dimensions, by their singular values. */
async function pca() {
  const points = read(50_000, 200);
  const numeric = require('numeric');
  const vectors = rowsOf(points);
  [results.numeric.pca] = await time(() => {
    const products = numeric.div(numeric.dot(numeric.transpose(vectors), vectors), vectors.length);
    const { U } = numeric.svd(products);
    return vectors.map((vector) => Float32Array.from({ length: 10 }, (_, i) => vector.reduce((sum, value, d) => sum + value * U[d][i], 0))); // prettier-ignore
  });
  [results.projection.pca] = await project(points, 'pca', { method: 'pca' }, finish);
}

/** So many points as are promised: until the first step, and a step. */
async function large(row, points, options) {
  const seconds = { start: 0, layout: 0 };
  await project(points, row, { metric: 'euclidean', ...options }, (projection, set) => {
    for (let [done, inLayout] = [false, false]; !done;) {
      const begin = performance.now();
      done = projection.step(set, TURN_MS);
      seconds[inLayout ? 'layout' : 'start'] += (performance.now() - begin) / 1000;
      inLayout = projection.frame(set).progress.stage === 'layout';
    }
  });
  Object.assign(results.projection, {
    [`${row}_start`]: seconds.start,
    [`${row}_step`]: seconds.layout / options.steps,
  });
  Object.assign(results.second, { [`${row}_start`]: 1, [`${row}_step`]: 1 });
}

const rowsOf = ({ values, dimensions, count }) =>
  Array.from({ length: count }, (_, i) => values.subarray(i * dimensions, (i + 1) * dimensions));

/** A tensor of files to float32, by the bytes of the largest one alone; the best of three. */
async function file(row, place, names) {
  const largest = join(folder, names.at(-1));
  const { size } = statSync(largest);
  const drains = [];
  const readings = [];
  for (let i = 0; i < 3; i++) {
    drains.push((await time(() => drain(largest)))[0]);
    const [seconds, rows] = await withModule('embeddings', WasmEmbeddings, row, size, (embeddings) =>
      time(() => readTensor(embeddings, place, names)),
    );
    if (rows < 1e5) throw new Error(`${rows} rows of ${place.path}`);
    readings.push(seconds);
  }
  results.drain[row] = Math.min(...drains);
  results.projection[row] = Math.min(...readings);
}

async function drain(path) {
  let bytes = 0;
  for await (const piece of Readable.toWeb(createReadStream(path, { highWaterMark: MIB }))) bytes += piece.length;
  return bytes;
}

function readTensor(embeddings, place, names) {
  const files = {};
  for (const name of names) {
    files[name] = openSync(join(folder, name));
    embeddings.addFile(name, statSync(join(folder, name)).size);
  }
  const piece = new Uint8Array(MIB);
  let reply = embeddings.readTensor(place);
  while ('need' in reply) {
    const { path, offset, length } = reply.need;
    reply = embeddings.provide(piece.subarray(0, readSync(files[path], piece, 0, length, offset)));
  }
  return reply.done.facts.rows;
}

await tsne();
await umap();
await pca();
await large('tsne_50000', read(50_000, 50), { method: 'tsne', perplexity: PERPLEXITY, steps: 300 });
await large('umap_100000', read(100_000, 64), { method: 'umap', steps: 20 });
await file('tsv', { path: 'points.tsv', form: 'table' }, ['points.tsv']);
await file('checkpoint', { path: 'points.index', form: 'checkpoint', name: 'embedding' }, [
  'points.index',
  'points.data-00000-of-00001',
]);
console.log(JSON.stringify(results));
