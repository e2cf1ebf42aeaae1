// The paper's 1-D setting: how far synthesis keeps the length of sparse codes.

import { useRef } from "preact/hooks";
import { RIP_KNOBS, type RipKnobs } from "../state/rip-knobs.js";
import type { Session } from "../state/session.js";
import { Control } from "./control.js";
import { Progress } from "./progress.js";
import { RipFigure } from "./rip-figure.js";
import { RipNumbers } from "./rip-numbers.js";
import type { Run } from "./use-run.js";

interface Props {
  knobs: RipKnobs;
  run: Run;
  onChange(knobs: RipKnobs): void;
}

export function RipView({ knobs, run, onChange }: Props) {
  const { session } = run;
  const ratios = useSteady(session);
  const share = session.ratios ? session.ratios.now.codes / session.ratios.total : 0;
  const seeking = share === 1;
  return (
    <section class="rip" aria-labelledby="rip-title">
      <div class="rip-text">
        <h2 id="rip-title">Do random filters keep the length of sparse codes?</h2>
        <p>
          A code z has k non-zeros, one a filter at most, and W′z is the signal that it stands for. If
          |W′z|/|z| is near 1 for <em>every</em> such z, the filters have the model-RIP, and one pass forward
          and one back, W′M(Wx, k), nearly inverts the layer (Gilbert et al. 2017, section 2 and Theorem 3.3).
        </p>
        <p>
          The bars are random codes: they gather around 1, the closer the more channels the signal has. The
          broken lines are the worst that is known. In the paper’s setting they lie far outside: the typical
          code behaves, the worst one does not, and the theorem’s bound is below 1 only for δ under 0.147.
        </p>
      </div>
      <div class="rip-result" aria-busy={session.running}>
        <RipFigure ratios={ratios} worst={session.worst} />
        <Progress
          run={run}
          share={seeking ? undefined : share}
          note={seeking ? "Now the worst codes are sought." : undefined}
        />
        <RipNumbers ratios={ratios?.now} worst={session.worst} nonzeros={knobs.nonzeros} />
      </div>
      <div class="rip-knobs">
        {(Object.keys(RIP_KNOBS) as (keyof RipKnobs)[]).map((name) => (
          <Control
            key={name}
            name={name}
            knob={RIP_KNOBS[name]}
            value={knobs[name]}
            onChange={(value) => onChange({ ...knobs, [name]: Number(value) })}
          />
        ))}
      </div>
    </section>
  );
}

/** Those of the run before until this one's come, so that a slider that is drawn does not make the figure flicker. */
function useSteady({ ratios, running }: Session): Session["ratios"] {
  const shown = useRef(ratios);
  if (ratios || !running) shown.current = ratios;
  return shown.current;
}
