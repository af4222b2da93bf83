/**
 * One number per label and pixel: what goes in and out of the dense CRF.
 *
 * @module
 */
import type { Size } from "../geometry/size.ts";
import type { LabelMap } from "../label/label_map.ts";

/**
 * float32 `[L, H, W]`: the plane of label 0, row by row, then that of label 1,
 * and so on. Labels first, unlike the channels-last order elsewhere, as this
 * is how the CRF literature exchanges unaries and marginals.
 */
export interface LabelPlanes extends Size {
  /** L. */
  readonly labelCount: number;
  /** `L·H·W` values. */
  readonly data: Float32Array;
}

/** As many as a byte can tell apart, with one left to mean void. */
export const MAX_LABELS = 255;

/**
 * Checks that the sizes are positive whole numbers and fit the data.
 *
 * @param action What cannot be done otherwise; opens the message.
 * @throws {RangeError} When they do not.
 * @throws {TypeError} When the data is no Float32Array.
 *
 * @example
 * ```ts
 * import { assertLabelPlanes } from "./label_planes.ts";
 * import { throws } from "node:assert";
 *
 * const data = new Float32Array(5);
 * throws(() =>
 *   assertLabelPlanes({ labelCount: 2, width: 3, height: 1, data }, "add up")
 * );
 * ```
 */
export function assertLabelPlanes(planes: LabelPlanes, action: string): void {
  // Callers in JavaScript have no compiler to tell them.
  const given: unknown = planes?.data;
  if (!(given instanceof Float32Array)) {
    throw new TypeError(
      `Cannot ${action} as label planes must hold a Float32Array: ` +
        Object.prototype.toString.call(given),
    );
  }
  const { labelCount, width, height, data } = planes;
  const sized = [labelCount, width, height].every((side) =>
    Number.isSafeInteger(side) && side > 0
  );
  if (sized && data.length === labelCount * height * width) return;
  throw new RangeError(
    `Cannot ${action} as label planes must hold L × H × W values, all three ` +
      `at least 1: ${data.length} values for ` +
      `${labelCount} × ${height} × ${width}`,
  );
}

/**
 * Names one value of label planes in a message.
 *
 * @example
 * ```ts
 * import { placeInPlanes } from "./label_planes.ts";
 * import { strictEqual } from "node:assert";
 *
 * const data = new Float32Array(12);
 * strictEqual(
 *   placeInPlanes({ labelCount: 2, width: 3, height: 2, data }, 10),
 *   "label 1 at pixel (1, 1)",
 * );
 * ```
 */
export function placeInPlanes(planes: LabelPlanes, index: number): string {
  const { width, height } = planes;
  const pixel = index % (width * height);
  return `label ${Math.floor(index / (width * height))} at pixel ` +
    `(${pixel % width}, ${Math.floor(pixel / width)})`;
}

/**
 * The label with the largest value at each pixel; of equals the smallest.
 *
 * For marginals this is the maximum a posteriori (MAP) labelling.
 *
 * @param planes No value may be NaN.
 * @param labels `[L]`, 0…255: what to write for each plane; 0…L − 1 if left
 *   out. The order of the planes decides between equals.
 * @throws {RangeError} When the planes are not L × H × W, a label is no byte,
 *   or there is not one label per plane.
 *
 * @example
 * ```ts
 * import { mapLabels } from "./label_planes.ts";
 * import { deepStrictEqual } from "node:assert";
 *
 * const data = Float32Array.of(0.5, 0.2, 0.5, 0.8);
 * const marginals = { labelCount: 2, width: 2, height: 1, data };
 * deepStrictEqual([...mapLabels(marginals).data], [0, 1]);
 * deepStrictEqual([...mapLabels(marginals, [0, 15]).data], [0, 15]);
 * ```
 */
export function mapLabels(
  planes: LabelPlanes,
  labels: readonly number[] = Array.from(
    { length: planes.labelCount },
    (_, label) => label,
  ),
): LabelMap {
  assertLabelPlanes(planes, "choose labels");
  assertLabels(labels, planes.labelCount);
  const { width, height, data } = planes;
  const pixelCount = width * height;
  const best = data.slice(0, pixelCount);
  const chosen = new Uint8Array(pixelCount).fill(labels[0]!);
  for (let plane = 1; plane < planes.labelCount; plane++) {
    const label = labels[plane]!;
    const values = data.subarray(plane * pixelCount, (plane + 1) * pixelCount);
    for (let p = 0; p < pixelCount; p++) {
      if (values[p]! <= best[p]!) continue;
      best[p] = values[p]!;
      chosen[p] = label;
    }
  }
  return { width, height, data: chosen };
}

function assertLabels(labels: readonly number[], labelCount: number): void {
  if (labels.length !== labelCount) {
    throw new RangeError(
      `Cannot choose labels as there must be one per plane: ` +
        `${labels.length} labels, ${labelCount} planes`,
    );
  }
  const wrong = labels.find((label) =>
    !Number.isInteger(label) || label < 0 || label > 255
  );
  if (wrong !== undefined) {
    throw new RangeError(
      `Cannot choose labels as each must be a whole number 0…255: ${wrong}`,
    );
  }
}
