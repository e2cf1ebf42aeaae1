// Bytes in the default entry, where the build puts them; a compiled module in the others, where the host does.
declare module "*.wasm" {
  const kernel: Uint8Array<ArrayBuffer> & WebAssembly.Module;
  export default kernel;
}
declare module "*.wasm?module" {
  const module: WebAssembly.Module;
  export default module;
}
