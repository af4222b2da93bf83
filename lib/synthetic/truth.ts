/**
 * Truth from what is seen: labels with void borders, tight boxes.
 *
 * @module
 */
import type { Size } from "../geometry/size.ts";
import { emptyLabelMap, type LabelMap, VOID } from "../label/label_map.ts";

/** Which object is seen at each pixel, in one picture. */
export interface InstanceMap extends Size {
  /** uint8 `[H, W]`: 0 none, n the nth object, counted from 1. */
  readonly data: Uint8Array;
}

/**
 * Labels from instances. As in VOC, a void border lies on every outline, half
 * inside and half outside: a pixel is void when one of its eight neighbours
 * shows another object or the background, which makes a border 2 px wide. (VOC:
 * 5 px at 500 px wide, which would be 1.3 px here.)
 *
 * `classIds[n − 1]` is the class of instance n, 1…K.
 *
 * @example
 * ```ts
 * import { labelsOf } from "./truth.ts";
 * import { deepStrictEqual } from "node:assert";
 *
 * const data = Uint8Array.of(1, 1, 1, 0, 0);
 * const labels = labelsOf({ width: 5, height: 1, data }, [4]);
 * deepStrictEqual([...labels.data], [4, 4, 255, 255, 0]);
 * ```
 */
export function labelsOf(
  instances: InstanceMap,
  classIds: readonly number[],
): LabelMap {
  const { width, height } = instances;
  const labels = wholeLabelsOf(instances, classIds);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      if (isOnOutline(instances, x, y)) labels.data[y * width + x] = VOID;
    }
  }
  return labels;
}

/**
 * Labels from instances without void borders, as those of SBD, which are most
 * of what is learnt from on VOC.
 *
 * @example
 * ```ts
 * import { wholeLabelsOf } from "./truth.ts";
 * import { deepStrictEqual } from "node:assert";
 *
 * const instances = { width: 3, height: 1, data: Uint8Array.of(1, 1, 0) };
 * deepStrictEqual([...wholeLabelsOf(instances, [4]).data], [4, 4, 0]);
 * ```
 */
export function wholeLabelsOf(
  { width, height, data }: InstanceMap,
  classIds: readonly number[],
): LabelMap {
  const classAt = Uint8Array.of(0, ...classIds);
  return {
    ...emptyLabelMap(width, height),
    data: data.map((instance) => classAt[instance]!),
  };
}

function isOnOutline(
  { width, height, data }: InstanceMap,
  x: number,
  y: number,
): boolean {
  const here = data[y * width + x];
  for (let ny = Math.max(0, y - 1); ny <= Math.min(height - 1, y + 1); ny++) {
    for (let nx = Math.max(0, x - 1); nx <= Math.min(width - 1, x + 1); nx++) {
      if (data[ny * width + nx] !== here) return true;
    }
  }
  return false;
}

/** The pixels of one instance: how many, and the tight box around them, px. */
export interface InstanceExtent {
  readonly visiblePx: number;
  /** Half-open, as in `Box`. */
  readonly x0: number;
  readonly y0: number;
  readonly x1: number;
  readonly y1: number;
}

/**
 * The visible pixels of instance n, the inner half of the void border included;
 * null when none is seen.
 *
 * @example
 * ```ts
 * import { extentOf } from "./truth.ts";
 * import { deepStrictEqual, strictEqual } from "node:assert";
 *
 * const map = { width: 3, height: 2, data: Uint8Array.of(0, 1, 0, 0, 1, 1) };
 * const extent = { visiblePx: 3, x0: 1, y0: 0, x1: 3, y1: 2 };
 * deepStrictEqual(extentOf(map, 1), extent);
 * strictEqual(extentOf(map, 2), null);
 * ```
 */
export function extentOf(
  { width, height, data }: InstanceMap,
  instance: number,
): InstanceExtent | null {
  let visiblePx = 0;
  let [x0, y0, x1, y1] = [width, height, 0, 0];
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      if (data[y * width + x] !== instance) continue;
      visiblePx++;
      x0 = Math.min(x0, x);
      x1 = Math.max(x1, x + 1);
      y0 = Math.min(y0, y);
      y1 = y + 1;
    }
  }
  return visiblePx === 0 ? null : { visiblePx, x0, y0, x1, y1 };
}
