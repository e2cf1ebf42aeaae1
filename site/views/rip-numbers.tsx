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
  const rows = [
    ["random codes", ratios && ([ratios.least, ratios.greatest] as const)],
    ["random supports, worst codes", worst?.supports],
    ["an adversary’s supports and codes", worst?.adversarial],
  ] as const;
  return (
    <table class="rip-numbers">
      <caption>
        |W′z|/|z| is {digits(ratios?.mean)} ± {digits(ratios?.sd)}, mean and standard deviation
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
        {rows.map(([what, extremes]) => (
          <tr key={what}>
            <th scope="row">{what}</th>
            <td>{digits(extremes?.[0])}</td>
            <td>{digits(extremes?.[1])}</td>
            <td>{digits(extremes && delta(extremes))}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** Not known yet, it keeps its place. */
function digits(value: number | undefined): string {
  return value === undefined ? "…" : value.toFixed(3);
}
