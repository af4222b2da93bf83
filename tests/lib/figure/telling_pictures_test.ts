import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import * as fc from "fast-check";
import {
  evenly,
  pictureOfClass,
  picturesOfSeveral,
} from "../../../lib/figure/telling_pictures.ts";
import type { Box } from "../../../lib/geometry/box.ts";
import { box } from "../../drawings.ts";

function pictures(all: Readonly<Record<string, readonly Box[]>>) {
  return new Map(
    Object.entries(all).map(([id, boxes]) => [id, {
      width: 10,
      height: 10,
      boxes: [...boxes],
    }]),
  );
}

Deno.test("pictureOfClass takes a box alone before a larger one in company", () => {
  const boxes = pictures({
    alone: [box(1, 0, 0, 4, 4)],
    touched: [box(1, 0, 0, 6, 6), box(2, 5, 5, 9, 9)],
    twice: [box(1, 0, 0, 7, 7), box(1, 8, 8, 9, 9)],
    whole: [box(1, 0, 0, 10, 10)],
  });
  const chosen: (string | null)[] = [];
  for (;;) {
    const id = pictureOfClass(boxes, 1);
    chosen.push(id);
    if (id === null || !boxes.delete(id)) break;
  }
  deepStrictEqual(chosen, ["alone", "touched", "whole", "twice", null]);
});

Deno.test("picturesOfSeveral takes many classes, then large boxes, no mix twice", () => {
  const boxes = pictures({
    a: [box(1, 0, 0, 2, 2)],
    b: [box(1, 0, 0, 3, 3), box(2, 4, 4, 7, 7)],
    c: [box(1, 0, 0, 5, 5), box(2, 5, 5, 10, 10)],
    d: [box(1, 0, 0, 2, 2), box(2, 2, 2, 4, 4), box(3, 4, 4, 6, 6)],
    e: [],
  });
  deepStrictEqual(picturesOfSeveral(boxes, 3), ["d", "c", "a"]);
  deepStrictEqual(picturesOfSeveral(boxes, 9), ["d", "c", "a", "b"]);
});

Deno.test("evenly takes entries in order, none twice", () => {
  fc.assert(
    fc.property(fc.nat({ max: 50 }), fc.nat({ max: 60 }), (n, count) => {
      const taken = evenly([...Array(n).keys()], count);
      strictEqual(taken.length, Math.min(n, count));
      ok(taken.every((it, i) => i === 0 || it > taken[i - 1]!));
    }),
  );
});
