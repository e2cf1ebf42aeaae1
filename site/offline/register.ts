// Has the page kept for when there is no network, where the browser can.

/** Without it the page is as good while there is a network: that it fails is nothing to bother anybody with. */
export async function keepForOffline(): Promise<void> {
  if (!isSecureContext || !("serviceWorker" in navigator)) return;
  await navigator.serviceWorker.register("sw.js").catch(() => {});
}
