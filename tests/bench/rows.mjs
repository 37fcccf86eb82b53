// What is compared with what, and what is wanted: the rows of the benchmark report. Goals: "at least" unless `most`.

/** Bytes of the short file by the bytes of the long one, for contestants that read the short one. */
const SHORT = { 'decode/tf2': 'tf2', 'decode/simple': 'simple', 'decode/histograms': 'histograms' };

const row = (name, ours, peer, peerName, rest = {}) => ({ name, ours, peer, peerName, ...rest });
const decode = (name, text, goals) => [
  row(`${text}, wasm ÷ TensorBoard`, ['wasm', name], ['python', name], "pip's EventAccumulator", { goal: goals[0] }),
  ...(goals[1] === undefined
    ? []
    : [
        row(`${text}, wasm ÷ protobufjs`, ['wasm', name], ['protobufjs', name], 'protobufjs static, CRC', {
          goal: goals[1],
        }),
        row(`${text}, wasm ÷ JavaScript`, ['wasm', name], ['hand', name], 'hand-written JavaScript, CRC', {
          goal: goals[2],
        }),
      ]),
  row(`${text}, wasm ÷ native`, ['wasm', name], ['native', name], 'the same source, native', { goal: goals[3] }),
];

/**
 * `ours` and `peer` are [contestant, name of its measurement]; `ratio` of a row is the peer's time by ours, so that more
 * is better, unless it is of the kind `most`: our time by the peer's.
 */
export const ROWS = [
  row(
    'calibration: slice-by-16 of 1 MiB, wasm ÷ native',
    ['wasm', 'crc_slice16/1048576'],
    ['native', 'crc_slice16/1048576'],
    'native',
  ),
  ...[8, 64, 1024].map((size) =>
    row(
      `CRC of ${size} B, wasm ÷ slice-by-16`,
      ['wasm', `crc/${size}`],
      ['wasm', `crc_slice16/${size}`],
      'slice-by-16, wasm',
    ),
  ),
  row('CRC of 16 KiB, wasm ÷ slice-by-16', ['wasm', 'crc/16384'], ['wasm', 'crc_slice16/16384'], 'slice-by-16, wasm', {
    goal: 3,
  }),
  row(
    'CRC of 1 MiB, wasm ÷ slice-by-16',
    ['wasm', 'crc/1048576'],
    ['wasm', 'crc_slice16/1048576'],
    'slice-by-16, wasm',
    { goal: 3 },
  ),
  ...decode('decode/tf2', 'TF2 scalars', [150, 12, 4, 0.75]),
  ...decode('decode/simple', 'simple_value scalars', [undefined, undefined, undefined, undefined]),
  row(
    'simple_value scalars, wasm ÷ protobufjs',
    ['wasm', 'decode/simple'],
    ['protobufjs', 'decode/simple'],
    'protobufjs static, CRC',
  ),
  row(
    'simple_value scalars, wasm ÷ JavaScript',
    ['wasm', 'decode/simple'],
    ['hand', 'decode/simple'],
    'hand-written JavaScript, CRC',
  ),
  ...decode('decode/histograms', 'torch histograms', [50, undefined, undefined, undefined]),
  row(
    'TF2 scalars ÷ framing alone, wasm',
    ['wasm', 'decode/tf2'],
    ['wasm', 'framing/tf2'],
    'framing and CRC alone, wasm',
  ),
  row('GraphDef of 50 MB ÷ protobufjs', ['wasm', 'graph'], ['protobufjs', 'graph'], 'protobufjs static', { goal: 5 }),
  row(
    'inflating 200 MB ÷ DecompressionStream',
    ['wasm', 'inflate'],
    ['streams', 'inflate'],
    'DecompressionStream, node',
    { goal: 0.7 },
  ),
  row(
    'pyramid of 1e6 points, wasm ÷ native',
    ['wasm', 'pyramid_build/1000000'],
    ['native', 'pyramid_build/1000000'],
    'native',
  ),
  row(
    'query of 1e7 points by that of 1e4, wasm',
    ['wasm', 'query/10000000'],
    ['wasm', 'query/10000'],
    'query of 1e4 points',
    { most: true },
  ),
  row(
    'drop of TF2 scalars by drain + decode',
    ['page', 'drop/tf2_long'],
    ['page_parts', 'drop/tf2_long'],
    'draining and decoding apart, Chromium',
    { goal: 1, most: true },
  ),
  row(
    'drop of images by drain + decode',
    ['page', 'drop/images'],
    ['page_parts', 'drop/images'],
    'draining and decoding apart, Chromium',
    { goal: 1.1, most: true },
  ),
  row(
    'script of a step of the scrubber, 12 histograms',
    ['histograms', 'scrub'],
    ['budget', 'scrub'],
    'what a frame has',
    { goal: 1, most: true },
  ),
  row(
    'heat map of 10,000 steps on another scale',
    ['histograms', 'heat'],
    ['budget', 'heat'],
    'what seems to be at once',
    { goal: 1, most: true },
  ),
  row(
    'opening the tab of histograms, torch_training',
    ['histograms', 'open'],
    ['tensorboard_page', 'open'],
    "TensorBoard's tab, Chromium",
  ),
  row(
    'level of 1,000 nodes, residual blocks, wasm ÷ dagre',
    ['wasm_layout', 'layout/residual_1000'],
    ['dagre', 'layout/residual_1000'],
    'dagre, node',
    { goal: 10 },
  ),
  row(
    'level of 300 nodes, layers of ten, wasm ÷ dagre',
    ['wasm_layout', 'layout/layered_300'],
    ['dagre', 'layout/layered_300'],
    'dagre, node',
    { goal: 10 },
  ),
  ...['layered_300', 'flat_300'].map((name) =>
    row(`crossings of ${name} by dagre's`, ['crossings', name], ['dagre_crossings', name], 'dagre', {
      goal: 1.2,
      most: true,
      unit: 'crossings',
    }),
  ),
  row(
    'level of 10,000 nodes by that of 1,000, wasm',
    ['wasm_layout', 'layout/residual_10000'],
    ['wasm_layout', 'layout/residual_1000'],
    'level of 1,000 nodes',
    { goal: 15, most: true },
  ),
  row(
    'level of 3,000 nodes, layers of ten, wasm',
    ['wasm_layout', 'layout/layered_3000'],
    ['layout_budget', 'level'],
    'a second',
    { goal: 1, most: true },
  ),
  row(
    'level of 1,000 nodes, wasm ÷ native',
    ['wasm_layout', 'layout/residual_1000'],
    ['native_layout', 'layout/residual_1000'],
    'the same source, native',
  ),
  row(
    '300 nearest of 10,000 × 50, share of the rate of products',
    ['wasm_knn', 'knn/10000/50/300'],
    ['wasm_knn', 'knn_tile'],
    'all products of two points, wasm',
    { goal: 0.5 },
  ),
  row(
    "t-SNE of 10,000 until the divergence of scran.js's after 1,000 steps",
    ['projection', 'tsne'],
    ['scran', 'tsne'],
    'scran.js, one thread',
    { goal: 1.25, most: true },
  ),
  row(
    'step of t-SNE of 10,000 ÷ TensorBoard',
    ['projection', 'tsne_step'],
    ['tensorboard_tsne', 'step'],
    'bh_tsne.ts elsewhere, scaled by products',
    { goal: 20 },
  ),
  row('UMAP of 10,000 × 50 ÷ umap-js', ['projection', 'umap'], ['umap_js', 'umap'], 'umap-js, node', { goal: 5 }),
  row(
    '1 − trustworthiness of UMAP, 10,000 × 50',
    ['projection', 'umap_distrust'],
    ['umap_js', 'umap_distrust'],
    "umap-js's + 0.01",
    { goal: 1, most: true, unit: '' },
  ),
  row('PCA of 50,000 × 200 ÷ numeric.js', ['projection', 'pca'], ['numeric', 'pca'], "TensorBoard's way", { goal: 8 }),
  ...Object.entries({ tsne_50000: 't-SNE of 50,000 × 50', umap_100000: 'UMAP of 100,000 × 64' }).flatMap(
    ([name, text]) => [
      row(`${text}: neighbours and start`, ['projection', `${name}_start`], ['second', `${name}_start`], 'a second', {
        most: true,
      }),
      row(`${text}: a step`, ['projection', `${name}_step`], ['second', `${name}_step`], 'a second', { most: true }),
    ],
  ),
  ...Object.entries({ tsv: 'TSV', checkpoint: 'checkpoint' }).flatMap(([name, text]) => [
    row(
      `drop of a ${text} of 100 MB to numbers ÷ draining it`,
      ['embedding_page', name],
      ['embedding_drain', name],
      'its stream, Chromium',
      name === 'tsv' ? { goal: 0.5 } : {},
    ),
    row(
      `${text} of 100 MB to numbers ÷ draining it, node`,
      ['projection', name],
      ['drain', name],
      'reading its bytes alone',
    ),
  ]),
  ...Object.entries({
    tsne: 't-SNE of 10,000 × 50',
    umap: 'UMAP of 10,000 × 50',
    pca: 'PCA of 50,000 × 200',
    tsne_50000: 't-SNE of 50,000 × 50',
    umap_100000: 'UMAP of 100,000 × 64',
    tsv: 'TSV of 100 MB',
    checkpoint: 'checkpoint of 100 MB',
  }).map(([name, text]) =>
    row(`wasm memory at its most, ${text}`, ['memory', name], ['input', name], 'what goes in', {
      most: true,
      unit: 'MiB',
    }),
  ),
];

/** Makes the report's rows out of the seconds (or what else their unit is) of all rounds: rounds[i][contestant][name]. Those of what did not take part are left out. */
export function judge(rounds, sizeOf) {
  const times = ([contestant, name]) =>
    rounds.map((round) => {
      const seconds = round[contestant]?.[name];
      if (seconds === undefined) throw new Error(`${contestant} did not measure ${name}`);
      const file = contestant === 'python' ? SHORT[name] : undefined;
      return file ? (seconds * sizeOf(`${file}.tfevents`)) / sizeOf(`${file}_short.tfevents`) : seconds;
    });
  const tookPart = ({ ours: [contestant] }) => rounds.some((round) => contestant in round);
  return ROWS.filter(tookPart).map(({ name, ours, peer, peerName, goal, most = false, unit = 's' }) => {
    const [our, their] = [times(ours), times(peer)];
    const by = (a, b) => (most ? a / b : b / a);
    return {
      name,
      ours: Math.min(...our),
      ours_median: median(our),
      peer: Math.min(...their),
      peer_median: median(their),
      peer_name: peerName,
      ratio: by(Math.min(...our), Math.min(...their)),
      ratio_median: median(our.map((seconds, i) => by(seconds, their[i]))),
      unit,
      goal: goal === undefined ? null : most ? `≤ ${goal}` : `≥ ${goal}`,
      // Both the best rounds and the middle one must miss it.
      met:
        goal === undefined
          ? null
          : [by(Math.min(...our), Math.min(...their)), median(our.map((seconds, i) => by(seconds, their[i])))].some(
              (ratio) => (most ? ratio <= goal : ratio >= goal),
            ),
    };
  });
}

export function median(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
