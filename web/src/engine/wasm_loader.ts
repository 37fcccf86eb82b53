/** The factory that Emscripten writes for a module (build/wasm/*.js: MODULARIZE, EXPORT_ES6, no import.meta). */
export type WasmFactory<M> = (options: {
  instantiateWasm(
    imports: WebAssembly.Imports,
    done: (instance: WebAssembly.Instance, module?: WebAssembly.Module) => void,
  ): object;
  onAbort?(what: unknown): void;
  print?(line: string): void;
  printErr?(line: string): void;
}) => Promise<M>;

/** Makes a module of what the page compiled or fetched. Rejects with whatever instantiation throws. */
export type LoadWasm<M> = (wasm: WebAssembly.Module | ArrayBuffer) => Promise<M>;

/** @param create the glue of this very module. */
export function loaderOf<M>(create: WasmFactory<M>): LoadWasm<M> {
  return (wasm) =>
    new Promise((resolve, reject) => {
      create({
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
