// A code for NumPy: np.load gives "values", "switches" and "layer", the text of a JSON object. It is the
// specification that createLayer takes.

import { zipSync } from "fflate";
import type { Code, Geometry, LayerSpec } from "../../index.js";
import { npy, npyText } from "./npy.js";

/** Of every entry, so that the same code gives the same bytes: the first that a zip can name, anywhere. */
const MODIFIED = new Date(1980, 0, 1);

/** A whole file, as np.savez does it, without compression: values of random filters hardly compress. */
export function npz(
  { values, switches }: Code,
  geometry: Geometry,
  { seed, unitNorm }: { seed: number; unitNorm: boolean },
): Uint8Array {
  const { channels, height, width, filters, kernel, stride, padding, pool, rectifier, codeShape } = geometry;
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
}
