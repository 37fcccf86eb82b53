/** The event files and archives below the folders that the server was given, and nothing else of them. */
import { opendir, realpath, stat } from 'node:fs/promises';
import { basename, join, resolve, sep } from 'node:path';

/** TensorBoard's own rule for what is an event file, and what event files may be packed in. */
const LOG_FILE = /tfevents|.\.(zip|tar|tgz|gz)$/i;

/** @typedef {{path: string, url: string, size: number}} ManifestFile `url` is relative to the manifest's own */
/** @typedef {{version: 1, name: string, files: ManifestFile[]}} Manifest */
/** @typedef {{name: string, folder: string}} Root `folder` is a real path */

export class Logs {
  /** @param {Root[]} roots */
  constructor(roots) {
    this.roots = roots;
  }

  /**
   * @param {string[]} folders
   * @throws {Error} with a sentence for the user when one is not a folder
   */
  static async open(folders) {
    /** @type {Root[]} */
    const roots = [];
    for (const folder of folders) {
      const stats = await stat(folder).catch(() => undefined);
      if (!stats) throw new Error(`${folder} does not exist`);
      if (!stats.isDirectory())
        throw new Error(`${folder} is not a folder: name the folder that the event files are in`);
      roots.push({ name: unused(basename(resolve(folder)) || '/', roots), folder: await realpath(folder) });
    }
    return new Logs(roots);
  }

  /**
   * Looked up anew each time: runs appear and files grow while a training goes on.
   * @returns {Promise<Manifest>}
   */
  async manifest() {
    /** @type {ManifestFile[]} */
    const files = [];
    for (const [index, { name, folder }] of this.roots.entries()) {
      for await (const { path, size } of logFiles(folder)) {
        files.push({
          path: this.roots.length > 1 ? `${name}/${path}` : path,
          url: `files/${index}/${path.split('/').map(encodeURIComponent).join('/')}`,
          size,
        });
      }
    }
    files.sort((a, b) => (a.path < b.path ? -1 : 1));
    return { version: 1, name: this.roots.map(({ name }) => name).join(', '), files };
  }

  /**
   * The file behind a manifest's URL, given as what follows `files/`, still percent-encoded.
   * @param {string} url
   * @returns {Promise<string | undefined>} its real path; undefined = there is none, or it is not ours to give
   */
  async find(url) {
    /** @type {string[]} */
    let parts;
    try {
      parts = url.split('/').map(decodeURIComponent);
    } catch {
      return undefined;
    }
    const [index = '', ...names] = parts;
    const root = /^\d+$/.test(index) ? this.roots[Number(index)] : undefined;
    if (!root || !LOG_FILE.test(names.at(-1) ?? '')) return undefined;
    if (names.some((name) => name === '' || name === '.' || name === '..' || /[/\\\0]/.test(name))) return undefined;
    return (await readable(root.folder, names))?.file;
  }
}

/**
 * Links to folders are not followed: one that stays below the root leads to what is listed anyway, and links to each
 * other multiply without end.
 * @param {string} root real path
 * @param {string[]} names from the root down to here
 * @returns {AsyncGenerator<{path: string, size: number}>}
 */
async function* logFiles(root, names = []) {
  const entries = await opendir(join(root, ...names)).catch(() => []);
  for await (const entry of entries) {
    const below = [...names, entry.name];
    if (entry.isDirectory()) yield* logFiles(root, below);
    else if (LOG_FILE.test(entry.name)) {
      const found = await readable(root, below);
      if (found) yield { path: below.join('/'), size: found.size };
    }
  }
}

/**
 * What is given out, or else undefined: a file whose real path is below the root. No pipe and no device: opening one
 * may wait for ever, and with it a thread of Node's few.
 * @param {string} root real path
 * @param {string[]} names from the root down to the file
 */
async function readable(root, names) {
  const file = await realpath(join(root, ...names)).catch(() => undefined);
  if (file === undefined || !isBelow(root, file)) return undefined;
  const stats = await stat(file).catch(() => undefined);
  return stats?.isFile() ? { file, size: stats.size } : undefined;
}

/**
 * @param {string} folder
 * @param {string} path
 */
function isBelow(folder, path) {
  return path.startsWith(folder.endsWith(sep) ? folder : folder + sep);
}

/**
 * @param {string} name
 * @param {Root[]} roots
 */
function unused(name, roots) {
  let candidate = name;
  for (let n = 2; roots.some((root) => root.name === candidate); ++n) candidate = `${name} (${n})`;
  return candidate;
}
