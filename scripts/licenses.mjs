// What dist/licenses.txt holds: the licences of all code of others that is in the page, as they lie beside that code.
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
/** The build of the wasm leaves those of its parts here (cmake/licenses.cmake). */
const OF_WASM = join(ROOT, 'build/wasm/licenses');

/**
 * Packages whose own bundles hold others, of which no module is seen.
 *
 * @type {Record<string, string[]>}
 */
const CARRIED = { jsfive: ['pako'] };

/**
 * Folders of the npm packages that a bundle has modules of.
 *
 * @param {import('vite').Rolldown.OutputBundle} bundle
 */
export function bundledPackages(bundle) {
  const ids = Object.values(bundle).flatMap((file) => (file.type === 'chunk' ? file.moduleIds : []));
  const folders = ids.flatMap((id) => /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(id)?.[0] ?? []);
  const carried = folders.flatMap((folder) =>
    (CARRIED[basename(folder)] ?? []).map((name) => join(folder, '..', name)),
  );
  return new Set([...folders, ...carried]);
}

/**
 * @param {Iterable<string>} packages folders
 * @throws Error when one has no licence
 */
export function licenseText(packages) {
  const parts = readdirSync(OF_WASM).map((name) => section(basename(name, '.txt'), join(OF_WASM, name)));
  for (const folder of packages) {
    const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    const file = readdirSync(folder).sort().find((one) => /^licen[cs]e/i.test(one)); // prettier-ignore
    if (!file) throw new Error(`${folder} has no licence`);
    parts.push(section(`${name} ${version}, ${license}`, join(folder, file)));
  }
  parts.sort((a, b) => (a.toLowerCase() < b.toLowerCase() ? -1 : 1));
  return `Tensorpane is under the Apache License 2.0. Code of others is part of it:\n\n${parts.join('\n')}`;
}

/**
 * @param {string} title
 * @param {string} path
 */
function section(title, path) {
  return `==== ${title} ====\n\n${readFileSync(path, 'utf8').trim()}\n`;
}
