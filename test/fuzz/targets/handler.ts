import type { Target } from "../target.js";
export declare function openHandler(): Promise<Target>;
