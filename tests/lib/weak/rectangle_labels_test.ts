import { deepStrictEqual, ok, strictEqual, throws } from "node:assert/strict";
import fc from "fast-check";
import {
  rectangleLabels,
  subClassMap,
} from "../../../lib/weak/rectangle_labels.ts";
import { box, drawn } from "../../drawings.ts";

const SIZE = { width: 7, height: 4 };
const wide = box(1, 0, 0, 6, 2); // 12 px
const tall = box(2, 1, 0, 3, 4); //  8 px
const dot = box(3, 2, 1, 3, 2); //   1 px

Deno.test("rectangleLabels puts the smaller box on top, in any order", () => {
  for (const boxes of [[wide, tall, dot], [dot, tall, wide]]) {
    deepStrictEqual(drawn(rectangleLabels(boxes, SIZE).labels), [
      "122111.",
      "123111.",
      ".22....",
      ".22....",
    ]);
  }
});

Deno.test("rectangleLabels goes by the area of the box, not what is left of it", () => {
  // Of the 12 px box only 3 px are outside the 10 px one.
  const under = box(1, 0, 0, 6, 2);
  const over = box(2, 1, 0, 6, 2);
  deepStrictEqual(drawn(rectangleLabels([over, under], SIZE).labels), [
    "122222.",
    "122222.",
    ".......",
    ".......",
  ]);
});

Deno.test("rectangleLabels puts the later of equal boxes on top", () => {
  const left = box(1, 0, 0, 4, 1);
  const right = box(2, 2, 0, 6, 1);
  const size = { width: 6, height: 1 };
  deepStrictEqual(drawn(rectangleLabels([left, right], size).labels), [
    "112222",
  ]);
  deepStrictEqual(drawn(rectangleLabels([right, left], size).labels), [
    "111122",
  ]);
});

Deno.test("rectangleLabels keeps the index of the box on top, −1 outside", () => {
  const { boxIndices } = rectangleLabels([dot, tall, wide], SIZE);
  // deno-fmt-ignore
  deepStrictEqual([...boxIndices.data], [
     2,  1,  1,  2,  2,  2, -1,
     2,  1,  0,  2,  2,  2, -1,
    -1,  1,  1, -1, -1, -1, -1,
    -1,  1,  1, -1, -1, -1, -1,
  ]);
});

Deno.test("rectangleLabels can put the larger box on top", () => {
  const painted = rectangleLabels([wide, tall, dot], SIZE, {
    overlap: "larger",
  });
  deepStrictEqual(drawn(painted.labels), [
    "111111.",
    "111111.",
    ".22....",
    ".22....",
  ]);
});

Deno.test("rectangleLabels can make overlaps of unlike classes void", () => {
  const twin = box(1, 4, 0, 7, 1); // overlaps `wide`, of the same class
  const painted = rectangleLabels([wide, tall, dot, twin], SIZE, {
    overlap: "void",
  });
  deepStrictEqual(drawn(painted.labels), [
    "1??1111",
    "1??111.",
    ".22....",
    ".22....",
  ]);
  strictEqual(painted.boxIndices.data[1], -1);
  strictEqual(painted.boxIndices.data[4], 3);
});

Deno.test("rectangleLabels of no boxes is background", () => {
  const { labels, boxIndices } = rectangleLabels([], SIZE);
  ok(labels.data.every((label) => label === 0));
  ok(boxIndices.data.every((index) => index === -1));
});

Deno.test("rectangleLabels gives each pixel a smallest of its boxes", () => {
  const side = fc.tuple(fc.nat(9), fc.integer({ min: 1, max: 9 }));
  const boxes = fc.array(
    fc.tuple(side, side, fc.integer({ min: 1, max: 20 })).map(
      ([[x0, w], [y0, h], classId]) =>
        box(classId, x0, y0, Math.min(10, x0 + w), Math.min(10, y0 + h)),
    ),
    { maxLength: 6 },
  );
  fc.assert(fc.property(boxes, (boxes) => {
    const { labels, boxIndices } = rectangleLabels(boxes, {
      width: 10,
      height: 10,
    });
    boxIndices.data.forEach((index, p) => {
      const [x, y] = [p % 10, Math.floor(p / 10)];
      const areas = boxes.map((b) =>
        x >= b.x0 && x < b.x1 && y >= b.y0 && y < b.y1
          ? (b.x1 - b.x0) * (b.y1 - b.y0)
          : Infinity
      );
      const least = Math.min(...areas);
      strictEqual(index, least === Infinity ? -1 : areas.lastIndexOf(least));
      strictEqual(labels.data[p], boxes[index]?.classId ?? 0);
    });
  }));
});

Deno.test("rectangleLabels refuses a box that is not pixels of the image", () => {
  throws(() => rectangleLabels([wide, box(1, 5, 0, 8, 2)], SIZE), {
    name: "RangeError",
    message: "Cannot paint box 1 as it must be whole pixels of the image: " +
      "box is [5, 8) × [0, 2), image is 7 × 4",
  });
  const wrong = [
    box(1, -1, 0, 2, 2),
    box(1, 2, 0, 2, 2),
    box(1, 0, 0.5, 2, 2),
    box(1, 0, 0, NaN, 2),
  ];
  for (const one of wrong) throws(() => rectangleLabels([one], SIZE));
});

Deno.test("rectangleLabels refuses classes that cannot be labels", () => {
  for (const classId of [0, 255, 1.5]) {
    throws(() => rectangleLabels([{ ...dot, classId }], SIZE), {
      name: "RangeError",
      message: "Cannot paint box 0 as its class must be a whole number " +
        `1…254: ${classId}`,
    });
  }
});

Deno.test("subClassMap gives each pixel the sub-class of its box", () => {
  const { boxIndices } = rectangleLabels([dot, tall, wide], SIZE);
  deepStrictEqual(drawn(subClassMap(boxIndices, [2, 0, 1])), [
    "1..111?",
    "1.2111?",
    "?..????",
    "?..????",
  ]);
});

Deno.test("subClassMap refuses a box without a sub-class", () => {
  const { boxIndices } = rectangleLabels([dot, tall], SIZE);
  throws(() => subClassMap(boxIndices, [1]), {
    name: "RangeError",
    message: "Cannot map sub-classes as each box must have one of 0…254: " +
      "box 1 has undefined",
  });
});
