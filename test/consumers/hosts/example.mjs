// Starts an example as its README says, `npm start`, on a free port, and prints what the round trip comes to:
// `node example.mjs [ARGUMENT...]`, the arguments for the start with {port} filled in.

import { spawn } from "node:child_process";
import { createServer } from "node:net";
import { roundTrip } from "./round-trip.mjs";

const PATIENCE = 60_000;

const port = await new Promise((found) => {
  const server = createServer().listen(0, "127.0.0.1", () => {
    const { port } = server.address();
    server.close(() => found(port));
  });
});
const args = process.argv.slice(2).map((argument) => argument.replace("{port}", port));
const host = spawn("npm", ["start", "--silent", "--", ...args], {
  env: { ...process.env, PORT: String(port) },
  stdio: ["ignore", 2, 2],
  // a group of its own, to be ended with all that it starts
  detached: true,
});
try {
  const ask = (path, init) => fetch(`http://127.0.0.1:${port}/${path}`, init);
  const until = performance.now() + PATIENCE;
  while (!(await ask("health").catch(() => undefined))?.ok) {
    if (performance.now() > until || host.exitCode !== null) throw new Error("the example does not answer");
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  console.log(await roundTrip(ask));
} finally {
  if (host.exitCode === null) process.kill(-host.pid);
}
