/** The command line: `main.mjs [LOGDIR…] [--port N] [--host H]` serves, `main.mjs manifest LOGDIR…` writes a manifest. */
import { lookup } from 'node:dns/promises';
import { BlockList } from 'node:net';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { readHeaderRules } from './headers.mjs';
import { Logs } from './logs.mjs';
import { createServer } from './server.mjs';
import { writeManifest } from './write_manifest.mjs';

const DIST = fileURLToPath(new URL('../../dist/', import.meta.url));
const EXAMPLES = fileURLToPath(new URL('../../examples/', import.meta.url));
const DEFAULT_PORT = 6007;

/** The addresses that only this machine can reach. */
const LOOPBACK = new BlockList();
LOOPBACK.addSubnet('127.0.0.0', 8, 'ipv4');
LOOPBACK.addAddress('::1', 'ipv6');

try {
  const [command, ...args] = process.argv.slice(2);
  if (command === 'manifest') await writeManifest(args);
  else await serve();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}

async function serve() {
  const { folders, port, host } = readArguments();
  const { address, family } = await lookup(host);
  const isPrivate = LOOPBACK.check(address, family === 6 ? 'ipv6' : 'ipv4');
  const urlHost = host.includes(':') ? `[${host}]` : host;
  const logs = await Logs.open(folders.length > 0 ? folders : [EXAMPLES]);
  // As a browser writes it: 127.2 is 127.0.0.2.
  const hostNames = isPrivate ? [new URL(`http://${urlHost}`).hostname] : 'any';
  const server = createServer({ dist: DIST, logs, headerRules: readHeaderRules(), hostNames });
  const taken = await listen(server, address, port);
  if (!isPrivate) console.warn(`Warning: anyone who can reach ${host} can read these logs`);
  console.log(`Tensorpane: http://${urlHost}:${taken}/`);
}

function readArguments() {
  const { values, positionals } = parseArgs({
    options: { port: { type: 'string' }, host: { type: 'string', default: '127.0.0.1' } },
    allowPositionals: true,
  });
  const port = values.port === undefined ? DEFAULT_PORT : Number(values.port);
  if (!Number.isInteger(port) || port < 0 || port > 65535) throw new Error(`--port: got ${values.port}, want 0…65535`);
  return { folders: positionals, port, host: values.host };
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
