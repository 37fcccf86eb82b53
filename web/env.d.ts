/** Modules that the build makes; vite.config.ts says where they are. */
declare module 'tensorpane-wasm' {
  const factory: import('./src/engine/wasm_session').WasmFactory;
  export default factory;
}
