/**
 * Rectangle labels: label maps made by painting the boxes.
 *
 * [Song2019, section 3.1] calls them box-like proposals and leaves overlaps
 * open. Here the smaller box is on top, as in WSSL and SDI;
 * docs/method.md, Rectangle labels.
 *
 * @module
 */
import { type Box, boxArea } from "../geometry/box.ts";
import { assertBoxes, fillBox } from "../geometry/box_pixels.ts";
import type { Size } from "../geometry/size.ts";
import { emptyLabelMap, type LabelMap, VOID } from "../label/label_map.ts";

/** int32 `[H, W]`: index of the box on top of a pixel, −1 outside all. */
export interface BoxIndexMap extends Size {
  /** Row-major, `H·W` values. */
  readonly data: Int32Array;
}

/** Two maps of one size, aligned. */
export interface RectangleLabels {
  /** 0 background, 1…K class; void only with `overlap: "void"`. */
  readonly labels: LabelMap;
  readonly boxIndices: BoxIndexMap;
}

/** See `rectangleLabels`. */
export interface RectangleLabelOptions {
  /**
   * What a pixel in several boxes becomes: the class of the `smaller` box (the
   * default) or of the `larger`, of equals the later one; or `void`, and no
   * box, where their classes differ.
   */
  readonly overlap?: "smaller" | "larger" | "void";
}

/**
 * Paints boxes by decreasing area.
 *
 * @throws {RangeError} When a box is not whole pixels of the image, or its
 *   class cannot be a label.
 *
 * @example
 * ```ts
 * import { rectangleLabels } from "./rectangle_labels.ts";
 * import { deepStrictEqual } from "node:assert";
 *
 * const small = { classId: 9, x0: 1, y0: 0, x1: 2, y1: 1 };
 * const large = { classId: 4, x0: 0, y0: 0, x1: 3, y1: 1 };
 * const painted = rectangleLabels([small, large], { width: 4, height: 1 });
 * deepStrictEqual([...painted.labels.data], [4, 9, 4, 0]);
 * deepStrictEqual([...painted.boxIndices.data], [1, 0, 1, -1]);
 * ```
 */
export function rectangleLabels(
  boxes: readonly Box[],
  { width, height }: Size,
  { overlap = "smaller" }: RectangleLabelOptions = {},
): RectangleLabels {
  assertBoxes(boxes, { width, height }, "paint box %");
  const labels = emptyLabelMap(width, height);
  const data = new Int32Array(width * height).fill(-1);
  const boxIndices = { width, height, data };
  for (const index of paintingOrder(boxes, overlap)) {
    const box = boxes[index]!;
    fillBox(boxIndices, box, index);
    fillBox(labels, box, box.classId);
  }
  if (overlap === "void") clearMixedPixels(boxes, { labels, boxIndices });
  return { labels, boxIndices };
}

/** Indices of the boxes, the one on top last; sorting keeps ties in order. */
function paintingOrder(
  boxes: readonly Box[],
  overlap: RectangleLabelOptions["overlap"],
): number[] {
  const sign = overlap === "larger" ? 1 : -1;
  const areas = boxes.map(boxArea);
  return [...boxes.keys()].sort((a, b) => sign * (areas[a]! - areas[b]!));
}

/** Makes pixels in boxes of several classes void. */
function clearMixedPixels(
  boxes: readonly Box[],
  { labels, boxIndices }: RectangleLabels,
): void {
  const { width } = labels;
  for (const { classId, x0, y0, x1, y1 } of boxes) {
    for (let y = y0; y < y1; y++) {
      for (let p = y * width + x0; p < y * width + x1; p++) {
        if (labels.data[p] === classId) continue;
        labels.data[p] = VOID;
        boxIndices.data[p] = -1;
      }
    }
  }
}

/**
 * Sub-class of the box on top of each pixel; void outside all boxes.
 *
 * @param subClasses `[B]`, 0…254: sub-class of each box of the index map.
 * @throws {RangeError} When there is none for a box of the map, or one that is
 *   no label.
 *
 * @example
 * ```ts
 * import { rectangleLabels, subClassMap } from "./rectangle_labels.ts";
 * import { deepStrictEqual } from "node:assert";
 *
 * const box = { classId: 4, x0: 0, y0: 0, x1: 2, y1: 1 };
 * const { boxIndices } = rectangleLabels([box], { width: 3, height: 1 });
 * deepStrictEqual([...subClassMap(boxIndices, [2]).data], [2, 2, 255]);
 * ```
 */
export function subClassMap(
  { width, height, data }: BoxIndexMap,
  subClasses: readonly number[],
): LabelMap {
  const map = emptyLabelMap(width, height);
  map.data.fill(VOID);
  data.forEach((index, p) => {
    if (index < 0) return;
    const subClass = subClasses[index] ?? NaN;
    if (!Number.isInteger(subClass) || subClass < 0 || subClass >= VOID) {
      throw new RangeError(
        `Cannot map sub-classes as each box must have one of 0…${VOID - 1}: ` +
          `box ${index} has ${subClasses[index]}`,
      );
    }
    map.data[p] = subClass;
  });
  return map;
}
