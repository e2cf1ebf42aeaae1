// The entry unpool/tiles: large images as overlapping tiles. It holds no kernel and asks nothing of a host.

export { cutTiles } from "./cut.js";
export { gridOf, type TileGrid } from "./grid.js";
export { joinTiles } from "./join.js";
export { mapInOrder } from "./map-in-order.js";
export { type ImageSize, planOfFile, planTiles, type TileOptions, type TilePlan } from "./plan.js";
export { usualOverlap } from "./usual-overlap.js";
