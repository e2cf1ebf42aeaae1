// Has the page kept for when there is no network, where the browser can; and takes a newer build, where one has come.

import { TAKE_OVER } from "./take-over.js";

/**
 * To be called as the page is loaded. Without it the page is as good while there is a network: that it fails is nothing
 * to bother anybody with.
 */
export async function keepForOffline(): Promise<void> {
  if (!isSecureContext || !("serviceWorker" in navigator)) return;
  const { serviceWorker } = navigator;
  const registration = await serviceWorker.register("sw.js").catch(() => undefined);
  // one that comes while the page is open waits until the page is loaded again
  if (!registration?.waiting) return;
  serviceWorker.addEventListener("controllerchange", () => location.reload(), { once: true });
  registration.waiting.postMessage(TAKE_OVER);
}
