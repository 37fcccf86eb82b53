#!/usr/bin/env node
/** The command line. What it needs of the package lies beside it as it does in the repository. */
import { readFileSync } from 'node:fs';
import { lookup } from 'node:dns/promises';
import { BlockList } from 'node:net';
import { homedir } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { readHeaderRules } from './headers.mjs';
import { Logs } from './logs.mjs';
import { createServer } from './server.mjs';
import { writeManifest } from './write_manifest.mjs';

const DIST = fileURLToPath(new URL('../../dist/', import.meta.url));
const READER = new URL('../../build/reader/', import.meta.url);
const PACKAGE = new URL('../../package.json', import.meta.url);
const DEFAULT_PORT = 6007;

const HELP = `tensorpane [LOGDIR…]                 serves the page, with the logs of these folders
tensorpane manifest LOGDIR…          writes a manifest.json of logs that lie on a static host
tensorpane dump [--purge P] LOGDIR   prints all that is in a folder or an archive, as JSON

Options, as TensorBoard has them:
  --logdir PATH                  a folder more
  --logdir_spec NAME:PATH,…      folders whose runs begin with the names
  --host H                       127.0.0.1 unless it is given; whoever reaches another address can read the logs
  --port N                       ${DEFAULT_PORT} unless it is given; if it is taken, the next free one
  --bind_all                     as --host 0.0.0.0
  --version, --help`;

/** The addresses that only this machine can reach. */
const LOOPBACK = new BlockList();
LOOPBACK.addSubnet('127.0.0.0', 8, 'ipv4');
LOOPBACK.addAddress('::1', 'ipv6');

try {
  const [command, ...args] = process.argv.slice(2);
  if (command === 'manifest') await writeManifest(args);
  else if (command === 'dump') await dump(args);
  else await serve();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}

async function serve() {
  const { values, positionals } = parseArgs({
    options: {
      logdir: { type: 'string', multiple: true, default: [] },
      logdir_spec: { type: 'string', default: '' },
      port: { type: 'string', default: String(DEFAULT_PORT) },
      host: { type: 'string' },
      bind_all: { type: 'boolean', default: false },
      version: { type: 'boolean' },
      help: { type: 'boolean', short: 'h' },
    },
    allowPositionals: true,
  });
  if (values.help) return console.log(HELP);
  if (values.version) return console.log(JSON.parse(readFileSync(PACKAGE, 'utf8')).version);
  const host = values.host ?? (values.bind_all ? '0.0.0.0' : '127.0.0.1');
  const port = /^\d+$/.test(values.port) ? Number(values.port) : NaN;
  if (!(port <= 65535)) throw new Error(`--port: got ${values.port}, want 0…65535`);

  const { address, family } = await lookup(host);
  const isPrivate = LOOPBACK.check(address, family === 6 ? 'ipv6' : 'ipv4');
  const urlHost = host.includes(':') ? `[${host}]` : host;
  const logs = await Logs.open([...positionals, ...values.logdir, ...namedFolders(values.logdir_spec)]);
  // As a browser writes it: 127.2 is 127.0.0.2.
  const hostNames = isPrivate ? [new URL(`http://${urlHost}`).hostname] : 'any';
  const server = createServer({ dist: DIST, logs, headerRules: readHeaderRules(), hostNames });
  const taken = await listen(server, address, port);
  if (!isPrivate) console.warn(`Warning: anyone who can reach ${host} can read these logs`);
  console.log(`Tensorpane: http://${urlHost}:${taken}/`);
}

/** @param {string[]} args */
async function dump(args) {
  const { values, positionals } = parseArgs({
    args,
    options: { purge: { type: 'string', default: 'none' } },
    allowPositionals: true,
  });
  const [path] = positionals;
  if (path === undefined || positionals.length > 1) throw new Error('dump: name one folder, archive or event file');
  /** @type {typeof import('../src/reader/dump')} */
  const reader = await import(String(new URL('dump.js', READER)));
  process.stdout.write(`${await reader.dump(path, values.purge)}\n`);
}

/**
 * TensorBoard's way to name folders: `name:path,path,…`.
 * @param {string} spec
 * @returns {(string | {name: string, folder: string})[]}
 */
function namedFolders(spec) {
  const parts = spec.split(',').filter((part) => part !== '');
  return parts.map((part) => {
    const isDrive = process.platform === 'win32' && /^[a-z]:[/\\]/i.test(part);
    const [, name, path = part] = (!isDrive && /^([^:/]+):(.*)$/s.exec(part)) || [];
    const folder = path.replace(/^~(?=$|\/)/, homedir());
    return name === undefined ? folder : { name, folder };
  });
}

/**
 * Listens at the port, or at the next free one.
 * @param {import('node:http').Server} server
 * @param {string} address
 * @param {number} port
 * @returns {Promise<number>} the port taken
 */
function listen(server, address, port) {
  return new Promise((resolve, reject) => {
    server.once('error', (/** @type {NodeJS.ErrnoException} */ error) => {
      if (error.code === 'EADDRINUSE' && port < 65535) resolve(listen(server, address, port + 1));
      else reject(error);
    });
    server.listen(port, address, () => {
      const taken = server.address();
      resolve(taken !== null && typeof taken === 'object' ? taken.port : port);
    });
  });
}
