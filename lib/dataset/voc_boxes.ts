/**
 * Boxes from the corners of VOC annotations, and back.
 *
 * @module
 */
import type { Box } from "../geometry/box.ts";
import type { Size } from "../geometry/size.ts";
import { classIdOf, type ClassNames, describeUnknownClass } from "./classes.ts";
import type { VocAnnotation, VocCorners, VocObject } from "./voc_annotation.ts";

/** Why an object of an annotation gives no box. */
export interface BoxProblem {
  readonly kind: "unknown_class" | "box_empty" | "box_outside";
  /** Which object, and what is wrong with it. */
  readonly detail: string;
}

/** What an annotation gives. */
export interface VocBoxes {
  /** In the order of the objects, inside the picture. */
  readonly boxes: readonly Box[];
  /** Boxes of which a part lay outside the picture, and was cut off. */
  readonly clippedCount: number;
  /** One for each object that gives no box. */
  readonly problems: readonly BoxProblem[];
}

/** Which objects become boxes, and of which class. */
export interface VocBoxOptions {
  readonly classes: ClassNames;
  /**
   * Whether objects marked difficult count, true by default: ground truth masks
   * hold them, so without their box they would be taught as background.
   */
  readonly useDifficult?: boolean;
}

/**
 * Boxes of the objects of an annotation; problems are values, so that those of
 * a whole data set can be told together.
 *
 * Corners are 1-based and inclusive: `[xmin − 1, xmax) × [ymin − 1, ymax)`.
 * Decimals, which a few files of VOC2012 hold, are rounded to the nearest whole
 * pixel, halves up. The box is then clipped to the picture. Truncated and
 * occluded objects always count.
 *
 * @example
 * ```ts
 * import { vocBoxes } from "./voc_boxes.ts";
 * import { VOC_CLASSES } from "./classes.ts";
 * import { deepStrictEqual } from "node:assert";
 *
 * const dog = {
 *   name: "dog", pose: null, truncated: false, occluded: false,
 *   difficult: false, corners: { xmin: 1, ymin: 2, xmax: 9, ymax: 3.5 },
 * };
 * const { boxes } = vocBoxes(
 *   { imageId: "a", width: 8, height: 6, objects: [dog] },
 *   { classes: VOC_CLASSES },
 * );
 * deepStrictEqual(boxes, [{ classId: 12, x0: 0, y0: 1, x1: 8, y1: 4 }]);
 * ```
 */
export function vocBoxes(
  annotation: VocAnnotation,
  { classes, useDifficult = true }: VocBoxOptions,
): VocBoxes {
  const boxes: Box[] = [];
  const problems: BoxProblem[] = [];
  let clippedCount = 0;
  annotation.objects.forEach((object, i) => {
    if (object.difficult && !useDifficult) return;
    const found = boxOf(object, { classes, size: annotation });
    if ("classId" in found) {
      boxes.push(clipped(found, annotation));
      if (!isInside(found, annotation)) clippedCount++;
    } else {
      problems.push({ ...found, detail: `object ${i + 1}: ${found.detail}` });
    }
  });
  return { boxes, clippedCount, problems };
}

/**
 * Corners of a box as VOC writes them: 1-based, inclusive.
 *
 * @example
 * ```ts
 * import { vocCorners } from "./voc_boxes.ts";
 * import { deepStrictEqual } from "node:assert";
 *
 * deepStrictEqual(
 *   vocCorners({ classId: 12, x0: 0, y0: 1, x1: 8, y1: 4 }),
 *   { xmin: 1, ymin: 2, xmax: 8, ymax: 4 },
 * );
 * ```
 */
export function vocCorners(box: Box): VocCorners {
  return { xmin: box.x0 + 1, ymin: box.y0 + 1, xmax: box.x1, ymax: box.y1 };
}

/** The box of an object, of which a part may lie outside the picture. */
function boxOf(
  { name, corners }: VocObject,
  { classes, size }: { classes: ClassNames; size: Size },
): Box | BoxProblem {
  const classId = classIdOf(classes, name);
  if (classId === null) {
    const detail = `class ${describeUnknownClass(classes, name)}`;
    return { kind: "unknown_class", detail };
  }
  const { xmin, ymin, xmax, ymax } = corners;
  const x0 = Math.round(xmin) - 1;
  const y0 = Math.round(ymin) - 1;
  const x1 = Math.round(xmax);
  const y1 = Math.round(ymax);
  const extent = `xmin ${xmin}, ymin ${ymin}, xmax ${xmax}, ymax ${ymax}`;
  if (x0 >= x1 || y0 >= y1) return { kind: "box_empty", detail: extent };
  if (x0 >= size.width || y0 >= size.height || x1 <= 0 || y1 <= 0) {
    const picture = `picture ${size.width} × ${size.height} px`;
    return { kind: "box_outside", detail: `${extent}, ${picture}` };
  }
  return { classId, x0, y0, x1, y1 };
}

function isInside({ x0, y0, x1, y1 }: Box, { width, height }: Size): boolean {
  return x0 >= 0 && y0 >= 0 && x1 <= width && y1 <= height;
}

function clipped(
  { classId, x0, y0, x1, y1 }: Box,
  { width, height }: Size,
): Box {
  return {
    classId,
    x0: Math.max(0, x0),
    y0: Math.max(0, y0),
    x1: Math.min(width, x1),
    y1: Math.min(height, y1),
  };
}
