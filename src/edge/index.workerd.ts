// The service on Cloudflare Workers: the module is imported, and nothing compiles at run time.
import { fromModule } from "../kernel.js";
import { layersOf } from "../layer.js";
import { networksOf } from "../network/network.js";
import { handlersOf } from "./handler.js";
import module from "./kernel.wasm";

const source = fromModule(module);
export const createHandler = handlersOf({ ...layersOf(source), ...networksOf(source) });
export default { fetch: createHandler() };
export * from "./face.js";
