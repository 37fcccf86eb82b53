// The wasm module of the page, in node.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

/** A fresh instance of a module: build/wasm/NAME.wasm. */
export async function loadWasm(name) {
  // Emscripten's glue for node was written for CommonJS.
  globalThis.require ??= createRequire(import.meta.url);
  globalThis.__dirname ??= '.';
  const { default: create } = await import(`../../build/wasm/${name}.js`);
  const wasm = readFileSync(new URL(`../../build/wasm/${name}.wasm`, import.meta.url));
  return create({
    instantiateWasm(imports, done) {
      const instance = new WebAssembly.Instance(new WebAssembly.Module(wasm), imports);
      done(instance);
      return instance.exports;
    },
  });
}
