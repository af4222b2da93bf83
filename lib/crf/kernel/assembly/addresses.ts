/**
 * Fixed places in the first 16 KiB of memory, which the compiler is told to
 * leave free (`memory.data` in a constant would reserve a new place per use).
 *
 * @module
 */

/** Most features of a pixel: place and 32 channels. */
export const MAX_DIMENSION: i32 = 34;

/** float64 `[d]`: what 1 in a feature is worth; the caller's. */
export const SCALES: usize = 1024;
/** uint64 `[d + 1]`: what 1 in a coordinate, times d + 1, is worth in a key. */
export const MULTIPLIERS: usize = 1312;
/** uint64 `[d + 1]`: what a lattice step is worth in a key. */
export const STEPS: usize = 1600;

/** float64 `[d + 1, 4]`: corner of remainder 0 of four pixels. */
export const WHOLES: usize = 1888;
/** float32 `[d + 1, 4]`: how far the pixels are from it. */
export const DISTANCES: usize = 3008;
/** int32 `[d + 1, 4]`: how many distances are larger. */
export const RANKS: usize = 3568;
/** float32 `[d + 1]`: distances of one pixel by rank. */
export const SORTED: usize = 4128;
/** int32 `[d + 1]`: coordinates of one pixel by rank. */
export const ORDER: usize = 4272;

/** The two `Direction`s. */
export const ACROSS: usize = 4416;
export const DOWN: usize = 4480;

/** float32 `[10, 4]`: see exponential.ts. */
export const POWERS: usize = 4608;
/** float32 `[4]`: see runs.ts. */
export const SIDES: usize = 4768;
/** float32 `[3, 4]`: see many_labels.ts. */
export const BOUNDS: usize = 4784;

/** float32 `[256, 4]`: of each label, scores of four pixels. */
export const SCORES: usize = 5120;
/** float32 `[4, 256]`: of each of four pixels, values of the labels. */
export const VALUES: usize = 9216;
