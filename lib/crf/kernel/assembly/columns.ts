/**
 * Four vectors turned: what is beside each other is then below each other.
 *
 * @module
 */

/** Stores the columns of four vectors. */
// @ts-ignore: decorator
@inline
export function storeColumns(
  a: v128,
  b: v128,
  c: v128,
  d: v128,
  to0: usize,
  to1: usize,
  to2: usize,
  to3: usize,
): void {
  const ab = v128.shuffle<f32>(a, b, 0, 4, 1, 5);
  const cd = v128.shuffle<f32>(c, d, 0, 4, 1, 5);
  const abHigh = v128.shuffle<f32>(a, b, 2, 6, 3, 7);
  const cdHigh = v128.shuffle<f32>(c, d, 2, 6, 3, 7);
  v128.store(to0, v128.shuffle<f32>(ab, cd, 0, 1, 4, 5));
  v128.store(to1, v128.shuffle<f32>(ab, cd, 2, 3, 6, 7));
  v128.store(to2, v128.shuffle<f32>(abHigh, cdHigh, 0, 1, 4, 5));
  v128.store(to3, v128.shuffle<f32>(abHigh, cdHigh, 2, 3, 6, 7));
}
