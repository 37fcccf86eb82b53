import createWasm from 'tensorpane-wasm';
import type { WasmModule } from './wasm_session';

/**
 * Instantiates the reader from what the page compiled or fetched.
 *
 * @throws whatever instantiation throws, e.g. when memory is refused.
 */
export function loadWasm(wasm: WebAssembly.Module | ArrayBuffer): Promise<WasmModule> {
  return new Promise((resolve, reject) => {
    createWasm({
      instantiateWasm(imports, done) {
        instantiate(wasm, imports).then((instance) => done(instance), reject);
        return {};
      },
      // The core never prints; what its runtime says on the way down is in the error that it throws.
      print: () => undefined,
      printErr: () => undefined,
    }).then(resolve, reject);
  });
}

async function instantiate(
  wasm: WebAssembly.Module | ArrayBuffer,
  imports: WebAssembly.Imports,
): Promise<WebAssembly.Instance> {
  const module = wasm instanceof WebAssembly.Module ? wasm : await WebAssembly.compile(wasm);
  return WebAssembly.instantiate(module, imports);
}
