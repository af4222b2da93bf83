/**
 * Which pictures of many to show: those in which most is to be seen, by rules
 * that give the same ones each time.
 *
 * @module
 */
import { type Box, boxArea } from "../geometry/box.ts";
import type { BoxesValue } from "./run_values.ts";

/** A box that fills more of its picture shows little of where it ends. */
const LARGEST_SHARE = 0.6;

/**
 * The picture that shows a class best: of those with one box of it that no
 * other touches, the one where the box is largest but not over 60 % of the
 * picture; else of those with one box of it, else of all. Null when no picture
 * has the class.
 *
 * @param boxes By image id, in code unit order.
 *
 * @example
 * ```ts
 * import { pictureOfClass } from "./telling_pictures.ts";
 * import { strictEqual } from "node:assert";
 *
 * const box = { classId: 1, x0: 0, y0: 0, x1: 4, y1: 4 };
 * const picture = { width: 8, height: 8, boxes: [box] };
 * const whole = { width: 4, height: 4, boxes: [box] };
 * const boxes = new Map([["a", whole], ["b", picture]]);
 * strictEqual(pictureOfClass(boxes, 1), "b");
 * strictEqual(pictureOfClass(boxes, 2), null);
 * ```
 */
export function pictureOfClass(
  boxes: ReadonlyMap<string, BoxesValue>,
  classId: number,
): string | null {
  return bestOfClass(boxes, classId)?.id ?? null;
}

/**
 * As {@link pictureOfClass}, with the share of the picture that the box has.
 *
 * @example
 * ```ts
 * import { bestOfClass } from "./telling_pictures.ts";
 * import { deepStrictEqual } from "node:assert";
 *
 * const box = { classId: 1, x0: 0, y0: 0, x1: 4, y1: 4 };
 * const boxes = new Map([["a", { width: 8, height: 8, boxes: [box] }]]);
 * deepStrictEqual(bestOfClass(boxes, 1), { id: "a", share: 0.25 });
 * ```
 */
export function bestOfClass(
  boxes: ReadonlyMap<string, BoxesValue>,
  classId: number,
): { readonly id: string; readonly share: number } | null {
  const found = [...boxes].flatMap(([id, picture]) => {
    const ofClass = picture.boxes.filter((box) => box.classId === classId);
    if (ofClass.length === 0) return [];
    const share = Math.max(...ofClass.map((box) => shareOf(box, picture)));
    const isOne = ofClass.length === 1 && share <= LARGEST_SHARE;
    const isAlone = picture.boxes.every((box) =>
      box === ofClass[0] || !touches(box, ofClass[0]!)
    );
    return [{ id, share, rank: isOne && isAlone ? 0 : isOne ? 1 : 2 }];
  });
  const [best] = found.toSorted((a, b) => a.rank - b.rank || b.share - a.share);
  return best === undefined ? null : { id: best.id, share: best.share };
}

function touches(one: Box, other: Box): boolean {
  return one.x0 < other.x1 && other.x0 < one.x1 &&
    one.y0 < other.y1 && other.y0 < one.y1;
}

function shareOf(box: Box, { width, height }: BoxesValue): number {
  return boxArea(box) / (width * height);
}

/**
 * Pictures with boxes of several classes, large ones first, of each mix of
 * classes one, as long as there are enough; then any with boxes.
 *
 * @param boxes By image id, in code unit order.
 * @param count How many at most.
 *
 * @example
 * ```ts
 * import { picturesOfSeveral } from "./telling_pictures.ts";
 * import { deepStrictEqual } from "node:assert";
 *
 * const one = { classId: 1, x0: 0, y0: 0, x1: 4, y1: 4 };
 * const two = { ...one, classId: 2 };
 * const size = { width: 8, height: 8 };
 * const boxes = new Map([
 *   ["a", { ...size, boxes: [one] }],
 *   ["b", { ...size, boxes: [one, two] }],
 *   ["c", { ...size, boxes: [] }],
 * ]);
 * deepStrictEqual(picturesOfSeveral(boxes, 3), ["b", "a"]);
 * ```
 */
export function picturesOfSeveral(
  boxes: ReadonlyMap<string, BoxesValue>,
  count: number,
): string[] {
  const ranked = [...boxes].filter(([, picture]) => picture.boxes.length > 0)
    .map(([id, picture]) => ({ id, picture, mix: mixOf(picture) }))
    .map((it) => ({
      ...it,
      classes: Math.min(3, new Set(it.mix).size),
      smallest: Math.min(
        LARGEST_SHARE,
        ...it.picture.boxes.map((box) => shareOf(box, it.picture)),
      ),
    }))
    .toSorted((a, b) => b.classes - a.classes || b.smallest - a.smallest);
  const seen = new Set<string>();
  const fresh = ranked.filter(({ mix }) => {
    const name = mix.join();
    return !seen.has(name) && seen.add(name);
  });
  return [...new Set([...fresh, ...ranked].map(({ id }) => id))].slice(
    0,
    count,
  );
}

/** Its classes in increasing order. */
function mixOf({ boxes }: BoxesValue): number[] {
  return boxes.map(({ classId }) => classId).toSorted((a, b) => a - b);
}

/**
 * Entries at even distances; all when there are fewer.
 *
 * @example
 * ```ts
 * import { evenly } from "./telling_pictures.ts";
 * import { deepStrictEqual } from "node:assert";
 *
 * deepStrictEqual(evenly([1, 2, 3, 4, 5, 6], 2), [2, 5]);
 * ```
 */
export function evenly<T>(entries: readonly T[], count: number): T[] {
  const wanted = Math.min(count, entries.length);
  return Array.from(
    { length: wanted },
    (_, i) => entries[Math.floor((i + 0.5) * entries.length / wanted)]!,
  );
}
