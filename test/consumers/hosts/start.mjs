// Starts an example as its README says, `npm start`, on a free port, for as long as something is done with it.

import { spawn } from "node:child_process";
import { createServer } from "node:net";

const PATIENCE = 60_000;

/**
 * @param {string[]} args for the start, with {port} filled in.
 * @param {(url: string) => Promise<void>} run
 */
export async function withExample(args, run) {
  const port = await freePort();
  const filled = args.map((argument) => argument.replace("{port}", port));
  const host = spawn("npm", ["start", "--silent", "--", ...filled], {
    env: { ...process.env, PORT: String(port) },
    stdio: ["ignore", 2, 2],
    // a group of its own, to be ended with all that it starts
    detached: true,
  });
  try {
    const url = `http://127.0.0.1:${port}/`;
    const until = performance.now() + PATIENCE;
    while (!(await fetch(`${url}health`).catch(() => undefined))?.ok) {
      if (performance.now() > until || host.exitCode !== null) throw new Error("the example does not answer");
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    await run(url);
  } finally {
    if (host.exitCode === null) process.kill(-host.pid);
  }
}

function freePort() {
  return new Promise((found) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => found(port));
    });
  });
}
