// Of the service under load: what a stalled client is given is short, so that the load meets its end often.

export const LIMITS = { milliseconds: 5000, pixels: 2 ** 18, iterations: 100, work: 2e10 };
