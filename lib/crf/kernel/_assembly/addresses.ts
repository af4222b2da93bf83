/**
 * Fixed places in the first 16 KiB of memory, which the compiler is told to
 * leave free (`memory.data` in a constant would reserve a new place per use).
 *
 * @module
 */

/** float64 `[d]`, d ≤ 10: what 1 in a feature is worth; the caller's. */
export const SCALES: usize = 1024;
/** uint64 `[d + 1]`: what 1 in a coordinate, times d + 1, is worth in a key. */
export const MULTIPLIERS: usize = 1152;
/** uint64 `[d + 1]`: what a lattice step is worth in a key. */
export const STEPS: usize = 1280;

/** float64 `[d + 1, 4]`: corner of remainder 0 of four pixels. */
export const WHOLES: usize = 1536;
/** float32 `[d + 1, 4]`: how far the pixels are from it. */
export const DISTANCES: usize = 2048;
/** int32 `[d + 1, 4]`: how many distances are larger. */
export const RANKS: usize = 2304;
/** float32 `[d + 1]`: distances of one pixel by rank. */
export const SORTED: usize = 2560;
/** int32 `[d + 1]`: coordinates of one pixel by rank. */
export const ORDER: usize = 2624;

/** The two `Direction`s. */
export const ACROSS: usize = 2688;
export const DOWN: usize = 2720;
/** float32 `[64]`: taps of one row or column, gathered from its nodes. */
export const GATHERED: usize = 2752;

/** float32 `[256]`: scores of one pixel; `[256, 4]` while they are read. */
export const SCORES: usize = 4096;
