// Contenders in alternation: each round times each of them once, beginning with another one every time, so
// that a slow second of the machine falls on all alike.

const WARM_UP_MS = 1000;
const SAMPLE_MS = 20;

async function timed(run, calls) {
  const start = performance.now();
  for (let i = 0; i < calls; ++i) await run();
  return (performance.now() - start) / calls;
}

/** Runs until the engine has optimised; returns the shortest time of a call. */
async function warmUp(run) {
  const end = performance.now() + WARM_UP_MS;
  let shortest = Infinity;
  while (performance.now() < end) shortest = Math.min(shortest, await timed(run, 1));
  return shortest;
}

/** Linear interpolation between the nearest of sorted numbers. */
function quantile(sorted, q) {
  const at = q * (sorted.length - 1);
  const low = sorted[Math.floor(at)];
  return low + (at % 1) * (sorted[Math.ceil(at)] - low);
}

function summary(samples) {
  const sorted = samples.toSorted((a, b) => a - b);
  const median = quantile(sorted, 0.5);
  return {
    minimum: sorted[0],
    median,
    spread: (quantile(sorted, 0.75) - quantile(sorted, 0.25)) / median,
  };
}

/**
 * Times contenders { name, run }, run() one call or its promise.
 * @returns for each, in milliseconds a call: minimum, median; spread, the width of the middle half over the
 *   median; ratio, the median over the rounds of its time over the first contender's in the same round; and
 *   ratioOfMinima.
 */
export async function measure(contenders, rounds) {
  const shortest = [];
  for (const { run } of contenders) shortest.push(await warmUp(run));
  const calls = Math.max(1, Math.ceil(SAMPLE_MS / Math.min(...shortest)));
  const samples = contenders.map(() => []);
  for (let round = 0; round < rounds; ++round) {
    for (let turn = 0; turn < contenders.length; ++turn) {
      const at = (round + turn) % contenders.length;
      samples[at].push(await timed(contenders[at].run, calls));
    }
  }
  const [first] = samples;
  return samples.map((times, at) => {
    const own = summary(times);
    const ratio = summary(times.map((time, round) => time / first[round])).median;
    return { name: contenders[at].name, ...own, ratio, ratioOfMinima: own.minimum / summary(first).minimum };
  });
}
