/**
 * Where the pixels lie among the simplices of the permutohedral lattice.
 *
 * Lattice points have d + 1 whole coordinates that sum to 0 and leave all the
 * same remainder when divided by d + 1, the point's remainder. Each simplex
 * has one corner of every remainder 0…d [Adams2010].
 *
 * Coordinates are divided by d + 1 here, so that those of the corner of
 * remainder 0 are whole.
 *
 * @module
 */
import {
  DISTANCES,
  MULTIPLIERS,
  ORDER,
  RANKS,
  SCALES,
  SORTED,
  STEPS,
  WHOLES,
} from "./addresses.ts";
import { addVertex, MISSING } from "./vertex_table.ts";

/**
 * The pixels of a row are visited in strips this wide, to keep near vertices
 * near in memory; a multiple of four.
 */
export const STRIP: i32 = 64;

/**
 * Pixels of a row in memory: a multiple of four, so that four are one vector.
 * Those that fill it up weigh nothing.
 */
// @ts-ignore: decorator
@inline
export function padded(width: i32): i32 {
  return (width + 3) & ~3;
}

/**
 * Finds the simplex of every pixel and numbers the vertices.
 *
 * @param image `[H, W, N]` of T.
 * @param simplex uint32 `[H, padded W, d + 1]`: to be filled with vertices.
 * @param barycentric float32, likewise: to be filled with their weights.
 * @returns False when there is no memory for the vertices.
 */
// @ts-ignore: decorator
@inline
export function locatePixels<T>(
  image: usize,
  channels: i32,
  width: i32,
  height: i32,
  simplex: usize,
  barycentric: usize,
): bool {
  const dimension = channels + 2;
  const corners = <usize> (dimension + 1);
  const bytes = corners << 2;
  for (let left = 0; left < width; left += STRIP) {
    const right = min(left + STRIP, width);
    for (let y = 0; y < height; y++) {
      const row = <usize> y * <usize> width;
      const paddedRow = <usize> y * <usize> padded(width);
      for (let x = left; x < right; x += 4) {
        const count = min(4, right - x);
        const values = (row + <usize> x) * <usize> channels * sizeof<T>();
        locateFour<T>(image + values, channels, x, y, count);
        let first = (paddedRow + <usize> x) * bytes;
        for (let lane = 0; lane < count; lane++) {
          if (
            !placePixel(lane, dimension, simplex + first, barycentric + first)
          ) return false;
          first += bytes;
        }
        for (let lane = count; lane < 4; lane++) {
          memory.copy(simplex + first, simplex + first - bytes, bytes);
          memory.fill(barycentric + first, 0, bytes);
          first += bytes;
        }
      }
    }
  }
  return true;
}

/** A channel of one of four pixels; of the last one there is, beyond it. */
// @ts-ignore: decorator
@inline
function valueOf<T>(
  values: usize,
  channels: i32,
  channel: i32,
  pixel: i32,
  count: i32,
): f64 {
  const at = min(pixel, count - 1) * channels + channel;
  return <f64> load<T>(values + <usize> at * sizeof<T>());
}

// @ts-ignore: decorator
@inline
function locateFour<T>(
  values: usize,
  channels: i32,
  x: i32,
  y: i32,
  count: i32,
): void {
  const dimension = channels + 2;
  let sum01 = f64x2.splat(0);
  let sum23 = f64x2.splat(0);
  let excess01 = f64x2.splat(0);
  let excess23 = f64x2.splat(0);
  for (let i = dimension; i >= 0; i--) {
    let coordinate01 = sum01;
    let coordinate23 = sum23;
    if (i > 0) {
      let feature01: v128;
      let feature23: v128;
      if (i == 1) {
        const first = f64x2.splat(<f64> x);
        feature01 = f64x2.add(first, f64x2(0, 1));
        feature23 = f64x2.add(first, f64x2(2, 3));
      } else if (i == 2) {
        feature01 = f64x2.splat(<f64> y);
        feature23 = feature01;
      } else {
        const c = i - 3;
        feature01 = f64x2(
          valueOf<T>(values, channels, c, 0, count),
          valueOf<T>(values, channels, c, 1, count),
        );
        feature23 = f64x2(
          valueOf<T>(values, channels, c, 2, count),
          valueOf<T>(values, channels, c, 3, count),
        );
      }
      const scale = v128.load64_splat(SCALES + (<usize> (i - 1) << 3));
      const times = f64x2.splat(<f64> i);
      feature01 = f64x2.mul(feature01, scale);
      feature23 = f64x2.mul(feature23, scale);
      coordinate01 = f64x2.sub(sum01, f64x2.mul(feature01, times));
      coordinate23 = f64x2.sub(sum23, f64x2.mul(feature23, times));
      sum01 = f64x2.add(sum01, feature01);
      sum23 = f64x2.add(sum23, feature23);
    }
    const whole01 = f64x2.nearest(coordinate01);
    const whole23 = f64x2.nearest(coordinate23);
    excess01 = f64x2.add(excess01, whole01);
    excess23 = f64x2.add(excess23, whole23);
    const at = <usize> i << 4;
    v128.store(WHOLES + 2 * at, whole01);
    v128.store(WHOLES + 2 * at, whole23, 16);
    v128.store(
      DISTANCES + at,
      joined(
        f64x2.sub(coordinate01, whole01),
        f64x2.sub(coordinate23, whole23),
      ),
    );
    v128.store(RANKS + at, i32x4.splat(i));
  }
  rankDistances(dimension);
  moveIntoHyperplane(
    dimension,
    i32x4.trunc_sat_f32x4_s(joined(excess01, excess23)),
  );
}

/** Two vectors of two float64 as one of four float32. */
// @ts-ignore: decorator
@inline
function joined(v01: v128, v23: v128): v128 {
  return i8x16.shuffle(
    f32x4.demote_f64x2_zero(v01),
    f32x4.demote_f64x2_zero(v23),
    0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23,
  );
}

/** How many distances are larger; of equals the first leads. */
// @ts-ignore: decorator
@inline
function rankDistances(dimension: i32): void {
  const end = <usize> (dimension + 1) << 4;
  for (let i: usize = 0; i < end; i += 16) {
    const distance = v128.load(DISTANCES + i);
    let rank = v128.load(RANKS + i);
    for (let j = i + 16; j < end; j += 16) {
      const isSmaller = f32x4.lt(distance, v128.load(DISTANCES + j));
      rank = i32x4.sub(rank, isSmaller);
      v128.store(RANKS + j, i32x4.add(v128.load(RANKS + j), isSmaller));
    }
    v128.store(RANKS + i, rank);
  }
}

/** Moves the coordinates that were rounded furthest until they sum to 0. */
// @ts-ignore: decorator
@inline
function moveIntoHyperplane(dimension: i32, excess: v128): void {
  const last = i32x4.splat(dimension);
  const corners = i32x4.splat(dimension + 1);
  const end = <usize> (dimension + 1) << 4;
  for (let at: usize = 0; at < end; at += 16) {
    let rank = i32x4.add(v128.load(RANKS + at), excess);
    const isBelow = i32x4.lt_s(rank, i32x4.splat(0));
    const isAbove = i32x4.gt_s(rank, last);
    rank = i32x4.add(rank, v128.and(corners, isBelow));
    rank = i32x4.sub(rank, v128.and(corners, isAbove));
    v128.store(RANKS + at, rank);
    const moved = i32x4.sub(isAbove, isBelow);
    v128.store(
      DISTANCES + at,
      f32x4.sub(v128.load(DISTANCES + at), f32x4.convert_i32x4_s(moved)),
    );
    // Adding 1.5 · 2⁵² makes the low bits those of the whole number.
    const shifter = f64x2.splat(6755399441055744.0);
    const high = i8x16.shuffle(moved, moved,
      8, 9, 10, 11, 12, 13, 14, 15, 8, 9, 10, 11, 12, 13, 14, 15);
    const whole = WHOLES + 2 * at;
    v128.store(whole, i64x2.sub(
      f64x2.add(
        f64x2.add(v128.load(whole), f64x2.convert_low_i32x4_s(moved)),
        shifter,
      ),
      shifter,
    ));
    v128.store(whole, i64x2.sub(
      f64x2.add(
        f64x2.add(v128.load(whole, 16), f64x2.convert_low_i32x4_s(high)),
        shifter,
      ),
      shifter,
    ), 16);
  }
}

/** Corners and weights of one of the four pixels; false: no memory. */
// @ts-ignore: decorator
@inline
function placePixel(
  lane: i32,
  dimension: i32,
  simplex: usize,
  barycentric: usize,
): bool {
  let key: u64 = 0;
  const distance = DISTANCES + (<usize> lane << 2);
  const rank = RANKS + (<usize> lane << 2);
  const whole = WHOLES + (<usize> lane << 3);
  for (let i = 0; i <= dimension; i++) {
    const at = <usize> i << 4;
    const r = <usize> load<u32>(rank + at) << 2;
    store<f32>(SORTED + r, load<f32>(distance + at));
    store<u32>(ORDER + r, i);
    key += load<u64>(whole + 2 * at) *
      load<u64>(MULTIPLIERS + (<usize> i << 3));
  }
  const vertex = addVertex(key);
  if (vertex == MISSING) return false;
  store<u32>(simplex, vertex);
  let above = load<f32>(SORTED + (<usize> dimension << 2));
  store<f32>(barycentric, 1 + above - load<f32>(SORTED));
  for (let k = 1; k <= dimension; k++) {
    const r = <usize> (dimension + 1 - k) << 2;
    key += load<u64>(STEPS + (<usize> load<u32>(ORDER + r) << 3));
    const next = addVertex(key);
    if (next == MISSING) return false;
    store<u32>(simplex + (<usize> k << 2), next);
    const higher = load<f32>(SORTED + r - 4);
    store<f32>(barycentric + (<usize> k << 2), higher - above);
    above = higher;
  }
  return true;
}
