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

/**
 * Starts a module that has no glue: its exports are functions of numbers, and its memory.
 *
 * @template S those functions
 */
export async function startBare<S>(wasm: ArrayBuffer): Promise<[memory: { HEAPU8: Uint8Array }, session: S]> {
  const module = await WebAssembly.compile(wasm);
  const imports: Record<string, Record<string, () => void>> = {};
  for (const { module: from, name } of WebAssembly.Module.imports(module)) {
    // It may tell that memory grew; all else that it might call is on the way down.
    const isNews = name === 'emscripten_notify_memory_growth';
    (imports[from] ??= {})[name] = () => {
      if (!isNews) throw new WebAssembly.RuntimeError(name);
    };
  }
  const { exports } = await WebAssembly.instantiate(module, imports);
  const { memory, _initialize } = exports as { memory: WebAssembly.Memory; _initialize: () => void };
  _initialize();
  const heap = {
    get HEAPU8(): Uint8Array {
      return new Uint8Array(memory.buffer);
    },
  };
  return [heap, exports as S];
}

async function instantiate(
  wasm: WebAssembly.Module | ArrayBuffer,
  imports: WebAssembly.Imports,
): Promise<WebAssembly.Instance> {
  const module = wasm instanceof WebAssembly.Module ? wasm : await WebAssembly.compile(wasm);
  return WebAssembly.instantiate(module, imports);
}
