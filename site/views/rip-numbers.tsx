// The numbers of the model-RIP's view.

import type { Ratios, Worst } from "../engine/messages.js";
import { delta } from "../state/ratios.js";

interface Props {
  ratios: Ratios | undefined;
  worst: Worst | undefined;
  /** Non-zeros of a code. */
  nonzeros: number;
}

export function RipNumbers({ ratios, worst, nonzeros }: Props) {
  const rows: (readonly [what: string, least: number, greatest: number])[] = [];
  if (ratios) rows.push(["random codes", ratios.least, ratios.greatest]);
  if (worst?.supports) rows.push(["random supports, worst codes", ...worst.supports]);
  if (worst) rows.push(["an adversary’s supports and codes", ...worst.adversarial]);
  if (!ratios || rows.length === 0) return null;
  return (
    <table class="rip-numbers">
      <caption>
        |W′z|/|z| is {ratios.mean.toFixed(4)} ± {ratios.sd.toFixed(4)}, mean and standard deviation
      </caption>
      <thead>
        <tr>
          <th scope="col">of</th>
          <th scope="col">least</th>
          <th scope="col">greatest</th>
          <th scope="col">
            δ<sub>{nonzeros}</sub> at least
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map(([what, least, greatest]) => (
          <tr key={what}>
            <th scope="row">{what}</th>
            <td>{least.toFixed(3)}</td>
            <td>{greatest.toFixed(3)}</td>
            <td>{delta([least, greatest]).toFixed(3)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
