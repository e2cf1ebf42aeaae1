// Which networks are tried, on how many images, and what the paper reports of them.

/** Table 1, test accuracy in %, of 1, 2 and 3 layers; the classifier was trained on 50,000 images. */
export const PAPER = { random: [66.5, 74.6, 74.8], learned: [68.1, 83.3, 89.3], images: 50_000 };

/** Planes as large as the layers leave them: 16 x 16, 8 x 8 or 4 x 4 after one, two or three. */
export const WHOLE = 16;
/** Side of what three layers leave, to which one and two are pooled on for comparison. */
const SMALL = 4;

/**
 * @typedef {{ depth: number, filters: number[], grid: number, order: "relu-norm" | "norm-relu", seeds: number,
 *   curve: boolean, main: boolean }} Network `main`: one of Table 1's; kernels are chosen by cross-validation for each
 *   depth; `grid`: side to which the last layer's planes are pooled on
 * @typedef {{ train: number, test: number, curve: number[], search: { images: number, filters: number[] },
 *   networks: Network[] }} Plan `train`, `test`: images at most; `curve`: sizes of training samples besides all;
 *   `search`: images and filters a layer that kernels are chosen with
 */

/** Kernels that are tried for each depth: those of the paper, 3, 5 and 7. */
export const KERNELS = [
  [[3], [5], [7]],
  [
    [3, 3],
    [5, 3],
    [5, 5],
    [7, 3],
  ],
  [
    [3, 3, 3],
    [5, 3, 3],
    [5, 5, 3],
    [7, 5, 3],
  ],
];

const network = (filters, more = {}) => ({
  ...{ depth: filters.length, filters, grid: WHOLE, order: /** @type {const} */ ("relu-norm") },
  ...{ seeds: 1, curve: false, main: false },
  ...more,
});
const main = (filters, more = {}) => network(filters, { main: true, curve: true, ...more });

/** @type {Record<"quick" | "slice" | "whole", Plan>} */
export const PLANS = {
  quick: {
    ...{ train: 1000, test: 500, curve: [500] },
    search: { images: 500, filters: [16, 16, 32] },
    networks: [main([16]), main([32, 64]), main([64, 128, 256])],
  },
  /** Of a few thousand images: products of images with images, so that features may be many. */
  slice: {
    ...{ train: Infinity, test: Infinity, curve: [500, 1000, 2000] },
    search: { images: 2000, filters: [64, 128, 256] },
    networks: [
      main([128], { seeds: 2 }),
      main([128, 256], { seeds: 2 }),
      main([256, 512, 1024], { seeds: 2 }),
      network([1024], { grid: SMALL }),
      network([256, 1024], { grid: SMALL }),
      network([256, 512, 1024], { order: "norm-relu" }),
    ],
  },
  /**
   * Of all images: products of features with features, of which there are 16,384 at most. On two cores the features of
   * 60,000 images take about 12 min, and for each network the products 6 min and the solutions 4 min; with pixels and
   * learned filters all of it about 65 min, and 7 GB of memory.
   */
  whole: {
    ...{ train: Infinity, test: Infinity, curve: [1000, 4000] },
    search: { images: 2000, filters: [64, 128, 256] },
    networks: [main([64]), main([128, 256]), main([256, 512, 1024]), network([1024], { grid: SMALL })],
  },
};

/** More images than this are too many for products of images with images. */
const FEW = 10_000;

/** The plan for so many training images. */
export function planFor(images, quick) {
  if (quick) return PLANS.quick;
  return images > FEW ? PLANS.whole : PLANS.slice;
}
