/**
 * Memory of arrays that nobody needs any more.
 *
 * @module
 */
import type { Tensors } from "../engine/engine.ts";

/**
 * Gives memory back that the garbage collector would keep for dozens of steps:
 * it knows what arrays hold, but only acts when that is much. The arrays are
 * empty after; those that share memory, or are parts of a larger array, stay.
 *
 * @example
 * ```ts
 * import { freeArrays } from "./free_arrays.ts";
 * import { strictEqual } from "node:assert";
 *
 * const mask = new Uint8Array(1000);
 * freeArrays({ mask });
 * freeArrays({ mask }); // nothing is left to free
 * strictEqual(mask.length, 0);
 * ```
 */
export function freeArrays(...all: readonly Tensors[]): void {
  for (const { buffer, byteLength } of all.flatMap((t) => Object.values(t))) {
    const isWhole = byteLength > 0 && buffer.byteLength === byteLength;
    if (isWhole && buffer instanceof ArrayBuffer) buffer.transfer(0);
  }
}
