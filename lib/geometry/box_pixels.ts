/**
 * Boxes on a grid of pixels.
 *
 * @module
 */
import { VOID } from "../label/label_map.ts";
import type { Box } from "./box.ts";
import type { Size } from "./size.ts";

/**
 * Checks that boxes cover at least one pixel, none outside the picture, and
 * that their classes can be labels.
 *
 * @param action What cannot be done otherwise, with `%` for the box's index.
 * @throws {RangeError} When a box does not.
 *
 * @example
 * ```ts
 * import { assertBoxes } from "./box_pixels.ts";
 * import { throws } from "node:assert";
 *
 * const box = { classId: 1, x0: 3, y0: 0, x1: 9, y1: 2 };
 * throws(() => assertBoxes([box], { width: 8, height: 4 }, "paint box %"), {
 *   message: "Cannot paint box 0 as it must be whole pixels of the image: " +
 *     "box is [3, 9) × [0, 2), image is 8 × 4",
 * });
 * ```
 */
export function assertBoxes(
  boxes: readonly Box[],
  { width, height }: Size,
  action: string,
): void {
  boxes.forEach((box, index) => {
    const { classId, x0, y0, x1, y1 } = box;
    const refused = `Cannot ${action.replace("%", `${index}`)}`;
    const whole = [x0, y0, x1, y1].every(Number.isSafeInteger);
    const inside = x0 >= 0 && x0 < x1 && x1 <= width &&
      y0 >= 0 && y0 < y1 && y1 <= height;
    if (!whole || !inside) {
      throw new RangeError(
        `${refused} as it must be whole pixels of the image: box is ` +
          `[${x0}, ${x1}) × [${y0}, ${y1}), image is ${width} × ${height}`,
      );
    }
    if (!Number.isInteger(classId) || classId < 1 || classId >= VOID) {
      throw new RangeError(
        `${refused} as its class must be a whole number 1…${VOID - 1}: ` +
          `${classId}`,
      );
    }
  });
}

/**
 * Sets the pixels of a box, `[H, W]` row-major.
 *
 * @example
 * ```ts
 * import { fillBox } from "./box_pixels.ts";
 * import { deepStrictEqual } from "node:assert";
 *
 * const map = { width: 3, height: 2, data: new Uint8Array(6) };
 * fillBox(map, { classId: 1, x0: 1, y0: 0, x1: 3, y1: 1 }, 7);
 * deepStrictEqual([...map.data], [0, 7, 7, 0, 0, 0]);
 * ```
 */
export function fillBox(
  map: Size & { readonly data: Uint8Array | Int32Array },
  { x0, y0, x1, y1 }: Box,
  value: number,
): void {
  for (let y = y0; y < y1; y++) {
    map.data.fill(value, y * map.width + x0, y * map.width + x1);
  }
}
