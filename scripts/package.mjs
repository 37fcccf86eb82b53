// Makes what is published, in build/packages/, of what `./run --build` made:
//   tensorpane-VERSION.tgz             for npm
//   tensorpane-VERSION-py3-none-any.whl   for PyPI
//   tensorpane-VERSION.zip             the page, for any static host
// Arguments: npm, wheel, zip: only these. The version is that of package.json.
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'smol-toml';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const OUT = join(ROOT, 'build/packages');
const { version, engines, dependencies } = readJson('package.json');

function readJson(path) {
  return JSON.parse(readFileSync(join(ROOT, path), 'utf8'));
}

/** An empty folder to put a package together in. */
function stage(name) {
  const folder = join(OUT, name);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  return {
    folder,
    copy: (from, to = from, filter = () => true) =>
      cpSync(join(ROOT, from), join(folder, to), { recursive: true, filter }),
    write: (path, text) => writeFileSync(join(folder, path), text),
  };
}

function run(program, args, cwd = ROOT) {
  execFileSync(program, args, { cwd, stdio: ['ignore', 'ignore', 'inherit'] });
}

/** The same tree as the repository's, so that nothing needs to know which of them it is in. */
function packNpm() {
  const { folder, copy, write } = stage('npm');
  const manifest = readJson('npm/package.json');
  const { sirv, 'smol-toml': toml } = dependencies;
  write('package.json', JSON.stringify({ ...manifest, version, engines, dependencies: { sirv, 'smol-toml': toml } }, null, 2)); // prettier-ignore
  for (const path of ['dist', 'build/reader', 'netlify.toml', 'LICENSE']) copy(path);
  for (const path of ['web/server', 'web/src/sources']) copy(path, path, (from) => !/\.(ts|md)$/.test(from));
  copy('npm/README.md', 'README.md');
  run('npm', ['pack', '--silent', '--pack-destination', OUT], folder);
}

function packWheel() {
  const { folder, copy, write } = stage('python');
  copy('python', '.', (from) => !from.includes('__pycache__'));
  copy('LICENSE');
  copy('dist', 'tensorpane/app');
  write('tensorpane/headers.json', JSON.stringify(parse(readFileSync(join(ROOT, 'netlify.toml'), 'utf8')).headers));
  write('pyproject.toml', readFileSync(join(ROOT, 'python/pyproject.toml'), 'utf8').replace('version = "0.0.0"', `version = "${version}"`)); // prettier-ignore
  const venv = join(ROOT, 'build/python');
  const pip = join(venv, 'bin/pip');
  if (!existsSync(pip)) run('python3', ['-m', 'venv', venv]);
  run(pip, ['wheel', '--quiet', '--no-deps', '--wheel-dir', OUT, folder]);
}

/** All files lie in the zip's root: unpacked into the folder of a host, they are the site. */
function packZip() {
  const zip = join(OUT, `tensorpane-${version}.zip`);
  rmSync(zip, { force: true });
  run('python3', ['-m', 'zipfile', '-c', zip, ...readdirSync(join(ROOT, 'dist'))], join(ROOT, 'dist'));
}

const PACKS = { npm: packNpm, wheel: packWheel, zip: packZip };
const wanted = process.argv.slice(2);
for (const name of wanted.length > 0 ? wanted : Object.keys(PACKS)) {
  if (!Object.hasOwn(PACKS, name)) throw new Error(`${name} is none of ${Object.keys(PACKS).join(', ')}`);
  PACKS[name]();
}
