// What is used of a service worker's scope: the library of types for the DOM does not have it.

export interface Scope {
  readonly clients: {
    matchAll(options: { includeUncontrolled: boolean }): Promise<readonly { readonly url: string }[]>;
    claim(): Promise<void>;
  };
  skipWaiting(): Promise<void>;
  addEventListener(type: "install" | "activate", hear: (event: Lasting) => void): void;
  addEventListener(type: "fetch", hear: (event: Fetch) => void): void;
  addEventListener(type: "message", hear: (event: MessageEvent) => void): void;
}

interface Lasting {
  waitUntil(work: Promise<unknown>): void;
}

interface Fetch {
  readonly request: Request;
  respondWith(response: Promise<Response>): void;
}
