// The work of all contenders, without a computation before the clock stops: the image is a ramp.

export const input = { channels: 3, height: 32, width: 32 };
export const filters = 64;
export const kernel = 5;
export const pool = 2;
export const image = Float32Array.from({ length: 3 * 32 * 32 }, (_, i) => ((i * 37) % 64) / 64 - 0.5);
