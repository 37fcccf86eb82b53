/** Modules that the build makes; vite.config.ts says where they are. */
declare module 'tensorpane-wasm/reader.js' {
  const factory: import('./src/engine/wasm_loader').WasmFactory<import('./src/engine/reader_session').ReaderModule>;
  export default factory;
}
declare module 'tensorpane-wasm/values.js' {
  const factory: import('./src/engine/wasm_loader').WasmFactory<
    import('./src/engine/values/values_session').ValuesModule
  >;
  export default factory;
}
declare module 'tensorpane-wasm/graph.js' {
  const factory: import('./src/engine/wasm_loader').WasmFactory<
    import('./src/engine/graphs/graphs_session').GraphsModule
  >;
  export default factory;
}
declare module 'tensorpane-wasm/embeddings.js' {
  const factory: import('./src/engine/wasm_loader').WasmFactory<
    import('./src/engine/embeddings/embeddings_session').EmbeddingsModule
  >;
  export default factory;
}
declare module 'tensorpane-wasm/projection.js' {
  const factory: import('./src/engine/wasm_loader').WasmFactory<
    import('./src/engine/projections/projection_session').ProjectionModule
  >;
  export default factory;
}
declare module 'tensorpane-wasm/dump.js' {
  const factory: import('./src/engine/wasm_loader').WasmFactory<import('./src/engine/reader_session').DumpModule>;
  export default factory;
}
/** What is used of jsfive, which has no types of its own. What goes wrong in it is thrown, also as a string. */
declare module 'jsfive' {
  export class Group {
    readonly keys: string[];
    /** null: a link that leads nowhere. */
    get(name: string): Group | Dataset | null;
  }
  export class File extends Group {
    constructor(bytes: ArrayBuffer, name?: string);
  }
  export class Dataset {
    readonly shape: number[];
    /** "<f4"; of what is no number something else. */
    readonly dtype: unknown;
    /** Row by row; integers of 64 bits may be BigInt. */
    readonly value: ArrayLike<number | bigint>;
  }
}
