/**
 * What the WebAssembly module of the dense CRF exports.
 *
 * Addresses are bytes from the start of memory; the caller lays it out.
 *
 * @module
 */
import { defineVertices, sliceOne, splatOne } from "./appearance.ts";
import { blurMany, blurOne, writeRuns } from "./runs.ts";
import { locatePixels } from "./simplex.ts";
import { openTable, vertexCount } from "./vertex_table.ts";

export { defineFactors, defineLattice, defineVertices } from "./appearance.ts";
export { readMany, updateMany } from "./many_labels.ts";
export {
  defineDirection,
  defineSmoothness,
  spreadRows,
} from "./smoothness.ts";
export { readTwo, updateTwo } from "./two_labels.ts";
export { tableEnd } from "./vertex_table.ts";
export { writeRuns } from "./runs.ts";

/** First address that the caller may use. */
export function freeAddress(): usize {
  return __heap_base;
}

/**
 * Finds simplices and vertices; answers how many vertices, −1: no memory.
 *
 * @param type Of the image: 0 uint8, 1 uint16, 2 float32.
 * @param table Where the table of vertices is to be; memory after it is used.
 * @param tableBits log2 of the slots to start with.
 */
export function locate(
  type: i32,
  image: usize,
  channels: i32,
  width: i32,
  height: i32,
  simplex: usize,
  barycentric: usize,
  table: usize,
  tableBits: u32,
): i32 {
  if (!openTable(table, tableBits)) return -1;
  let isDone: bool;
  if (type == 0) {
    isDone = locatePixels<u8>(
      image, channels, width, height, simplex, barycentric,
    );
  } else if (type == 1) {
    isDone = locatePixels<u16>(
      image, channels, width, height, simplex, barycentric,
    );
  } else {
    isDone = locatePixels<f32>(
      image, channels, width, height, simplex, barycentric,
    );
  }
  return isDone ? <i32> vertexCount() : -1;
}

/** Blurs the values at the vertices along all axes; `stride` bytes a vertex. */
export function blur(
  axes: i32,
  runs: usize,
  values: usize,
  stride: usize,
): void {
  for (let axis = 0; axis < axes; axis++) {
    runs = stride == 4
      ? blurOne(runs, values)
      : blurMany(runs, values, stride);
  }
}

/** Adds 1 of every pixel to the vertices that were defined. */
export function splatOnes(pixels: usize): void {
  for (let p: usize = 0; p < pixels; p++) splatOne(p, 1);
}

/** float32 `[P]`: what pixels find at the vertices, one value each. */
export function slicePixels(pixels: usize, out: usize): void {
  for (let p: usize = 0; p < pixels; p++) store<f32>(out + (p << 2), sliceOne(p));
}
