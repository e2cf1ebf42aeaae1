// Files in CIFAR-10's layout for tests.

/** Images with these labels; the pixels of image i begin with `first` + i, the others are seeded. */
export function cifarBytes(labels: readonly number[], first: number): Uint8Array {
  const bytes = new Uint8Array(labels.length * 3073);
  let state = 1 + first;
  labels.forEach((label, image) => {
    const at = image * 3073;
    bytes[at] = label;
    for (let i = 1; i < 3073; ++i) {
      state = (state * 48271) % 2147483647;
      bytes[at + i] = state >> 16;
    }
    bytes[at + 1] = first + image;
  });
  return bytes;
}
