/** The response headers of netlify.toml: their only home, read by the server and by the build. */
import { readFileSync } from 'node:fs';
import { parse } from 'smol-toml';

/** @typedef {{pattern: RegExp, values: Record<string, string>}} HeaderRule */

const NETLIFY_TOML = new URL('../../netlify.toml', import.meta.url);

/**
 * @param {URL | string} file
 * @returns {HeaderRule[]} in the order of the file
 */
export function readHeaderRules(file = NETLIFY_TOML) {
  const { headers } = /** @type {{headers: {for: string, values: Record<string, string>}[]}} */ (
    /** @type {unknown} */ (parse(readFileSync(file, 'utf8')))
  );
  return headers.map(({ for: path, values }) => ({ pattern: wildcard(path), values }));
}

/**
 * Headers of one URL path; a later rule wins.
 * @param {HeaderRule[]} rules
 * @param {string} path
 * @returns {Record<string, string>}
 */
export function headersFor(rules, path) {
  return Object.assign({}, ...rules.filter(({ pattern }) => pattern.test(path)).map(({ values }) => values));
}

/**
 * The policy of a page as a <meta> can hold it: browsers ignore frame-ancestors there, and complain.
 * @param {HeaderRule[]} rules
 * @param {string} path of the page
 */
export function metaPolicy(rules, path) {
  const policy = headersFor(rules, path)['Content-Security-Policy'] ?? '';
  return policy
    .split(';')
    .filter((directive) => !directive.trim().startsWith('frame-ancestors'))
    .join(';');
}

/** @param {string} path */
function wildcard(path) {
  return new RegExp(`^${path.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*')}$`);
}
