// All tests, by their titles: of the server alone, and of a browser.

import { access } from "./access.mjs";
import { address } from "./address.mjs";
import { controls } from "./controls.mjs";
import { files } from "./files.mjs";
import { load } from "./load.mjs";
import { offline } from "./offline.mjs";
import { presets } from "./presets.mjs";
import { server } from "./server.mjs";

export const SERVER_TESTS = server;
export const BROWSER_TESTS = {
  ...load,
  ...presets,
  ...controls,
  ...files,
  ...address,
  ...offline,
  ...access,
};
