/**
 * What may hold events, by name: the one rule for page and local server, which is why this is JavaScript that Node runs
 * as it is. `tensorpane dump` has its own, which must say the same: `wasm/tools/log_files.cc`.
 */

/** What event files may be packed in. Their bytes decide how it is opened (`wasm/archive/looks_like.h`). */
const ARCHIVE = /(?<=[^/])\.(zip|tar|tgz|tar\.gz)$/i;
const COMPRESSED = /(?<=[^/])\.gz$/i;

/**
 * TensorBoard's own rule (tensorboard/backend/event_processing/io_wrapper.py), less the empty marks that the profiler
 * leaves.
 * @param {string} path
 */
export function isEventFile(path) {
  return path.slice(path.lastIndexOf('/') + 1).includes('tfevents') && !path.endsWith('.profile-empty');
}

/**
 * Whether a file is to hold others.
 * @param {string} path
 */
export function isArchive(path) {
  return ARCHIVE.test(path);
}

/**
 * Whether a file has events or holds files that do.
 * @param {string} path
 */
export function isLog(path) {
  return isEventFile(path) || isArchive(path);
}

/**
 * Whether a file that is no archive is compressed.
 * @param {string} path
 */
export function isCompressed(path) {
  return COMPRESSED.test(path) && !isArchive(path);
}

/**
 * Less what tells that it is packed.
 * @param {string} path
 */
export function withoutExtension(path) {
  return path.replace(isArchive(path) ? ARCHIVE : COMPRESSED, '');
}
