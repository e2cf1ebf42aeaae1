import * as entry from "unpool/network";
import { digestWithNetwork } from "./stack.js";

console.log(await digestWithNetwork(entry));
