/**
 * One picture of the embedded data set, with its truth.
 *
 * @module
 */
import type { Box } from "../geometry/box.ts";
import type { Size } from "../geometry/size.ts";
import type { RgbImage } from "../image/image.ts";
import type { LabelMap } from "../label/label_map.ts";
import type { Random } from "../random.ts";
import { paintBackdrop, paintForeground } from "./backdrop.ts";
import { blankCanvas, type Canvas, eachPixel } from "./canvas.ts";
import type { Range } from "./chance.ts";
import { develop } from "./develop.ts";
import { paintObjects } from "./paint_objects.ts";
import { drawInstances, type PlacedObject, placeObjects } from "./placement.ts";
import {
  extentOf,
  type InstanceMap,
  labelsOf,
  wholeLabelsOf,
} from "./truth.ts";

/** An object of a picture, as a VOC annotation would tell of it. */
export interface SceneObject {
  /**
   * Tight around the visible pixels, the inner half of the void border
   * included, as VOC's boxes are.
   */
  readonly box: Box;
  /** Name of its pose, one of those of its class. */
  readonly pose: string;
  /** Whether the frame of the picture cuts it. */
  readonly truncated: boolean;
  /** Whether something in front hides part of it. */
  readonly occluded: boolean;
  /** Px² seen, void border included; over the box area: true filling rate. */
  readonly visiblePx: number;
}

/** A picture and its truth; all maps have its size. */
export interface Scene {
  readonly image: RgbImage;
  /** 0 background, 1…K class, 255 void border: to score by. */
  readonly labels: LabelMap;
  /** The same without void: to learn from. */
  readonly wholeLabels: LabelMap;
  /** n where `objects[n − 1]` is seen, void border included. */
  readonly instances: InstanceMap;
  /** Back to front. */
  readonly objects: readonly SceneObject[];
}

/** Sides of pictures, px; both ends included. */
const WIDTH_PX: Range = [120, 136];
const HEIGHT_PX: Range = [90, 104];
/** Share of pictures with a tuft of stalks in front. */
const FOREGROUND_SHARE = 0.2;

/**
 * Draws a picture of about 128 × 96 px with objects of the given classes, back
 * to front, at most 254; one that finds no place is left out. The same stream
 * and classes give the same bytes.
 *
 * @throws {RangeError} When a class id is not 1…K.
 *
 * @example
 * ```ts
 * import { drawScene } from "./scene.ts";
 * import { seededRandom } from "../random.ts";
 * import { strictEqual } from "node:assert";
 *
 * const { image, labels, objects } = drawScene(seededRandom(1), [4]);
 * strictEqual(image.data.length, 3 * labels.data.length);
 * strictEqual(objects[0]?.box.classId, 4);
 * ```
 */
export function drawScene(
  random: Random,
  classIds: readonly number[],
): Scene {
  const size = drawSize(random.split("size"));
  const placed = placeObjects(random.split("objects"), { classIds, size });
  const canvas = blankCanvas(size.width, size.height);
  paintBackdrop(canvas, random.split("backdrop"));
  paintObjects(canvas, random.split("paint"), placed);
  const data = drawInstances(placed, size);
  hideBehindForeground(canvas, random.split("foreground"), data);
  const instances = { ...size, data };
  const classOf = placed.map(({ kind }) => kind.classId);
  return {
    image: develop(canvas, random.split("camera")),
    labels: labelsOf(instances, classOf),
    wholeLabels: wholeLabelsOf(instances, classOf),
    instances,
    objects: placed.map((object, i) => annotate(object, instances, i + 1)),
  };
}

function drawSize(random: Random): Size {
  const side = ([low, high]: Range) => low + random.below(high - low + 1);
  return { width: side(WIDTH_PX), height: side(HEIGHT_PX) };
}

/** Paints stalks in front of some pictures; what they hide is background. */
function hideBehindForeground(
  canvas: Canvas,
  random: Random,
  instances: Uint8Array,
): void {
  if (random.uniform() >= FOREGROUND_SHARE) return;
  const { shape, within } = paintForeground(canvas, random);
  eachPixel(canvas, { within, margin: 0 }, (x, y, pixel) => {
    if (shape(x, y) <= 0) instances[pixel] = 0;
  });
}

function annotate(
  { kind, pose, pixels, wholePx }: PlacedObject,
  instances: InstanceMap,
  instance: number,
): SceneObject {
  const extent = extentOf(instances, instance);
  if (extent === null) {
    throw new Error("Internal error: a placed object is hidden entirely");
  }
  const { visiblePx, ...sides } = extent;
  return {
    box: { classId: kind.classId, ...sides },
    pose,
    truncated: pixels.length < wholePx,
    occluded: visiblePx < pixels.length,
    visiblePx,
  };
}
