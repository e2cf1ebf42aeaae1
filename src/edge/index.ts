// The service as a fetch handler: the kernel's bytes inside, compiled at the first request.
import bytes from "../../build/kernel.wasm";
import { fromBytes } from "../kernel.js";
import { layersOf } from "../layer.js";
import { networksOf } from "../network/network.js";
import { type CreateHandler, type Handler, handlersOf } from "./handler.js";

const source = fromBytes(bytes);
export const createHandler: CreateHandler = handlersOf({ ...layersOf(source), ...networksOf(source) });
const service: { fetch: Handler } = { fetch: createHandler() };
export default service;
export * from "./face.js";
