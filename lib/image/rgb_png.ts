/**
 * Pictures as PNG, without loss.
 *
 * @module
 */
import { encode } from "fast-png";
import type { RgbImage } from "./image.ts";

/**
 * An 8-bit RGB PNG; equal pictures give equal bytes.
 *
 * @example
 * ```ts
 * import { decodeImage } from "./decode_image.ts";
 * import { encodeRgbPng } from "./rgb_png.ts";
 * import { deepStrictEqual } from "node:assert";
 *
 * const image = { width: 1, height: 1, data: Uint8Array.of(10, 20, 30) };
 * const decoded = await decodeImage(encodeRgbPng(image), "a.png");
 * deepStrictEqual(decoded.data, image.data);
 * ```
 */
export function encodeRgbPng({ width, height, data }: RgbImage): Uint8Array {
  return encode({ width, height, data, channels: 3, depth: 8 });
}
