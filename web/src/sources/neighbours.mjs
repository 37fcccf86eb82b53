/**
 * What lies beside event files, by name: the one table of it. The local server reads it too, which is why this is
 * JavaScript that Node runs as it is.
 */

/**
 * @typedef {object} KindOfNeighbour
 * @property {string} one what it is, in words
 * @property {string} many
 * @property {string} [view] title of the view that shows it, or will
 * @property {boolean} [isRead] its bytes are wanted; of the others only the name is
 * @property {boolean} [isShownAlone] there is something to see of it without any event file
 */

/** @typedef {keyof typeof KINDS} NeighbourKind */

const KINDS = {
  projector_config: { one: 'projector config', many: 'projector configs', view: 'Projector', isRead: true },
  embedding: { one: 'file of embeddings', many: 'files of embeddings', view: 'Projector', isRead: true },
  bookmarks: { one: 'file of projector bookmarks', many: 'files of projector bookmarks', view: 'Projector', isRead: true }, // prettier-ignore
  hparams: { one: 'file of hyperparameters', many: 'files of hyperparameters', view: 'HParams', isRead: true },
  graph: { one: 'graph file', many: 'graph files', view: 'Graphs', isRead: true, isShownAlone: true },
  checkpoint: { one: 'TensorFlow checkpoint', many: 'TensorFlow checkpoints', view: 'Projector', isRead: true },
  weights: { one: 'file of Keras weights', many: 'files of Keras weights', view: 'Projector', isRead: true },
  keras: { one: 'Keras model', many: 'Keras models' },
  torch: { one: 'torch checkpoint', many: 'torch checkpoints' },
  profile: { one: 'profile', many: 'profiles' },
  profile_mark: { one: 'mark of the profiler', many: 'marks of the profiler' },
};

/** In the order of the table. */
export const ALL_KINDS = /** @type {NeighbourKind[]} */ (Object.keys(KINDS));

/**
 * @param {NeighbourKind} kind
 * @returns {KindOfNeighbour}
 */
export function infoOf(kind) {
  return KINDS[kind];
}

/**
 * The first pattern that fits a path tells its kind. `isPart`: it belongs to something that another file stands for,
 * and is not counted.
 * @type {{kind: NeighbourKind, pattern: RegExp, isPart?: true}[]}
 */
const NAMES = [
  { kind: 'projector_config', pattern: /(?:^|\/)projector_config\.pbtxt$/ },
  // Lightning's loggers write it beside the event files (lightning/pytorch/loggers/tensorboard.py, NAME_HPARAMS_FILE).
  { kind: 'hparams', pattern: /(?:^|\/)hparams\.yaml$/ },
  // tensorboard_plugin_profile: plugins/profile/<session>/<host>.xplane.pb, and what its tools make of it.
  { kind: 'profile', pattern: /(?:^|\/)plugins\/profile\/.*\.xplane\.pb$/ },
  { kind: 'profile', pattern: /(?:^|\/)plugins\/profile\/./, isPart: true },
  { kind: 'profile_mark', pattern: /tfevents[^/]*\.profile-empty$/ },
  // What lies beside the graph in a SavedModel (tensorflow.org/guide/saved_model).
  { kind: 'graph', pattern: /(?:^|\/)(?:fingerprint|keras_metadata)\.pb$/, isPart: true },
  // saved_model.pb, frozen graphs, and the graph.pbtxt that tf.estimator leaves in its folder.
  { kind: 'graph', pattern: /\.(?:pb|graphdef)$|(?:graph|model)[^/]*\.pbtxt$/ },
  // tensorflow/core/util/tensor_bundle/naming.cc
  { kind: 'checkpoint', pattern: /\.index$/ },
  { kind: 'checkpoint', pattern: /\.data-\d{5}-of-\d{5}$|(?:^|\/)checkpoint$/, isPart: true },
  // What the callback of Keras 3 writes for embeddings: keras_embedding.ckpt-0.weights.h5 (keras/src/callbacks/tensorboard.py).
  { kind: 'weights', pattern: /\.h5$/ },
  { kind: 'keras', pattern: /\.keras$/ },
  { kind: 'torch', pattern: /\.(?:pt|pth|ckpt)$/ },
];

/**
 * A config of hundreds of embeddings has as much; larger ones are not looked into: the page would stand still meanwhile.
 */
export const MAX_CONFIG_BYTES = 128 << 10;

/**
 * What a file is by its name; undefined = nothing that is known.
 * @param {string} path
 * @returns {{kind: NeighbourKind, isPart?: true} | undefined}
 */
export function neighbourOf(path) {
  return NAMES.find(({ pattern }) => pattern.test(path));
}

/**
 * @param {string} kind
 * @returns {kind is NeighbourKind}
 */
export function isNeighbourKind(kind) {
  return Object.hasOwn(KINDS, kind);
}

/** @type {Record<string, NeighbourKind>} */
const NAMED_BY = {
  tensor_path: 'embedding',
  metadata_path: 'embedding',
  image_path: 'embedding',
  bookmarks_path: 'bookmarks',
};
const STRING = /"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'/g;
const PATH_FIELD = new RegExp(`\\b(${Object.keys(NAMED_BY).join('|')})\\s*:\\s*((?:(?:${STRING.source})\\s*)+)`, 'g');

/**
 * The files that a projector config names, by path, as far as they are below it. This only looks for what stands behind
 * the names of the fields, so that it takes in comments too; the reader of the format is `wasm/projector`.
 * @param {string} configPath
 * @param {string} config its text
 * @returns {Map<string, NeighbourKind>}
 */
export function filesNamedBy(configPath, config) {
  const directory = configPath.slice(0, configPath.lastIndexOf('/') + 1);
  /** @type {Map<string, NeighbourKind>} */
  const files = new Map();
  for (const [, field = '', strings = ''] of config.matchAll(PATH_FIELD)) {
    // Strings beside each other are one.
    const path = pathBelow((strings.match(STRING) ?? []).map((string) => unescaped(string.slice(1, -1))).join(''));
    const kind = NAMED_BY[field];
    if (path !== undefined && kind !== undefined) files.set(directory + path, kind);
  }
  return files;
}

/**
 * A path as PathInConfigDirectory of `wasm/projector/projector_config.h` takes it.
 * @param {string} path
 * @returns {string | undefined}
 */
function pathBelow(path) {
  const names = path.replaceAll('\\', '/').split('/');
  if (path === '' || path.includes('\0') || names[0] === '' || /^[A-Za-z]:/.test(path) || names.includes('..')) return undefined; // prettier-ignore
  return names.filter((name) => name !== '' && name !== '.').join('/');
}

/** @type {Record<string, number>} */
const ESCAPES = { n: 10, t: 9, r: 13, a: 7, b: 8, f: 12, v: 11 };

/**
 * A string of protobuf's text format: protobuf writes what is not ASCII as the octal codes of its bytes.
 * @param {string} text
 */
function unescaped(text) {
  if (!text.includes('\\')) return text;
  /** @type {number[]} */
  const bytes = [];
  const encoder = new TextEncoder();
  for (const [part, octal, hex, letter] of text.matchAll(/\\(?:([0-7]{1,3})|[xX]([0-9a-fA-F]{1,2})|(.))|[^\\]+/gsu)) {
    if (octal !== undefined) bytes.push(parseInt(octal, 8) & 255);
    else if (hex !== undefined) bytes.push(parseInt(hex, 16));
    else if (letter !== undefined && letter in ESCAPES) bytes.push(ESCAPES[letter] ?? 0);
    else for (const byte of encoder.encode(letter ?? part)) bytes.push(byte);
  }
  return new TextDecoder().decode(new Uint8Array(bytes));
}
