export { createRandom, restoreRandom, type Random, type RandomState } from './random.js';
export { sampleWithoutReplacement, shuffled } from './sampling.js';
export { mean, meanAbsolutePercentageError, median, quantile, standardDeviation } from './summary.js';
export { kendall, midRanks, spearman } from './rank-correlation.js';
export { bootstrapInterval } from './bootstrap.js';
export { fitGaussian, fitLinear, kernelOf, type GaussianFit, type LinearFit } from './gaussian-regression.js';
export { mannWhitney, type MannWhitney } from './mann-whitney.js';
