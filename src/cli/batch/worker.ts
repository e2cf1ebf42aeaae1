// A worker's side of the pool.

import { workerData } from "node:worker_threads";
import { Gate } from "../interruption.js";
import { perform } from "../tiles/jobs.js";
import { hostInWorker } from "./host.js";
import type { Message } from "./pool.js";
import { attempt } from "./task.js";
import { load } from "./works.js";

// the pool puts what it needs itself first
const host = hostInWorker(new Gate(workerData[1]));

export default (message: Message) =>
  attempt(async () => {
    if ("tile" in message) return perform(message.tile, message.job);
    return (await load(message.task.command)).perform(message.task, host);
  });
