/** Gradient norm above which a step is shortened. */
export const CLIP_NORM = 20;
/** Evaluations without gain before a stage stops. */
export const PATIENCE = 30;
/** Validation windows or sequences of one evaluation. */
export const MAX_VALIDATION_ITEMS = 512;
