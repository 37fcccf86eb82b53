// Makes build/reader/: `tensorpane/reader` as ES modules that bundlers and Node take as they are, with their wasm beside
// them and types. Vite's build of libraries would put the wasm into the script.
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';
import ts from 'typescript';

const at = (path) => fileURLToPath(new URL(`../${path}`, import.meta.url));
const OUT = at('build/reader');

/** Emscripten's glue would listen for the process's exceptions, and look for files; it gets its module handed. */
const glue = {
  name: 'glue',
  transform: {
    filter: { id: /build\/wasm\/\w+\.js$/ },
    handler: (code) =>
      `const process = undefined, require = undefined, __dirname = '', __filename = undefined;\n${code}`,
  },
};

async function bundle(platform, inputs) {
  const build = await rolldown({
    input: Object.fromEntries(inputs.map((name) => [name, at(`web/src/reader/${name}.ts`)])),
    platform,
    plugins: [glue],
    resolve: {
      alias: Object.fromEntries(
        ['reader', 'dump'].map((name) => [`tensorpane-wasm/${name}.js`, at(`build/wasm/${name}.js`)]),
      ),
    },
  });
  await build.write({ dir: OUT, format: 'esm', chunkFileNames: `${platform}-[name].js` });
}

rmSync(OUT, { recursive: true, force: true });
mkdirSync(OUT, { recursive: true });
await bundle('browser', ['browser', 'worker']);
await bundle('node', ['node', 'dump']);
for (const name of ['reader', 'archive', 'dump']) copyFileSync(at(`build/wasm/${name}.wasm`), `${OUT}/${name}.wasm`);
for (const name of ['api', 'browser', 'node']) {
  const source = readFileSync(at(`web/src/reader/${name}.ts`), 'utf8');
  const { outputText, diagnostics } = ts.transpileDeclaration(source, {
    compilerOptions: { isolatedDeclarations: true },
  });
  if (diagnostics.length > 0)
    throw new Error(`${name}.ts: ${diagnostics.map(({ messageText }) => messageText).join('; ')}`);
  writeFileSync(
    `${OUT}/${name}.d.ts`,
    outputText.replaceAll("'./api'", "'./api.js'").replaceAll('"./api"', '"./api.js"'),
  );
}
