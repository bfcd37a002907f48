/**
 * Published figures of OFA-MobileNetV3 (width 1.2, 224 pixels), by block: expansion 3, 4, 6 and, fastest, kernel 3, 5, 7.
 */

/** Milliseconds on a Samsung Note10 by unit: its first layer and each other one (distributed with Once-for-All). */
export const NOTE10_BLOCKS_MS: readonly (readonly [first: readonly number[], other: readonly number[]])[] = [
  [
    [2.467, 3.5, 5.014, 3.227, 4.462, 6.127, 4.812, 6.585, 9.154],
    [1.916, 2.991, 4.572, 2.534, 3.946, 5.958, 3.835, 5.963, 9.089],
  ],
  [
    [1.078, 1.344, 1.722, 1.407, 1.767, 2.278, 2.171, 2.78, 3.611],
    [1.065, 1.429, 1.943, 1.407, 1.921, 2.623, 2.135, 2.864, 3.911],
  ],
  [
    [0.75, 0.849, 0.988, 0.991, 1.133, 1.317, 1.532, 1.734, 1.996],
    [0.894, 1.057, 1.273, 1.186, 1.419, 1.72, 1.784, 2.123, 2.579],
  ],
  [
    [1.039, 1.2, 1.417, 1.381, 1.611, 1.915, 2.096, 2.435, 2.882],
    [1.634, 1.892, 2.228, 2.179, 2.505, 2.916, 3.305, 3.796, 4.471],
  ],
  [
    [1.06, 1.13, 1.221, 1.433, 1.529, 1.638, 2.205, 2.342, 2.521],
    [0.957, 1.026, 1.107, 1.313, 1.407, 1.525, 2.06, 2.22, 2.392],
  ],
];

/** First conv, first block, final expand, pool, feature mix, classifier. */
export const NOTE10_FIXED_MS = 0.9944 + 1.7728 + 0.6944 + 0.0153 + 0.7625 + 0.6694;

/** Block responses of the Kirin 9000 NPU: the mean latency of networks with the block, milliseconds (Mills et al. 2021). */
export const NPU_RESPONSES_MS: readonly number[] = [
  7.967, 7.981, 8.38, 7.961, 7.999, 8.539, 8.012, 8.029, 9.432,
];
