import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { brotliCompress } from 'node:zlib';
import type { Plugin, Rolldown } from 'vite';
import { defineConfig } from 'vitest/config';
import { bundledPackages, licenseText } from './scripts/licenses.mjs';
import { metaPolicy, readHeaderRules } from './web/server/headers.mjs';

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** Writes the policy that netlify.toml has for a page into it, for hosts that send no headers. */
const policyMeta: Plugin = {
  name: 'policy-meta',
  apply: 'build',
  transformIndexHtml: (_, { path }) => [
    {
      tag: 'meta',
      attrs: { 'http-equiv': 'Content-Security-Policy', content: metaPolicy(readHeaderRules(), path) },
      injectTo: 'head-prepend',
    },
  ],
};

/**
 * Chart.js reads properties while its scales are defined, which no bundler may leave out. What is read has no side
 * effects: so the scales that nothing registers can go.
 */
const unusedScales: Plugin = {
  name: 'unused-scales',
  transform(code, id) {
    if (!id.endsWith('chart.js/dist/chart.js')) return undefined;
    const read = /(?<=(?:callback:|static defaults =) )(?:Ticks\.formatters\.\w+|TimeScale\.defaults)/g;
    return { code: code.replace(read, (property) => `/*#__PURE__*/ (() => ${property})()`), map: null };
  },
};

/** The shell of an embed, what it loads to draw scalars, and to open what its address names. */
const EMBED = at('web/src/embed/embed.ts');
const FIGURES = at('web/src/embed/figures.ts');
const LINKED = at('web/src/sources/linked.ts');

/**
 * What an embed needs is in few chunks, which the other pages share: a page of documentation fetches it cold, and each
 * file more is a request more.
 */
function chunkOf(name: string, entry: string, priority: number): Rolldown.CodeSplittingGroup {
  let needed: Set<string> | undefined;
  return {
    debugName: name,
    priority,
    name(id, graph) {
      if (!needed) {
        needed = new Set([entry]);
        // A set may grow while it is walked through.
        for (const from of needed) for (const next of graph.getModuleInfo(from)?.importedIds ?? []) needed.add(next);
      }
      return needed.has(id) && !id.startsWith(at('web/src/embed/')) ? name : undefined;
    },
  };
}

/**
 * An embed starts to fetch its worker and the wasm with its script, not only once that runs. (As `fetch` asks for them:
 * `start_worker.ts`.)
 */
const preloads: Plugin = {
  name: 'preloads',
  apply: 'build',
  transformIndexHtml: {
    order: 'post',
    handler: (_, { path, bundle = {} }) =>
      path !== '/embed/index.html'
        ? []
        : Object.keys(bundle)
            .filter((name) => /\/reader(_worker_entry)?-[^/]*\.(js|wasm)$/.test(name))
            .map((name) => ({
              tag: 'link',
              attrs: { rel: 'preload', as: 'fetch', crossorigin: true, href: `../${name}` },
              injectTo: 'head',
            })),
  },
};

/** Whatever of others is in a script, of pages and workers: its licence is in `licenses.txt`. */
const packages = new Set<string>();
const collectsPackages: Plugin = {
  name: 'collects-packages',
  apply: 'build',
  generateBundle(_, bundle) {
    for (const name of bundledPackages(bundle)) packages.add(name);
  },
};
const licenses: Plugin = {
  name: 'licenses',
  apply: 'build',
  async writeBundle({ dir = '' }) {
    await writeFile(join(dir, 'licenses.txt'), licenseText(packages));
  },
};

/** Leaves `x.br` beside each file that it makes smaller, for servers that do not compress by themselves (`web/server`). */
const compressed: Plugin = {
  name: 'compressed',
  apply: 'build',
  async writeBundle({ dir = '' }) {
    const names = await readdir(dir, { recursive: true });
    const texts = names.filter((name) => /\.(js|css|wasm|svg)$/.test(name));
    await Promise.all(
      texts.map(async (name) => {
        const bytes = await readFile(join(dir, name));
        await writeFile(join(dir, `${name}.br`), await promisify(brotliCompress)(bytes));
      }),
    );
  },
};

export default defineConfig({
  root: at('web'),
  // Relative URLs: dist/ works under any path of any host.
  base: './',
  plugins: [unusedScales, policyMeta, preloads, compressed, collectsPackages, licenses],
  resolve: {
    alias: [
      { find: /^tensorpane-wasm\//, replacement: at('build/wasm/') },
      { find: '@kurkle/color', replacement: at('web/src/charts/no_colours.ts') },
    ],
  },
  build: {
    target: 'es2022',
    outDir: at('dist'),
    emptyOutDir: true,
    // No data: URLs, which the policy would refuse.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      // The element has a name for others to load it by.
      input: [
        ...['index.html', 'open/index.html', 'embed/index.html'].map((page) => at(`web/${page}`)),
        at('web/src/embed/element.ts'),
      ],
      output: {
        codeSplitting: {
          groups: [chunkOf('core', EMBED, 3), chunkOf('charts', FIGURES, 2), chunkOf('linked', LINKED, 1)],
        },
        entryFileNames: ({ name }) => (name === 'element' ? 'tensorpane.js' : 'assets/[name]-[hash].js'),
      },
      preserveEntrySignatures: 'exports-only',
    },
  },
  // A classic script: a module worker cannot start from a Blob on file://, and it must hold no import.meta.
  worker: { format: 'iife', plugins: () => [collectsPackages] },
  test: {
    root: at('.'),
    include: ['tests/web/**/*.test.ts'],
  },
});
