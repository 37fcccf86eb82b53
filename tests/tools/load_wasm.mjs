// The wasm module of the page, in node.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

/** A fresh instance of build/wasm/tensorpane.wasm (WasmModule of web/src/engine/wasm_session.ts). */
export async function loadWasm() {
  // Emscripten's glue for node was written for CommonJS.
  globalThis.require ??= createRequire(import.meta.url);
  globalThis.__dirname ??= '.';
  const { default: createTensorpane } = await import('../../build/wasm/tensorpane.js');
  const wasm = readFileSync(new URL('../../build/wasm/tensorpane.wasm', import.meta.url));
  return createTensorpane({
    instantiateWasm(imports, done) {
      const instance = new WebAssembly.Instance(new WebAssembly.Module(wasm), imports);
      done(instance);
      return instance.exports;
    },
  });
}
