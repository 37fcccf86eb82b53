/** Serves the built page and the logs beside it to this machine: a private matter between a browser and a folder. */
import { open, readFile } from 'node:fs/promises';
import { createServer as createHttpServer } from 'node:http';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import sirv from 'sirv';
import { headersFor } from './headers.mjs';

/** @typedef {import('node:http').IncomingMessage} Request */
/** @typedef {import('node:http').ServerResponse} Response */

/** Always answered. A web page of another site that had its name point here (DNS rebinding) sends that name. */
const LOCAL_NAMES = ['localhost', '127.0.0.1', '[::1]'];
const MANIFEST = 'logs/manifest.json';
const LOG_FILES = '/logs/files/';

/**
 * @param {object} options
 * @param {string} options.dist the built page
 * @param {import('./logs.mjs').Logs} options.logs
 * @param {import('./headers.mjs').HeaderRule[]} options.headerRules
 * @param {string[] | 'any'} [options.hostNames] answered besides localhost, as URL.hostname has them
 */
export function createServer({ dist, logs, headerRules, hostNames = [] }) {
  // dev: files are looked up when asked for, so a new build needs no restart.
  // What the build has compressed is sent so, as static hosts do.
  const page = sirv(dist, { dev: true, etag: true, brotli: true });
  const answered = hostNames === 'any' ? undefined : [...LOCAL_NAMES, ...hostNames];

  return createHttpServer((request, response) => {
    answer(request, response).catch((/** @type {unknown} */ error) => {
      console.error(error);
      if (response.headersSent) response.destroy();
      else say(response, 500, 'the server failed; its terminal says why');
    });
  });

  /**
   * @param {Request} request
   * @param {Response} response
   */
  async function answer(request, response) {
    const path = (request.url ?? '/').replace(/[?#].*/s, '');
    for (const [name, value] of Object.entries(headersFor(headerRules, path))) response.setHeader(name, value);

    const hostName = (request.headers.host ?? '').replace(/:\d+$/, '').toLowerCase();
    if (answered && !answered.includes(hostName)) {
      return say(response, 403, 'only localhost is answered; --host lets others in');
    }
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.setHeader('Allow', 'GET, HEAD');
      return say(response, 405, 'only GET and HEAD are answered');
    }

    if (path === '/' || path === '/index.html') return sendPage(response);
    // Relative URLs in these pages are of their folders.
    if (path === '/open' || path === '/embed') return redirect(response, `${path}/`);
    if (path === `/${MANIFEST}`) {
      return send(response, 'application/json', JSON.stringify(await logs.manifest()));
    }
    if (path.startsWith(LOG_FILES)) {
      const file = await logs.find(path.slice(LOG_FILES.length));
      const handle = file === undefined ? undefined : await open(file).catch(() => undefined);
      return handle ? sendFile(request, response, handle) : say(response, 404, 'no log file that can be read');
    }
    page(request, response, () => say(response, 404, 'not found'));
  }

  /** @param {Response} response */
  async function sendPage(response) {
    const html = await readFile(join(dist, 'index.html'), 'utf8');
    const mark = `<meta name="tensorpane-logs" content="${MANIFEST}" />`;
    send(response, 'text/html;charset=utf-8', logs.roots.length > 0 ? html.replace('<head>', `<head>${mark}`) : html);
  }
}

/**
 * Sends a file or one range of it, and closes it. What is sent is the file as it was when opened, even if it grows
 * meanwhile.
 * @param {Request} request
 * @param {Response} response
 * @param {import('node:fs/promises').FileHandle} file
 */
async function sendFile(request, response, file) {
  try {
    const { size } = await file.stat();
    const range = parseRange(request.headers.range, size);
    response.setHeader('Accept-Ranges', 'bytes');
    response.setHeader('Cache-Control', 'no-store');
    response.setHeader('Content-Type', 'application/octet-stream');
    if (range === 'unsatisfiable') {
      response.setHeader('Content-Range', `bytes */${size}`);
      return say(response, 416, `the file has ${size} bytes`);
    }
    const { start, end } = range ?? { start: 0, end: size };
    response.statusCode = range ? 206 : 200;
    if (range) response.setHeader('Content-Range', `bytes ${start}-${end - 1}/${size}`);
    response.setHeader('Content-Length', end - start);
    if (request.method === 'HEAD' || start === end) return void response.end();
    const bytes = file.createReadStream({ start, end: end - 1, autoClose: false, highWaterMark: 1 << 18 });
    // A reader that went away is no fault of ours.
    await pipeline(bytes, response).catch((/** @type {NodeJS.ErrnoException} */ error) => {
      if (error.code !== 'ERR_STREAM_PREMATURE_CLOSE' && error.code !== 'ECONNRESET') throw error;
    });
  } finally {
    await file.close();
  }
}

/**
 * @param {string | undefined} header
 * @param {number} size
 * @returns {{start: number, end: number} | 'unsatisfiable' | undefined} undefined = the whole file: no range asked for,
 *   or not one plain range of bytes, which a server may ignore
 */
export function parseRange(header, size) {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header ?? '');
  // Of nothing there is no part: it is sent as it is, since browsers log 416 as an error.
  if (!match || size === 0) return undefined;
  const [, first = '', last = ''] = match;
  if (first === '' && last === '') return undefined;
  const start = first === '' ? Math.max(0, size - Number(last)) : Number(first);
  const end = first === '' || last === '' ? size : Math.min(size, Number(last) + 1);
  if (first !== '' && last !== '' && Number(last) < start) return undefined;
  return start < end ? { start, end } : 'unsatisfiable';
}

/**
 * @param {Response} response
 * @param {string} path
 */
function redirect(response, path) {
  response.setHeader('Location', path);
  say(response, 308, `it is at ${path}`);
}

/**
 * @param {Response} response
 * @param {string} type
 * @param {string} text
 */
function send(response, type, text) {
  response.setHeader('Content-Type', type);
  response.setHeader('Content-Length', Buffer.byteLength(text));
  if (!response.hasHeader('Cache-Control')) response.setHeader('Cache-Control', 'no-cache');
  response.end(text);
}

/**
 * @param {Response} response
 * @param {number} status
 * @param {string} sentence
 */
function say(response, status, sentence) {
  response.statusCode = status;
  response.setHeader('Cache-Control', 'no-store');
  send(response, 'text/plain;charset=utf-8', `${sentence}\n`);
}
