// A worker's side of the pool.

import { workerData } from "node:worker_threads";
import { Gate } from "../interruption.js";
import { writeFiles } from "../output.js";
import { UNSEEN } from "../progress.js";
import { attempt, type Host, type Task } from "./task.js";
import { load } from "./works.js";

// the pool puts what it needs itself first
const gate = new Gate(workerData[1]);

const host: Host = {
  steps: UNSEEN,
  write: async (folder, files) => gate.pass(() => writeFiles(folder, files)),
};

export default (task: Task) => attempt(async () => (await load(task.command)).perform(task, host));
