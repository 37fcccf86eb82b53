/** The packages of build/packages, installed as anybody would, and the programs that come with them. */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

export const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const { version } = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8'));
const PACKAGES = join(ROOT, 'build/packages');
export const TARBALL = join(PACKAGES, `tensorpane-${version}.tgz`);
export const WHEEL = join(PACKAGES, `tensorpane-${version}-py3-none-any.whl`);
export const ZIP = join(PACKAGES, `tensorpane-${version}.zip`);
export const VERSION = version;

/** What the tests leave; within one of them `after` would mean its own end. */
const left = [];
after(() => Promise.all(left.map((end) => end())));

/** An empty folder, gone after the tests. */
export async function emptyFolder() {
  const folder = await mkdtemp(join(tmpdir(), 'tensorpane-packages-'));
  left.push(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** Runs a program to its end. @returns what it prints. @throws with what it says on standard error */
export async function run(program, args, options = {}) {
  const { stdout } = await promisify(execFile)(program, args, { maxBuffer: 2 ** 28, ...options });
  return stdout;
}

/** Installs the npm package, and others, in a folder that has a package.json. */
export function npmInstall(folder, ...others) {
  const args = ['install', '--no-audit', '--no-fund', '--prefer-offline', '--loglevel=error'];
  return run('npm', [...args, TARBALL, ...others], { cwd: folder });
}

/** A virtual environment with the wheel and others in it. @returns its folder of programs */
export async function pipInstall(...others) {
  const folder = join(await emptyFolder(), 'venv');
  await run('python3', ['-m', 'venv', folder]);
  await run(join(folder, 'bin/pip'), ['install', '--quiet', WHEEL, ...others]);
  return join(folder, 'bin');
}

/** Starts a server that prints its address as ours do. @returns {Promise<string>} its URL, which ends with '/' */
export async function startServer(program, args) {
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(child, 'exit');
  left.push(() => (child.kill(), ended));
  for await (const line of createInterface({ input: child.stdout })) {
    const url = /^Tensorpane: (http:\S+)$/.exec(line)?.[1];
    if (url) return url;
  }
  throw new Error('the server ended without naming its address');
}
