// Contenders in alternation: each round times each of them once, beginning with another one every time, so
// that a slow second of the machine falls on all alike.

import { setTimeout as pause } from "node:timers/promises";

/** Engines compile in the background: a contender that never rests would stay with its first, slow code. */
const REST_MS = 30;
const SAMPLE_MS = 20;
const MOST_ROUNDS = 40;

/** A contender's `sample` from a function to call, or to await, and time from outside. */
export function timed(run) {
  return async function sample(calls) {
    const start = performance.now();
    for (let i = 0; i < calls; ++i) await run();
    return (performance.now() - start) / calls;
  };
}

/** Runs until the engine has optimised; returns the shortest time of a call. */
async function warmUp(sample, milliseconds) {
  const end = performance.now() + milliseconds;
  let shortest = Infinity;
  for (let runs = 0; runs < 1 || performance.now() < end; ++runs) {
    shortest = Math.min(shortest, await sample(1));
    if (runs % 8 === 1) await pause(REST_MS);
  }
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
 * Times contenders { name, by, sample }, sample(calls) the milliseconds of one call: a warm-up of so many
 * milliseconds each, then about so many seconds in all, but a least number of rounds.
 * @returns for each, in milliseconds a call: minimum, median; spread, the width of the middle half over the
 *   median; ratio, the median over the rounds of its time over the first contender's in the same round; and
 *   ratioOfMinima.
 */
export async function measure(contenders, { warmUpMs, seconds, leastRounds }) {
  const calls = [];
  let aRound = 0;
  for (const { sample } of contenders) {
    const shortest = await warmUp(sample, warmUpMs);
    calls.push(Math.max(1, Math.ceil(SAMPLE_MS / shortest)));
    aRound += calls.at(-1) * shortest;
  }
  const rounds = Math.min(MOST_ROUNDS, Math.max(leastRounds, Math.floor((1000 * seconds) / aRound)));
  const samples = contenders.map(() => []);
  for (let round = 0; round < rounds; ++round) {
    for (let turn = 0; turn < contenders.length; ++turn) {
      const at = (round + turn) % contenders.length;
      samples[at].push(await contenders[at].sample(calls[at]));
    }
  }
  const [first] = samples;
  return samples.map((times, at) => {
    const own = summary(times);
    const ratio = summary(times.map((time, round) => time / first[round])).median;
    const { name, by, way } = contenders[at];
    return { name, by, way, rounds, ...own, ratio, ratioOfMinima: own.minimum / summary(first).minimum };
  });
}
