// Headers that every answer has, and those of results.

/** Of every answer: the type is the one that it says, and there are no parts to ask for. */
export const NEUTRAL_HEADERS = {
  "X-Content-Type-Options": "nosniff",
  "Accept-Ranges": "none",
} as const;

/** Type of a .unp; not registered. */
export const UNP_TYPE = "application/vnd.unpool";
export const RAW_TYPE = "application/octet-stream";
export const PNG_TYPE = "image/png";

/** What pages of other origins may read of an answer, once they are let in. */
export const EXPOSED = [
  "ETag",
  "Server-Timing",
  "Unpool-Shape",
  "Unpool-Tiles",
  "Unpool-Iterations",
  "Unpool-Stopped",
  "Unpool-Residual",
];
