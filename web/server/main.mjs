/** The command line of the local server: `main.mjs [LOGDIR…] [--port N] [--host H]`. */
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { readHeaderRules } from './headers.mjs';
import { Logs } from './logs.mjs';
import { createServer } from './server.mjs';

const DIST = fileURLToPath(new URL('../../dist/', import.meta.url));
const EXAMPLES = fileURLToPath(new URL('../../examples/', import.meta.url));
const DEFAULT_PORT = 6007;

try {
  const { folders, port, host } = readArguments();
  const logs = await Logs.open(folders.length > 0 ? folders : [EXAMPLES]);
  const server = createServer({ dist: DIST, logs, headerRules: readHeaderRules(), anyHost: host !== undefined });
  const taken = await listen(server, host ?? '127.0.0.1', port);
  if (host !== undefined) {
    console.warn(`Warning: anyone who can reach ${host} can read these logs`);
  }
  console.log(`Tensorpane: http://${host?.includes(':') ? `[${host}]` : (host ?? '127.0.0.1')}:${taken}/`);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}

function readArguments() {
  const { values, positionals } = parseArgs({
    options: { port: { type: 'string' }, host: { type: 'string' } },
    allowPositionals: true,
  });
  const port = values.port === undefined ? DEFAULT_PORT : Number(values.port);
  if (!Number.isInteger(port) || port < 0 || port > 65535) throw new Error(`--port: got ${values.port}, want 0…65535`);
  return { folders: positionals, port, host: values.host };
}

/**
 * Listens at the port, or at the next free one.
 * @param {import('node:http').Server} server
 * @param {string} host
 * @param {number} port
 * @returns {Promise<number>} the port taken
 */
function listen(server, host, port) {
  return new Promise((resolve, reject) => {
    server.once('error', (/** @type {NodeJS.ErrnoException} */ error) => {
      if (error.code === 'EADDRINUSE' && port < 65535) resolve(listen(server, host, port + 1));
      else reject(error);
    });
    server.listen(port, host, () => {
      const address = server.address();
      resolve(address !== null && typeof address === 'object' ? address.port : port);
    });
  });
}
