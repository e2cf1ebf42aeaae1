// The worker: hears a request, answers until it is done.

import { answer } from "./answer.js";
import type { Answer, Request } from "./messages.js";

const scope = self as unknown as {
  onmessage: (event: MessageEvent<Request>) => void;
  postMessage: (answer: Answer, transfer: Transferable[]) => void;
};

scope.onmessage = ({ data }) =>
  answer(data, (message, transfer = []) => scope.postMessage(message, transfer));
