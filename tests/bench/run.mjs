// node run.mjs [--rounds N] [--only PART]: runs the contestants in turn, round by round, and writes
// build/bench/results.json and a table. tests/bench/run builds what it needs. PART is `reading`,
// `histograms`, `layout` or `projection`.
import { execFile } from 'node:child_process';
import { statSync, writeFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs, promisify } from 'node:util';
import { startEmbeddingPage } from './peers/embedding_page.mjs';
import { startHistogramPages } from './peers/histogram_page.mjs';
import { startPage } from './peers/in_page.mjs';
import { measureImages, printImages } from './image_view.mjs';
import { judge } from './rows.mjs';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const BUILD = join(ROOT, 'build/bench');
const DATA = join(BUILD, 'data');
const { values: options } = parseArgs({
  options: { rounds: { type: 'string', default: '9' }, only: { type: 'string', default: '' } },
});
const rounds = Number(options.rounds);

async function output(command, args) {
  const env = { ...process.env, BENCH_BUILD: BUILD, BENCH_CROSSINGS: join(ROOT, 'build/dev/bench/count_crossings') };
  return (await promisify(execFile)(command, args, { env, cwd: ROOT, maxBuffer: 1 << 24 })).stdout;
}

/** Seconds an iteration of every Google Benchmark, the best of its repetitions. */
async function googleBenchmark(command, args) {
  const flags = ['--benchmark_format=json', '--benchmark_repetitions=5', '--benchmark_min_time=0.01'];
  const units = { ns: 1e-9, us: 1e-6, ms: 1e-3, s: 1 };
  const best = {};
  for (const run of JSON.parse(await output(command, [...args, ...flags])).benchmarks) {
    if (run.error_occurred) throw new Error(`${run.name}: ${run.error_message}`);
    if (run.run_type !== 'iteration') continue;
    best[run.run_name] = Math.min(best[run.run_name] ?? Infinity, run.real_time * units[run.time_unit]);
  }
  return best;
}

const pages = [];
const started = async (page) => {
  pages.push(await page);
  return pages.at(-1);
};
/** What makes the contestants of a part. */
const PARTS = { reading, histograms, layout, projection };
if (options.only !== '' && !Object.hasOwn(PARTS, options.only)) throw new Error(`no part ${options.only}`);
const parts = options.only === '' ? Object.values(PARTS) : [PARTS[options.only]];

async function histograms() {
  const page = await started(startHistogramPages(ROOT, DATA, process.env.BENCH_PYTHON));
  return [() => page.round()];
}

const native = (filter) =>
  googleBenchmark(join(ROOT, 'build/dev/bench/tensorpane_bench'), [`--benchmark_filter=${filter}`]);
// Emscripten 3.1.6 would fetch() its own file.
const wasm = (filter, program = 'tensorpane_bench') =>
  googleBenchmark(process.execPath, [
    '--no-experimental-fetch',
    join(ROOT, `build/wasm/bench/${program}.js`),
    `--benchmark_filter=${filter}`,
  ]);

async function layout() {
  return [
    async () => ({ native_layout: await native('^layout/'), wasm_layout: await wasm('^layout/') }),
    async () => JSON.parse(await output(process.execPath, [join(ROOT, 'tests/bench/peers/dagre.mjs'), DATA])),
    async () => ({ layout_budget: { level: 1 } }),
  ];
}

async function projection() {
  const page = await started(startEmbeddingPage(ROOT, DATA));
  return [
    async () => {
      const wasm_knn = await wasm('^(knn_tile|knn/10000/50/300)$', 'projection_bench');
      // A step of 10,000 points in two dimensions by bh_tsne.ts of TensorBoard took 413 ms where the products took 270.
      return { wasm_knn, tensorboard_tsne: { step: (wasm_knn.knn_tile * 413) / 270 } };
    },
    async () => JSON.parse(await output(process.execPath, [join(ROOT, 'tests/bench/projections.mjs'), DATA])),
    () => page.round(),
  ];
}

async function reading() {
  const page = await started(startPage(ROOT, DATA));
  return [
    async () => ({ native: await native('-^layout/') }),
    async () => ({ wasm: await wasm('-^layout/') }),
    async () => JSON.parse(await output(process.execPath, [join(ROOT, 'tests/bench/peers/in_node.mjs'), DATA])),
    async () => ({
      python: JSON.parse(
        await output(process.env.BENCH_PYTHON, [join(ROOT, 'tests/bench/peers/event_accumulator.py'), DATA]),
      ),
    }),
    () => page.round(),
  ];
}

/** What is known so far: a run that is stopped has a report too. */
function write(measured, others = []) {
  const results = judge(measured, (name) => statSync(join(DATA, name)).size);
  writeFileSync(join(BUILD, 'results.json'), JSON.stringify([...results, ...others], null, 2) + '\n');
  writeFileSync(join(BUILD, 'rounds.json'), JSON.stringify(measured, null, 2) + '\n');
  return results;
}

function print(results) {
  const measure = (value, unit) =>
    unit === 's' ? (value * 1000).toPrecision(3) : `${Number(value.toFixed(3))} ${unit}`;
  console.log('| what | ours, ms | peer, ms | peer | ratio of minima | median ratio | goal | met |');
  console.log('| --- | --- | --- | --- | --- | --- | --- | --- |');
  for (const { name, ours, peer, peer_name, ratio, ratio_median, unit, goal, met } of results) {
    const cells = [
      name,
      measure(ours, unit),
      measure(peer, unit),
      peer_name,
      ratio.toPrecision(3),
      ratio_median.toPrecision(3),
    ];
    console.log(`| ${[...cells, goal ?? '', met === null ? '' : met ? 'yes' : 'no'].join(' | ')} |`);
  }
}

const measured = [];
try {
  const contestants = (await Promise.all(parts.map((part) => part()))).flat();
  for (let i = 0; i < rounds; i++) {
    const round = {};
    for (const contestant of contestants) Object.assign(round, await contestant());
    measured.push(round);
    write(measured);
    console.error(`round ${i + 1} of ${rounds}, load ${loadavg()[0].toFixed(1)}`);
  }
} finally {
  for (const page of pages) await page.stop();
}
const images = options.only === '' ? await measureImages(DATA) : [];
print(write(measured, images));
if (images.length > 0) printImages(images);
