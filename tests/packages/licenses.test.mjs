/** The licences of others' code: in every package, and of everything that docs/architecture.md says is in the page. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { ROOT, run, TARBALL, WHEEL, ZIP } from './programs.mjs';

/** Names of the table of dependencies, without versions, in lower case; what is not shipped has no weight. */
async function dependencies() {
  const text = await readFile(join(ROOT, 'docs/architecture.md'), 'utf8');
  const [, table] = /\n## Dependencies\n.*?\n(\|.*?)\n\n/s.exec(text);
  const rows = table.split('\n').slice(2).map((row) => row.split('|').map((cell) => cell.trim())); // prettier-ignore
  return rows
    .filter(([, , , weight]) => !weight.startsWith('not shipped'))
    .flatMap(([, names]) => names.split(', '))
    .map((name) => name.replace(/(-lite)? [\d.]+$/, '').toLowerCase());
}

const unzip = (zip, path) =>
  run('python3', ['-c', 'import sys, zipfile; print(zipfile.ZipFile(sys.argv[1]).read(sys.argv[2]).decode())', zip, path]); // prettier-ignore

/** Its text. */
const IN_PACKAGE = {
  npm: () => run('tar', ['-xzOf', TARBALL, 'package/dist/licenses.txt']),
  wheel: () => unzip(WHEEL, 'tensorpane/app/licenses.txt'),
  zip: () => unzip(ZIP, 'licenses.txt'),
};

for (const [name, read] of Object.entries(IN_PACKAGE)) {
  test(`licences of all dependencies are in the package: ${name}`, async () => {
    const titles = [...(await read()).matchAll(/^==== (@?[^ ,]+).* ====\n\n(?=\S)/gm)].map(([, title]) => title);
    const wanted = await dependencies();
    assert.ok(wanted.length >= 8, wanted.join());
    for (const one of wanted) assert.ok(titles.includes(one), `${one} is none of ${titles.join(', ')}`);
    // The pieces of a dependency, and libc of the wasm.
    for (const one of ['lit-html', '@lit/reactive-element', 'musl']) assert.ok(titles.includes(one), one);
  });
}
