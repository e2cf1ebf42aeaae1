// What a process of cold-start.mjs reports: the monotonic clock, which all processes of a machine share, when it
// had started and when it was done with each stage; and its result, to be compared.

const marks = [];

export function mark() {
  marks.push(Number(process.hrtime.bigint() / 1000n) / 1000);
}

/** The last call of a contender; printing comes after the last mark. */
export function finish(values) {
  mark();
  let sum = 0;
  for (const value of values) sum += value;
  console.log(JSON.stringify({ marks, entries: values.length, sum }));
}
