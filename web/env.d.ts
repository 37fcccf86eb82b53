/** Modules that the build makes; vite.config.ts says where they are. */
declare module 'tensorpane-wasm/reader.js' {
  const factory: import('./src/engine/wasm_loader').WasmFactory<import('./src/engine/reader_session').ReaderModule>;
  export default factory;
}
declare module 'tensorpane-wasm/values.js' {
  const factory: import('./src/engine/wasm_loader').WasmFactory<import('./src/engine/values_session').ValuesModule>;
  export default factory;
}
declare module 'tensorpane-wasm/graph.js' {
  const factory: import('./src/engine/wasm_loader').WasmFactory<import('./src/engine/graphs_session').GraphsModule>;
  export default factory;
}
declare module 'tensorpane-wasm/embeddings.js' {
  const factory: import('./src/engine/wasm_loader').WasmFactory<
    import('./src/engine/embeddings_session').EmbeddingsModule
  >;
  export default factory;
}
declare module 'tensorpane-wasm/dump.js' {
  const factory: import('./src/engine/wasm_loader').WasmFactory<import('./src/engine/reader_session').DumpModule>;
  export default factory;
}
