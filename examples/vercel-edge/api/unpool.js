import { createHandler } from "unpool/edge";

export const config = { runtime: "edge" };

// Vercel gives a function at most 4.5 MB and 25 seconds until it answers
export default createHandler({ limits: { bodyBytes: 4_500_000, milliseconds: 25_000 } });
