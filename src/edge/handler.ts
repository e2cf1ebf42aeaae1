// The fetch handler over the layers of one entry.

import type { Layers } from "../layer.js";
import type { Networks } from "../network/network.js";
import { answer } from "./router.js";
import { type HandlerOptions, serviceOf } from "./service.js";

/** Takes a request and answers it; it never rejects. */
export type Handler = (request: Request) => Promise<Response>;

/**
 * A handler with its own cache and its own limits.
 * @throws UnpoolError "invalid-option".
 */
export type CreateHandler = (options?: HandlerOptions) => Handler;

/** @internal */
export function handlersOf(maker: Layers & Networks): CreateHandler {
  return (options) => {
    const service = serviceOf(maker, options);
    return (request) => answer(request, service);
  };
}
