// Where packages are found by their names.
import { createLayer } from "unpool";
import { say } from "./program.js";

say(createLayer);
