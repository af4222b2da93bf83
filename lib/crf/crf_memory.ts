/**
 * How much memory the dense CRF needs.
 *
 * @module
 */
import type { Size } from "../geometry/size.ts";

/** What decides it. */
export interface CrfWork extends Size {
  /** N of the image, 3 for RGB. */
  readonly channels: number;
  /** 1 for Uint8Array, 2 for Uint16Array, 4 for Float32Array. */
  readonly bytesPerValue: number;
  /** L of the unary. */
  readonly labelCount: number;
  readonly hasAppearance: boolean;
  /** Rows of pixels or nodes that the smoothness term keeps; 0: no such term. */
  readonly smoothnessRows: number;
  readonly isSymmetric: boolean;
  readonly stopEarly: boolean;
}

/** Bytes of WebAssembly memory. */
export interface CrfMemory {
  /** For a picture of one colour. */
  readonly leastBytes: number;
  /** For a picture without two pixels that are alike. */
  readonly mostBytes: number;
}

/** The kernel itself, the least buffer, alignment. */
const SUNDRY_BYTES = 2 ** 20;

/**
 * Pixels of a row in memory.
 *
 * @example
 * ```ts
 * import { paddedWidth } from "./crf_memory.ts";
 * import { strictEqual } from "node:assert";
 *
 * strictEqual(paddedWidth(5), 8);
 * ```
 */
export function paddedWidth(width: number): number {
  return Math.ceil(width / 4) * 4;
}

/**
 * Numbers a lattice vertex holds: L − 1 and padding; 1 for two labels.
 *
 * @example
 * ```ts
 * import { vertexChannels } from "./crf_memory.ts";
 * import { deepStrictEqual } from "node:assert";
 *
 * deepStrictEqual([2, 3, 21, 22].map(vertexChannels), [1, 4, 20, 24]);
 * ```
 */
export function vertexChannels(labelCount: number): number {
  return labelCount <= 2 ? 1 : Math.ceil((labelCount - 1) / 4) * 4;
}

/**
 * Bounds of the memory that `denseCrf` takes, beside the arrays it is given
 * and the one it returns. With P pixels (rows padded to a multiple of four),
 * K = N + 3 corners of a simplex, C = 1 for two labels or else L − 1 padded to
 * a multiple of four, and M lattice vertices, 1 ≤ M ≤ K·P, it is
 *
 *   P · (8K + 8)   where pixels are in the lattice; 4 less for "after"
 *   P · 4L         unary; P · 4 for two labels
 *   (W + 16) · (R + 5) · 8(L − 1)   smoothness term of R rows
 *   P              labels, to stop early
 *   M · (8C + 5K)  vertices, and which of them are neighbours
 *   1 MiB + 128 (W + H) + 4 L · W for the rest
 *
 * and while the lattice is built, in place of all but the first line and the
 * last, the image and
 *
 *   max(32M, 2P)   table of vertices: at most half full, or as it began
 *   M · 32         to find neighbours along an axis: 8 to write, 24 to spare
 *   M · 5(K − 1)   neighbours along the axes before
 *
 * @param vertexCount M; left out, it is not known.
 *
 * @example
 * ```ts
 * import { workMemory } from "./crf_memory.ts";
 * import { ok } from "node:assert";
 *
 * const { leastBytes, mostBytes } = workMemory({
 *   width: 500, height: 375, channels: 3, bytesPerValue: 1, labelCount: 2,
 *   hasAppearance: true, smoothnessRows: 375, isSymmetric: true,
 *   stopEarly: false,
 * });
 * // Photographs take 13 to 32 MiB.
 * ok(leastBytes > 12 * 2 ** 20 && mostBytes < 160 * 2 ** 20);
 * ```
 */
export function workMemory(work: CrfWork, vertexCount?: number): CrfMemory {
  const corners = work.channels + 3;
  const most = vertexCount ?? corners * pixelCount(work);
  return {
    leastBytes: bytesWith(work, vertexCount ?? 0, 0),
    mostBytes: bytesWith(work, most, corners - 1),
  };
}

/** @param axes Along which neighbours were found before the last one. */
function bytesWith(work: CrfWork, vertexCount: number, axes: number): number {
  const messages = messageBytes(work);
  if (!work.hasAppearance) return pixelBytes(work) + messages;
  return pixelBytes(work) + Math.max(
    messages + vertexBytes(work, vertexCount),
    imageBytes(work) + tableBytes(work, vertexCount) +
      vertexCount * (32 + 5 * axes),
  );
}

/**
 * log2 of the slots with which the table of vertices begins: one for eight
 * pixels, or a few more.
 *
 * @example
 * ```ts
 * import { firstTableBits } from "./crf_memory.ts";
 * import { strictEqual } from "node:assert";
 *
 * strictEqual(firstTableBits({ width: 128, height: 64 }), 10);
 * ```
 */
export function firstTableBits({ width, height }: Size): number {
  return Math.max(6, Math.ceil(Math.log2(width * height / 8)));
}

/** `assembly/vertex_table.ts`: 4 bytes a slot, 8 a key, for two slots one. */
function tableBytes(work: CrfWork, vertexCount: number): number {
  let slots = 2 ** firstTableBits(work);
  while (vertexCount >= slots / 2) slots *= 2;
  return 8 * slots;
}

function pixelCount({ width, height }: Size): number {
  return paddedWidth(width) * height;
}

/** Where pixels are in the lattice, tables of rows and columns, the rest. */
function pixelBytes(work: CrfWork): number {
  const { width, height, labelCount } = work;
  const tables = 128 * (width + height) + 4 * labelCount * paddedWidth(width);
  if (!work.hasAppearance) return SUNDRY_BYTES + tables;
  const corners = work.channels + 3;
  const perPixel = 8 * corners + (work.isSymmetric ? 8 : 4);
  return pixelCount(work) * perPixel + SUNDRY_BYTES + tables;
}

/** What the mean field of one unary needs, but for the vertices. */
function messageBytes(work: CrfWork): number {
  const { width, labelCount, smoothnessRows } = work;
  const unary = labelCount === 2 ? 4 : 4 * labelCount;
  const perPixel = unary + (work.stopEarly ? 1 : 0);
  if (smoothnessRows === 0) return pixelCount(work) * perPixel;
  // Two planes with margins.
  const plane = (paddedWidth(width) + 16) * (smoothnessRows + 5);
  return pixelCount(work) * perPixel + 8 * (labelCount - 1) * plane;
}

function vertexBytes(work: CrfWork, vertexCount: number): number {
  const corners = work.channels + 3;
  return vertexCount * (8 * vertexChannels(work.labelCount) + 5 * corners);
}

function imageBytes(work: CrfWork): number {
  return work.width * work.height * work.channels * work.bytesPerValue;
}

/**
 * Refuses work that needs more memory than it may have.
 *
 * @param limitBytes At most 4 GiB, all that WebAssembly can address.
 * @param vertexCount M, once it is known.
 * @throws {RangeError} Saying how much is needed.
 *
 * @example
 * ```ts
 * import { assertFits } from "./crf_memory.ts";
 * import { throws } from "node:assert";
 *
 * const work = {
 *   width: 8000, height: 5000, channels: 3, bytesPerValue: 1, labelCount: 21,
 *   hasAppearance: true, smoothnessRows: 5000, isSymmetric: true,
 *   stopEarly: false,
 * };
 * throws(() => assertFits(work, 2 ** 32), {
 *   message: "Cannot run the dense CRF as it must need at most 4.00 GiB of " +
 *     "memory: 8000 × 5000 pixels and 21 labels need 11.20 GiB",
 * });
 * ```
 */
export function assertFits(
  work: CrfWork,
  limitBytes: number,
  vertexCount = 0,
): void {
  const bytes = workMemory(work, vertexCount).leastBytes;
  if (bytes <= limitBytes) return;
  throw tooLarge(work, limitBytes, {
    vertexText: vertexCount > 0 ? `, with ${vertexCount} vertices,` : "",
    needText: sizeText(bytes),
  });
}

/**
 * The error for a lattice that found no room while it was built.
 *
 * @example
 * ```ts
 * import { latticeTooLarge } from "./crf_memory.ts";
 * import { ok } from "node:assert";
 *
 * const work = {
 *   width: 8000, height: 5000, channels: 3, bytesPerValue: 1, labelCount: 2,
 *   hasAppearance: true, smoothnessRows: 5000, isSymmetric: true,
 *   stopEarly: false,
 * };
 * const { message } = latticeTooLarge(work, 2 ** 32, 25_000_000);
 * ok(message.endsWith("2 labels, with 25000000 vertices or more, need up to " +
 *   "4.03 GiB"));
 * ```
 */
export function latticeTooLarge(
  work: CrfWork,
  limitBytes: number,
  vertexCount: number,
): RangeError {
  const bytes = workMemory(work, vertexCount).mostBytes;
  return tooLarge(work, limitBytes, {
    vertexText: `, with ${vertexCount} vertices or more,`,
    needText: `up to ${sizeText(bytes)}`,
  });
}

function tooLarge(
  { width, height, labelCount }: CrfWork,
  limitBytes: number,
  { vertexText, needText }: { vertexText: string; needText: string },
): RangeError {
  return new RangeError(
    "Cannot run the dense CRF as it must need at most " +
      `${sizeText(limitBytes)} of memory: ${width} × ${height} pixels and ` +
      `${labelCount} labels${vertexText} need ${needText}`,
  );
}

function sizeText(bytes: number): string {
  return bytes < 2 ** 30
    ? `${(bytes / 2 ** 20).toFixed(1)} MiB`
    : `${(bytes / 2 ** 30).toFixed(2)} GiB`;
}
