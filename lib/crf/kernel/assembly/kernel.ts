/**
 * What the WebAssembly module of the dense CRF exports.
 *
 * Addresses are bytes from the start of memory; the caller lays it out. Rows
 * of pixels are padded to a multiple of four, see `padded` in simplex.ts.
 *
 * @module
 */
import {
  defineFactors,
  defineLattice,
  defineVertices,
  normaliseFactors,
  sliceOne,
  splatOne,
} from "./appearance.ts";
import { defineDirection } from "./directions.ts";
import { readMany, updateMany } from "./many_labels.ts";
import { blurMany, blurOne, writeRuns } from "./runs.ts";
import { locatePixels } from "./simplex.ts";
import { clearRows, defineSmoothness, exchangeRows } from "./smoothness.ts";
import { readTwo, updateTwo } from "./two_labels.ts";
import { limitMemory, openTable, tableEnd, vertexCount } from "./vertex_table.ts";

// Not `export … from`: with the ending .ts, that compiles a second copy.
export {
  clearRows,
  defineDirection,
  defineFactors,
  defineLattice,
  defineSmoothness,
  defineVertices,
  exchangeRows,
  limitMemory,
  normaliseFactors,
  readMany,
  readTwo,
  tableEnd,
  updateMany,
  updateTwo,
  vertexCount,
  writeRuns,
};

/** First address that the caller may use. */
export function freeAddress(): usize {
  return __heap_base;
}

/**
 * Finds simplices and vertices; false: no memory.
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
): bool {
  if (!openTable(table, tableBits)) return false;
  if (type == 0) {
    return locatePixels<u8>(
      image, channels, width, height, simplex, barycentric,
    );
  }
  if (type == 1) {
    return locatePixels<u16>(
      image, channels, width, height, simplex, barycentric,
    );
  }
  return locatePixels<f32>(
    image, channels, width, height, simplex, barycentric,
  );
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
