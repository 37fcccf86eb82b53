import { fileURLToPath } from 'node:url';
import type { Plugin } from 'vite';
import { defineConfig } from 'vitest/config';
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

export default defineConfig({
  root: at('web'),
  // Relative URLs: dist/ works under any path of any host.
  base: './',
  plugins: [policyMeta],
  resolve: {
    alias: [{ find: /^tensorpane-wasm\//, replacement: at('build/wasm/') }],
  },
  build: {
    target: 'es2022',
    outDir: at('dist'),
    emptyOutDir: true,
    // No data: URLs, which the policy would refuse.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      input: ['index.html', 'open/index.html', 'embed/index.html'].map((page) => at(`web/${page}`)),
    },
  },
  // A classic script: a module worker cannot start from a Blob on file://, and it must hold no import.meta.
  worker: { format: 'iife' },
  test: {
    root: at('.'),
    include: ['tests/web/**/*.test.ts'],
  },
});
