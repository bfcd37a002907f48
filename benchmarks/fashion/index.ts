export { FashionDataError, type FashionSpaceName } from './folder.js';
export { accuracyOf, readAccuracyTable, type AccuracyTable } from './accuracy-table.js';
export { readTrainedTensors } from './trained-tensors.js';
export { CALIBRATION_IMAGES, readFashionImages, VALIDATION_IMAGES, type FashionImages } from './images.js';
export { createFashionEvaluator, type FashionEvaluator, type FashionEvaluatorOptions } from './evaluate.js';
