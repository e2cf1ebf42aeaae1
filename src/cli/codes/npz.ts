// A code for NumPy: np.load gives "values", "switches" and "layer", the text of a JSON object. It is the
// specification that createLayer takes.

import { zipSync } from "fflate";
import type { LayerSpec } from "../../index.js";
import type { CodeFormat } from "./format.js";
import { npy, npyText } from "./npy.js";

/** Of every entry, so that the same code gives the same bytes: the first that a zip can name, anywhere. */
const MODIFIED = new Date(1980, 0, 1);

/** As np.savez does it, without compression: values of random filters hardly compress. */
export const npz: CodeFormat = {
  extension: ".npz",
  serialise({ values, switches }, { geometry }, { seed, unitNorm }) {
    const { channels, height, width, filters, kernel, stride, padding, pool, rectifier, codeShape } =
      geometry;
    const spec: LayerSpec = {
      input: { channels, height, width },
      ...{ filters, kernel, stride, padding, pool, rectifier, seed, unitNorm },
    };
    return zipSync(
      {
        "values.npy": npy(values, codeShape),
        "switches.npy": npy(switches, codeShape),
        "layer.npy": npyText(JSON.stringify(spec)),
      },
      { level: 0, mtime: MODIFIED },
    );
  },
};
