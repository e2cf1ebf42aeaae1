// As the Worker of shared/, with stacks of layers.
import * as entry from "unpool/network";
import { digestWithNetwork } from "./stack.js";

export default {
  async fetch() {
    return new Response(await digestWithNetwork(entry));
  },
};
