/** The event files and archives below the folders that the server was given, and what belongs to them; nothing else. */
import { opendir, readFile, realpath, stat } from 'node:fs/promises';
import { basename, join, resolve, sep } from 'node:path';
import { isArchive, isEventFile } from '../src/sources/log_names.mjs';
import { filesNamedBy, infoOf, MAX_CONFIG_BYTES, neighbourOf } from '../src/sources/neighbours.mjs';

/** @param {string} name */
const isLogFile = (name) => isEventFile(name) || isArchive(name);

/** @typedef {{path: string, url: string, size: number, sha256?: string}} ManifestFile `url` is relative to the manifest's own */
/** @typedef {import('../src/sources/neighbours.mjs').NeighbourKind} NeighbourKind */
/** @typedef {{path: string, url?: string, size: number, sha256?: string, kind: NeighbourKind, isPart?: true}} ManifestNeighbour without `url` it is only told of */
/** @typedef {{version: 1, name: string, files: ManifestFile[], beside: ManifestNeighbour[]}} Manifest */
/** @typedef {{name: string, folder: string, isNamed?: true}} Root `folder` is a real path; paths begin with a name that was given */
/**
 * @typedef {object} FileOfRoot
 * @property {number} root which one
 * @property {string} folder its real path
 * @property {string} path below it, '/' between names
 * @property {string} placed in the manifest
 */

/** The URLs that the server answers, relative to its manifest. @param {FileOfRoot} file */
const servedUrl = ({ root, path }) => `files/${root}/${encodePath(path)}`;

/** @param {string} path */
export const encodePath = (path) => path.split('/').map(encodeURIComponent).join('/');

export class Logs {
  /** @param {Root[]} roots */
  constructor(roots) {
    this.roots = roots;
  }

  /**
   * @param {(string | {name: string, folder: string})[]} folders
   * @throws {Error} with a sentence for the user when one is not a folder
   */
  static async open(folders) {
    /** @type {Root[]} */
    const roots = [];
    for (const given of folders) {
      const { folder, name } = typeof given === 'string' ? { folder: given, name: undefined } : given;
      const stats = await stat(folder).catch(() => undefined);
      if (!stats) throw new Error(`${folder} does not exist`);
      if (!stats.isDirectory())
        throw new Error(`${folder} is not a folder: name the folder that the event files are in`);
      const own = unused(name ?? (basename(resolve(folder)) || '/'), roots);
      roots.push({ name: own, folder: await realpath(folder), ...(name === undefined ? {} : { isNamed: true }) });
    }
    return new Logs(roots);
  }

  /**
   * Looked up anew each time: runs appear and files grow while a training goes on. `docs/manifest.md` is its description.
   * @param {(file: FileOfRoot) => string} [urlOf] where a file can be fetched, relative to the manifest
   * @param {(file: string) => Promise<string>} [sha256Of] of a real path
   * @returns {Promise<Manifest>}
   */
  async manifest(urlOf = servedUrl, sha256Of) {
    /** @type {ManifestFile[]} */
    const files = [];
    /** @type {ManifestNeighbour[]} */
    const beside = [];
    for (const [index, { name, folder, isNamed = this.roots.length > 1 }] of this.roots.entries()) {
      const placed = (/** @type {string} */ path) => (isNamed ? `${name}/${path}` : path);
      const found = async (/** @type {string} */ path) => {
        const url = urlOf({ root: index, folder, path, placed: placed(path) });
        return { url, ...(sha256Of ? { sha256: await sha256Of(join(folder, path)) } : {}) };
      };
      const neighbours = new Map();
      for await (const { path, size } of knownFiles(folder)) {
        if (isLogFile(basename(path))) files.push({ path: placed(path), ...(await found(path)), size });
        else neighbours.set(path, { ...neighbourOf(path), size });
      }
      for (const config of [...neighbours.keys()].filter(isConfig)) {
        for (const [path, kind] of await filesOfConfig(folder, config)) {
          const named = isLogFile(basename(path)) ? undefined : await readable(folder, path.split('/'));
          if (named) neighbours.set(path, { kind, size: named.size });
        }
      }
      for (const [path, { kind, isPart, size }] of neighbours) {
        const given = infoOf(kind).isRead ? await found(path) : {};
        beside.push({ path: placed(path), ...given, size, kind, ...(isPart ? { isPart } : {}) });
      }
    }
    for (const list of [files, beside]) list.sort((a, b) => (a.path < b.path ? -1 : 1));
    return { version: 1, name: this.roots.map(({ name }) => name).join(', '), files, beside };
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
    if (!root || names.length === 0) return undefined;
    if (names.some((name) => name === '' || name === '.' || name === '..' || /[/\\\0]/.test(name))) return undefined;
    if (!isLogFile(names.at(-1) ?? '') && !(await isGiven(root.folder, names))) return undefined;
    return (await readable(root.folder, names))?.file;
  }
}

/**
 * Links to folders are not followed: one that stays below the root leads to what is listed anyway, and links to each
 * other multiply without end.
 * @param {string} root real path
 * @param {string[]} names from the root down to here
 * @returns {AsyncGenerator<{path: string, size: number}>} event files, and others that are known by name
 */
async function* knownFiles(root, names = []) {
  const entries = await opendir(join(root, ...names)).catch(() => []);
  for await (const entry of entries) {
    const below = [...names, entry.name];
    if (entry.isDirectory()) yield* knownFiles(root, below);
    else if (isLogFile(entry.name) || neighbourOf(below.join('/'))) {
      const found = await readable(root, below);
      if (found) yield { path: below.join('/'), size: found.size };
    }
  }
}

/** @param {string} path */
function isConfig(path) {
  return neighbourOf(path)?.kind === 'projector_config';
}

/**
 * Whether the page may have a file that is no event file: it is of a kind that is read, or a projector config above it
 * names it.
 * @param {string} root real path
 * @param {string[]} names from the root down to the file
 */
async function isGiven(root, names) {
  const path = names.join('/');
  const known = neighbourOf(path);
  if (known && infoOf(known.kind).isRead) return true;
  for (let depth = names.length - 1; depth >= 0; depth--) {
    const config = [...names.slice(0, depth), 'projector_config.pbtxt'].join('/');
    if ((await filesOfConfig(root, config)).has(path)) return true;
  }
  return false;
}

/**
 * @param {string} root real path
 * @param {string} path of the config, which need not exist
 * @returns {Promise<Map<string, NeighbourKind>>}
 */
async function filesOfConfig(root, path) {
  const config = await readable(root, path.split('/'));
  if (!config || config.size > MAX_CONFIG_BYTES) return new Map();
  return filesNamedBy(path, await readFile(config.file, 'utf8').catch(() => ''));
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
