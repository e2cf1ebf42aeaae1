/** What the page asks a newer service worker that waits. */
export const TAKE_OVER = "take over";
