// What the works of one handler share, and what belongs to one request.

import type { LayerCache } from "./cache.js";
import type { Clock } from "./clock.js";
import type { EdgeLimits } from "./limits.js";
import type { Reservation } from "./memory.js";

/** One request under way. */
export interface Task {
  readonly limits: EdgeLimits;
  readonly cache: LayerCache;
  readonly clock: Clock;
  readonly memory: Reservation;
  readonly body: Uint8Array<ArrayBuffer>;
}

/** What a work comes to. */
export interface Result {
  bytes: Uint8Array<ArrayBuffer>;
  type: string;
  headers: Record<string, string>;
}
