import { deepStrictEqual } from "node:assert/strict";
import fc from "fast-check";
import { VOC_CLASSES } from "../../../lib/dataset/classes.ts";
import type {
  VocCorners,
  VocObject,
} from "../../../lib/dataset/voc_annotation.ts";
import { vocBoxes, vocCorners } from "../../../lib/dataset/voc_boxes.ts";
import { box } from "../../drawings.ts";

/** A dog at corners xmin, ymin, xmax, ymax. */
function dog(
  xmin: number,
  ymin: number,
  xmax: number,
  ymax: number,
): VocObject {
  const flags = { truncated: false, occluded: false, difficult: false };
  const corners = { xmin, ymin, xmax, ymax };
  return { name: "dog", pose: null, corners, ...flags };
}

/** Boxes and problems in a picture of 10 × 8 px. */
function boxesOf(...objects: VocObject[]) {
  const annotation = { imageId: "a", width: 10, height: 8, objects };
  return vocBoxes(annotation, { classes: VOC_CLASSES });
}

Deno.test("vocBoxes makes 1-based inclusive corners 0-based and half-open", () => {
  deepStrictEqual(boxesOf(dog(1, 1, 10, 8)).boxes, [box(12, 0, 0, 10, 8)]);
  deepStrictEqual(boxesOf(dog(3, 4, 3, 4)).boxes, [box(12, 2, 3, 3, 4)]);
});

Deno.test("vocBoxes rounds decimals, halves up", () => {
  const { boxes } = boxesOf(dog(2.4, 2.5, 5.4, 5.5));
  deepStrictEqual(boxes, [box(12, 1, 2, 5, 6)]);
});

Deno.test("vocBoxes clips to the picture, and counts what it clips", () => {
  const { boxes, clippedCount, problems } = boxesOf(
    dog(0, -5, 11, 99),
    dog(1, 1, 10, 8),
    dog(2, 2, 3, 9),
  );
  deepStrictEqual(
    boxes,
    [box(12, 0, 0, 10, 8), box(12, 0, 0, 10, 8), box(12, 1, 1, 3, 8)],
  );
  deepStrictEqual(clippedCount, 2);
  deepStrictEqual(problems, []);
});

Deno.test("vocBoxes reports empty boxes, boxes outside and unknown classes", () => {
  const { boxes, problems } = boxesOf(
    dog(5, 1, 4, 8),
    dog(1, 1, 2, 2),
    dog(11, 1, 12, 8),
    dog(1, -3, 4, 0),
    { ...dog(1, 1, 2, 2), name: "hors" },
  );
  deepStrictEqual(boxes, [box(12, 0, 0, 2, 2)]);
  deepStrictEqual(problems, [
    {
      kind: "box_empty",
      detail: "object 1: xmin 5, ymin 1, xmax 4, ymax 8",
    },
    {
      kind: "box_outside",
      detail: "object 3: xmin 11, ymin 1, xmax 12, ymax 8, picture 10 × 8 px",
    },
    {
      kind: "box_outside",
      detail: "object 4: xmin 1, ymin -3, xmax 4, ymax 0, picture 10 × 8 px",
    },
    {
      kind: "unknown_class",
      detail: 'object 5: class "hors", did you mean "horse"?',
    },
  ]);
});

Deno.test("vocBoxes leaves difficult objects out only when told to", () => {
  const objects = [
    { ...dog(1, 1, 2, 2), difficult: true, name: "nonsense" },
    { ...dog(1, 1, 3, 3), truncated: true, occluded: true },
  ];
  const annotation = { imageId: "a", width: 10, height: 8, objects };
  const classes = VOC_CLASSES;
  const kept = vocBoxes(annotation, { classes, useDifficult: false });
  deepStrictEqual(kept.boxes, [box(12, 0, 0, 3, 3)]);
  deepStrictEqual(kept.problems, []);
  deepStrictEqual(vocBoxes(annotation, { classes }).problems.length, 1);
});

Deno.test("vocBoxes gives a box inside the picture or a problem, always", () => {
  const corner = fc.double({ min: -20, max: 20, noNaN: true });
  fc.assert(fc.property(corner, corner, corner, corner, (...corners) => {
    const { boxes: [found], problems } = boxesOf(dog(...corners));
    if (!found) return problems.length === 1;
    return 0 <= found.x0 && found.x0 < found.x1 && found.x1 <= 10 &&
      0 <= found.y0 && found.y0 < found.y1 && found.y1 <= 8;
  }));
});

Deno.test("vocCorners undoes vocBoxes", () => {
  const corners: VocCorners = vocCorners(box(12, 2, 3, 7, 8));
  deepStrictEqual(corners, { xmin: 3, ymin: 4, xmax: 7, ymax: 8 });
  const { xmin, ymin, xmax, ymax } = corners;
  const { boxes } = boxesOf(dog(xmin, ymin, xmax, ymax));
  deepStrictEqual(boxes, [box(12, 2, 3, 7, 8)]);
});
