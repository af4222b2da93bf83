/**
 * Probabilities that boxes alone give to the pixels, before any CRF.
 *
 * The recipe is that of WSSL's label maker, which [Song2019, section 3.1]
 * reuses; docs/method.md, Proposals:
 *
 *   outside all boxes  p(0) = 1
 *   inside             f_b = 3/4 in the core of box b, 1/2 elsewhere in it
 *                      p(c) = mean of f_b over the pixel's boxes of class c
 *                      p(0) = mean of 1 − f_b over all the pixel's boxes
 *
 * all others 1e-12, and then divided by their sum. So the core is not a hard
 * constraint, and the ring around it is undecided.
 *
 * @module
 */
import { LEAST_PROBABILITY } from "../crf/unary.ts";
import type { LabelPlanes } from "../crf/label_planes.ts";
import { type Box, boxArea } from "../geometry/box.ts";
import { assertBoxes } from "../geometry/box_pixels.ts";
import type { Size } from "../geometry/size.ts";

/** Boxes with a smaller area or side are all core; WSSL's numbers. */
const LEAST_ERODED_AREA_PX = 121;
const LEAST_ERODED_SIDE_PX = 10;

/** See `boxProbabilities`. */
export interface BoxUnaryOptions {
  /** The core holds less than this share of its box; 0…1, default 0.25. */
  readonly coreShare?: number;
  /** Foreground in the core, 0…1, default 0.75; 1 makes it certain. */
  readonly coreProbability?: number;
  /** Foreground in the rest of the box, 0…1, default 0.5. */
  readonly ringProbability?: number;
  /**
   * `[L]`: the label of each plane; 0 and the classes of all boxes must be in
   * it. Default: just these, which is several times faster than all classes
   * and gives the same proposals, as absent ones start at 1e-12.
   */
  readonly labels?: readonly number[];
}

/**
 * Background and the classes of the boxes, in increasing order.
 *
 * @example
 * ```ts
 * import { presentLabels } from "./box_unary.ts";
 * import { deepStrictEqual } from "node:assert";
 *
 * const box = { x0: 0, y0: 0, x1: 1, y1: 1 };
 * const boxes = [15, 2, 15].map((classId) => ({ ...box, classId }));
 * deepStrictEqual(presentLabels(boxes), [0, 2, 15]);
 * ```
 */
export function presentLabels(boxes: readonly Box[]): number[] {
  const labels = new Set([0, ...boxes.map((box) => box.classId)]);
  return [...labels].sort((a, b) => a - b);
}

/**
 * The part of a box that its object very probably fills.
 *
 * The box without the picture's outer frame is shrunk by a pixel on all sides,
 * once or more, until less than `coreShare` of the box's area is left. Small
 * boxes are all core.
 *
 * @throws {RangeError} When the box is not whole pixels of the image.
 *
 * @example
 * ```ts
 * import { boxCore } from "./box_unary.ts";
 * import { deepStrictEqual } from "node:assert";
 *
 * const box = { classId: 1, x0: 100, y0: 50, x1: 300, y1: 100 };
 * const core = { classId: 1, x0: 118, y0: 68, x1: 282, y1: 82 };
 * deepStrictEqual(boxCore(box, { width: 500, height: 375 }), core);
 * ```
 */
export function boxCore(
  box: Box,
  { width, height }: Size,
  { coreShare = 0.25 }: Pick<BoxUnaryOptions, "coreShare"> = {},
): Box {
  assertBoxes([box], { width, height }, "find the core of box %");
  assertShare("coreShare", coreShare);
  const area = boxArea(box);
  const side = Math.min(box.x1 - box.x0, box.y1 - box.y0);
  if (area < LEAST_ERODED_AREA_PX || side < LEAST_ERODED_SIDE_PX) return box;
  let core: Box = {
    classId: box.classId,
    x0: Math.max(box.x0, 1),
    y0: Math.max(box.y0, 1),
    x1: Math.min(box.x1, width - 1),
    y1: Math.min(box.y1, height - 1),
  };
  do {
    core = {
      classId: core.classId,
      x0: core.x0 + 1,
      y0: core.y0 + 1,
      x1: Math.max(core.x0 + 1, core.x1 - 1),
      y1: Math.max(core.y0 + 1, core.y1 - 1),
    };
  } while (boxArea(core) >= coreShare * area && boxArea(core) > 0);
  return core;
}

/**
 * Probability of each label at each pixel, from boxes alone.
 *
 * WSSL's scripts can also favour the smaller of two objects by an occluder
 * bias; the labels they released are named without one, so there is none here.
 *
 * @returns L × H × W, 0…1, sums to 1 over the labels.
 * @throws {RangeError} When a box is not whole pixels of the image, `labels`
 *   lacks 0 or the class of a box, or a share is not 0…1.
 *
 * @example
 * ```ts
 * import { boxProbabilities } from "./box_unary.ts";
 * import { deepStrictEqual } from "node:assert";
 *
 * // A box too small to have a ring, beside a pixel of background.
 * const box = { classId: 7, x0: 0, y0: 0, x1: 1, y1: 1 };
 * const { data } = boxProbabilities([box], { width: 2, height: 1 });
 * deepStrictEqual(data, Float32Array.of(0.25, 1, 0.75, 1e-12));
 * ```
 */
export function boxProbabilities(
  boxes: readonly Box[],
  { width, height }: Size,
  options: BoxUnaryOptions = {},
): LabelPlanes {
  assertBoxes(boxes, { width, height }, "make probabilities of box %");
  const labels = options.labels ?? presentLabels(boxes);
  assertHolds(labels, presentLabels(boxes));
  const sums = coverOf(boxes, { labels, width, height }, options);
  const data = new Float32Array(labels.length * width * height);
  const planes = { labelCount: labels.length, width, height, data };
  return meansToProbabilities(sums, planes, labels.indexOf(0));
}

/**
 * Sums over the boxes at each pixel, `[L, P]`: f_b in the plane of their
 * class, 1 − f_b in the background's; and how many boxes were summed.
 */
interface Cover {
  readonly sums: Float64Array;
  readonly counts: Uint32Array;
}

function coverOf(
  boxes: readonly Box[],
  { labels, width, height }: Size & { labels: readonly number[] },
  options: BoxUnaryOptions,
): Cover {
  const { coreProbability = 0.75, ringProbability = 0.5 } = options;
  assertShare("coreProbability", coreProbability);
  assertShare("ringProbability", ringProbability);
  const sums = new Float64Array(labels.length * width * height);
  const counts = new Uint32Array(sums.length);
  const background = labels.indexOf(0) * width * height;
  for (const box of boxes) {
    const core = boxCore(box, { width, height }, options);
    const plane = labels.indexOf(box.classId) * width * height;
    for (let y = box.y0; y < box.y1; y++) {
      const inRows = y >= core.y0 && y < core.y1;
      for (let x = box.x0; x < box.x1; x++) {
        const inCore = inRows && x >= core.x0 && x < core.x1;
        const foreground = inCore ? coreProbability : ringProbability;
        const pixel = y * width + x;
        sums[plane + pixel]! += foreground;
        counts[plane + pixel]!++;
        sums[background + pixel]! += 1 - foreground;
        counts[background + pixel]!++;
      }
    }
  }
  return { sums, counts };
}

/** Means, the background's 1 where no box is, divided by their sum. */
function meansToProbabilities(
  { sums, counts }: Cover,
  planes: LabelPlanes,
  background: number,
): LabelPlanes {
  const { labelCount, data } = planes;
  const pixelCount = planes.width * planes.height;
  const means = new Float64Array(labelCount);
  for (let p = 0; p < pixelCount; p++) {
    let total = 0;
    for (let l = 0; l < labelCount; l++) {
      const at = l * pixelCount + p;
      const uncovered = l === background ? 1 : 0;
      const mean = counts[at] === 0 ? uncovered : sums[at]! / counts[at]!;
      means[l] = Math.max(mean, LEAST_PROBABILITY);
      total += means[l]!;
    }
    for (let l = 0; l < labelCount; l++) {
      data[l * pixelCount + p] = means[l]! / total;
    }
  }
  return planes;
}

function assertHolds(
  labels: readonly number[],
  present: readonly number[],
): void {
  const missing = present.find((label) => !labels.includes(label));
  if (missing === undefined) return;
  throw new RangeError(
    "Cannot make probabilities of boxes as the labels must hold 0 and the " +
      `class of each box: ${missing} is not among ${labels.join(", ")}`,
  );
}

function assertShare(name: string, share: number): void {
  if (share >= 0 && share <= 1) return;
  throw new RangeError(
    `Cannot make probabilities of boxes as ${name} must be 0…1: ${share}`,
  );
}
