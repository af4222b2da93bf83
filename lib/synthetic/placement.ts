/**
 * Where the objects of a picture stand: all inside enough, none hidden too far.
 *
 * @module
 */
import type { Size } from "../geometry/size.ts";
import type { Random } from "../random.ts";
import { between, pick } from "./chance.ts";
import { EMBEDDED_CLASSES, type EmbeddedClass } from "./embedded_classes.ts";
import { type Frame, inFrame, keptAtPixels, times } from "./field.ts";
import { bounded, disc, type Outline, type Shape } from "./shape.ts";

/**
 * An object that has found its place; its shape in picture coordinates, px,
 * more than {@link SHADOW_MARGIN_PX} where `within` is positive.
 */
export interface PlacedObject extends Outline {
  readonly kind: EmbeddedClass;
  /** Name of its pose. */
  readonly pose: string;
  readonly frame: Frame;
  /** Its pixels inside the picture, as row · W + column, hidden ones too. */
  readonly pixels: readonly number[];
  /** Px² of the whole object, outside of the picture too. */
  readonly wholePx: number;
}

/** Distances up to here are needed outside of objects, for shadows. */
const SHADOW_MARGIN_PX = 12;
/** Least share of an object that lies inside the picture. */
const MIN_INSIDE = 0.65;
/** Least share of the inside part that the objects before it leave visible. */
const MIN_VISIBLE = 0.6;
/** Places tried before an object is left out. */
const TRIES = 25;

/**
 * Places objects of the given classes, back to front. An object that finds no
 * fair place is left out.
 *
 * @throws {RangeError} When a class id is not 1…K.
 *
 * @example
 * ```ts
 * import { placeObjects } from "./placement.ts";
 * import { seededRandom } from "../random.ts";
 * import { strictEqual } from "node:assert";
 *
 * const size = { width: 128, height: 96 };
 * const [cycle] = placeObjects(seededRandom(1), { classIds: [6], size });
 * strictEqual(cycle?.kind.name, "cycle");
 * ```
 */
export function placeObjects(
  random: Random,
  { classIds, size }: { classIds: readonly number[]; size: Size },
): PlacedObject[] {
  let placed: PlacedObject[] = [];
  classIds.forEach((classId, i) => {
    const kind = classOf(classId);
    const stream = random.split(`object ${i}`);
    for (let t = 0; t < TRIES; t++) {
      const more = [...placed, drawObject(stream, { kind, size })];
      if (!isFair(more, size)) continue;
      placed = more;
      break;
    }
  });
  return placed;
}

function classOf(classId: number): EmbeddedClass {
  const kind = EMBEDDED_CLASSES[classId - 1];
  if (kind === undefined) {
    throw new RangeError(
      `Cannot place an object as its class must be 1…` +
        `${EMBEDDED_CLASSES.length}: ${classId}`,
    );
  }
  return kind;
}

function drawObject(
  random: Random,
  { kind, size }: { kind: EmbeddedClass; size: Size },
): PlacedObject {
  const pose = pick(random, kind.poses);
  const shape = pose.shape(random);
  const turn = between(random, pose.turnDegrees) * Math.PI / 180;
  const frame = {
    x: between(random, [0.12, 0.88]) * size.width,
    y: between(random, [0.15, 0.85]) * size.height,
    angle: random.uniform() < 0.5 ? turn : -turn,
    scalePx: between(random, pose.scalePx),
    mirrored: random.uniform() < 0.5,
  };
  const reachPx = kind.reach * frame.scalePx;
  const centre = [frame.x, frame.y] as const;
  const shapePx = bounded(times(inFrame(shape, frame), frame.scalePx), {
    within: disc(centre, reachPx),
    margin: SHADOW_MARGIN_PX,
  });
  // Read here to find its pixels, and again for every coat of paint.
  const kept = keptAtPixels(shapePx, { ...frame, reach: reachPx });
  return {
    kind,
    pose: pose.name,
    frame,
    shape: kept,
    within: disc(centre, reachPx + SHADOW_MARGIN_PX),
    ...rasterise(kept, { frame, reachPx, size }),
  };
}

function rasterise(
  shapePx: Shape,
  { frame: { x: cx, y: cy }, reachPx, size: { width, height } }: {
    frame: Frame;
    reachPx: number;
    size: Size;
  },
): { pixels: number[]; wholePx: number } {
  const pixels: number[] = [];
  let wholePx = 0;
  for (let y = Math.floor(cy - reachPx); y <= cy + reachPx; y++) {
    for (let x = Math.floor(cx - reachPx); x <= cx + reachPx; x++) {
      if (shapePx(x + 0.5, y + 0.5) >= 0) continue;
      wholePx++;
      const isInside = x >= 0 && y >= 0 && x < width && y < height;
      if (isInside) pixels.push(y * width + x);
    }
  }
  return { pixels, wholePx };
}

/** Whether every object lies inside enough and is hidden little enough. */
function isFair(objects: readonly PlacedObject[], size: Size): boolean {
  const seenPx = visiblePx(objects, drawInstances(objects, size));
  return objects.every(({ pixels, wholePx }, i) =>
    pixels.length >= MIN_INSIDE * wholePx &&
    (seenPx[i] ?? 0) >= MIN_VISIBLE * pixels.length
  );
}

/**
 * Which object is seen at each pixel: uint8 `[H, W]`, 0 none, n the nth object
 * of the list, counted from 1; later objects are in front.
 *
 * @example
 * ```ts
 * import { drawInstances, placeObjects } from "./placement.ts";
 * import { seededRandom } from "../random.ts";
 * import { strictEqual } from "node:assert";
 *
 * const size = { width: 128, height: 96 };
 * const objects = placeObjects(seededRandom(1), { classIds: [1], size });
 * strictEqual(Math.max(...drawInstances(objects, size)), 1);
 * ```
 */
export function drawInstances(
  objects: readonly PlacedObject[],
  { width, height }: Size,
): Uint8Array {
  const instances = new Uint8Array(width * height);
  objects.forEach(({ pixels }, i) => {
    for (const pixel of pixels) instances[pixel] = i + 1;
  });
  return instances;
}

/**
 * Px² seen of each object.
 *
 * @example
 * ```ts
 * import { drawInstances, placeObjects, visiblePx } from "./placement.ts";
 * import { seededRandom } from "../random.ts";
 * import { deepStrictEqual } from "node:assert";
 *
 * const size = { width: 128, height: 96 };
 * const objects = placeObjects(seededRandom(1), { classIds: [1], size });
 * const seen = visiblePx(objects, drawInstances(objects, size));
 * deepStrictEqual(seen, [objects[0]?.pixels.length]); // nothing before it
 * ```
 */
export function visiblePx(
  objects: readonly PlacedObject[],
  instances: Uint8Array,
): number[] {
  return objects.map(({ pixels }, i) =>
    pixels.filter((pixel) => instances[pixel] === i + 1).length
  );
}
