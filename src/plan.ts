// The plan of a decoding by least squares: which variables, and what is looked for between stretches of iterations.
// Which plan suits which code was measured on photographs (docs/decoding.md); solvers/least-squares.ts carries it out.

/** How least squares goes about a code; "least-squares" chooses one of them. */
export type Solver = "scaled" | "whitened" | "hybrid";

export const SOLVERS: readonly Solver[] = ["scaled", "whitened", "hybrid"];

/** What there is to know of a code before it is decoded. */
export interface Measurements {
  /** Rows of A that count: the values, after a rectifier those that are positive. */
  rows: number;
  /** Numbers in the input. */
  unknowns: number;
  /** Whether the input is a picture, of which the prior knows something. */
  picture: boolean;
}

/** Numbers in the code for each of the input's from which on equations finish what the prior began. */
const HYBRID_FROM = 0.8;
/** The same without a prior: with fewer, column scaling does harm. */
const SCALED_FROM = 1.2;
/** Below this, estimated switches are too uncertain for a finish without the prior. */
const POLISH_FROM = 3;

/** The solver that suits a code, and why, in a sentence. */
export function chooseSolver({ rows, unknowns, picture }: Measurements): [Solver, reason: string] {
  const ratio = rows / unknowns;
  const facts = `m/N = ${ratio.toFixed(2)}`;
  if (picture && ratio >= HYBRID_FROM) {
    return ["hybrid", `${facts}: the prior of pictures leads the way, the equations finish`];
  }
  if (picture) return ["whitened", `${facts}: the prior of pictures fills in what the equations leave open`];
  if (ratio >= SCALED_FROM) return ["scaled", `${facts}: the equations determine the input without a prior`];
  return ["whitened", `${facts}: the smallest input that satisfies the equations`];
}

// kinds of stretches, as solvers/least-squares.ts knows them
const SCALED = 0;
const WHITENED = 1;
const VIOLATIONS = 2;
const SWITCHES = 4;

/** Share of the iterations, and kind, of each stretch. */
type Plan = readonly (readonly [share: number, kind: number])[];

/** With the inequalities of pooling, without them. */
const PLANS: { [S in Solver]: readonly [Plan, Plan] } = {
  scaled: [
    [
      [0.8, SCALED],
      [0.2, SCALED + VIOLATIONS],
    ],
    [[1, SCALED]],
  ],
  whitened: [
    [
      [0.25, WHITENED],
      [0.25, WHITENED + VIOLATIONS],
      [0.25, WHITENED + VIOLATIONS],
      [0.25, WHITENED + VIOLATIONS],
    ],
    [[1, WHITENED]],
  ],
  hybrid: [
    [
      [0.3, WHITENED],
      [0.3, SCALED],
      [0.2, SCALED + VIOLATIONS],
      [0.2, SCALED + VIOLATIONS],
    ],
    [
      [0.3, WHITENED],
      [0.7, SCALED],
    ],
  ],
};

/** The stretches of a solver. */
export function planOf(solver: Solver, inequalities: boolean): Plan {
  return PLANS[solver][inequalities ? 0 : 1];
}

/**
 * Alternation of estimates and solutions: short stretches first, as the first estimates are poor. With a start, it is
 * what the first estimate is of.
 */
export function alternation(ratio: number, started = false): Plan {
  const first = [5, 5, 6, 8, 8, 10, 10, 12, 15].map((share, i) => [
    share,
    WHITENED + (i > 0 || started ? SWITCHES : 0),
  ]);
  const polish = ratio >= POLISH_FROM ? new Array(6).fill([15, SCALED + SWITCHES]) : [];
  const plan: [number, number][] = [...first, ...polish] as [number, number][];
  const total = plan.reduce((sum, [share]) => sum + share, 0);
  return plan.map(([share, kind]) => [share / total, kind]);
}

/** Writes a plan of so many iterations, as the kernel reads it; returns its number of stretches. */
export function writePlan(plan: Plan, iterations: number, to: Uint32Array): number {
  plan.forEach(([share, kind], i) => {
    to[2 * i] = Math.max(1, Math.round(share * iterations));
    to[2 * i + 1] = kind;
  });
  return plan.length;
}
