import { deepStrictEqual, ok, rejects } from "node:assert/strict";
import { WSSL_BOX_CRF } from "../../../lib/crf/dense_crf.ts";
import { proposeSegments } from "../../../lib/weak/propose_segments.ts";
import { box, drawn, picture } from "../../drawings.ts";

const COLOURS = {
  ".": [220, 220, 220],
  "1": [120, 40, 40],
  "2": [30, 40, 120],
} as const;

// A cross, 12 × 12, that fills 43 % of its box, and a disc that overlaps it.
const CROSS = [
  "..................",
  "......1111........",
  "......1111........",
  "......1111........",
  "..11111111111122..",
  "..111111111112222.",
  "..111111111112222.",
  "..11111111111122..",
  "......1111........",
  "......1111........",
  "......1111........",
  "......1111........",
  "..................",
];
const IMAGE = picture(COLOURS, ...CROSS);
const BOXES = [box(1, 2, 1, 14, 12), box(2, 13, 4, 17, 8)];
const CRF = { ...WSSL_BOX_CRF, appearanceSigmaPx: 6, smoothnessSigmaPx: 0.5 };

Deno.test("proposeSegments recovers two shapes from their boxes", async () => {
  const proposal = await proposeSegments(IMAGE, BOXES, { crf: CRF });
  deepStrictEqual(drawn(proposal), CROSS);
});

Deno.test("proposeSegments gives the same with all classes", async () => {
  const labels = Array.from({ length: 21 }, (_, label) => label);
  const all = await proposeSegments(IMAGE, BOXES, { crf: CRF, labels });
  deepStrictEqual(all, await proposeSegments(IMAGE, BOXES, { crf: CRF }));
});

Deno.test("proposeSegments of no boxes is background", async () => {
  const { data } = await proposeSegments(IMAGE, []);
  ok(data.length === 18 * 13 && data.every((label) => label === 0));
});

Deno.test("proposeSegments can reset what leaks out of the boxes of its class", async () => {
  // The object's last column is outside its box, and partly in another box.
  const rows = ["........", ".222222.", ".222222.", "........"];
  const image = picture(COLOURS, ...rows);
  const boxes = [box(2, 1, 1, 6, 3), box(1, 6, 1, 7, 2)];
  const crf = { ...CRF, smoothnessWeight: 0, appearanceWeight: 100 };
  deepStrictEqual(drawn(await proposeSegments(image, boxes, { crf })), rows);
  const reset = await proposeSegments(image, boxes, {
    crf,
    resetOutsideBoxes: true,
  });
  deepStrictEqual(drawn(reset), [
    "........",
    ".22222..",
    ".22222..",
    "........",
  ]);
});

Deno.test("proposeSegments refuses a box outside the image", async () => {
  await rejects(proposeSegments(IMAGE, [box(1, 0, 0, 19, 2)]), {
    name: "RangeError",
    message: "Cannot make probabilities of box 0 as it must be whole pixels " +
      "of the image: box is [0, 19) × [0, 2), image is 18 × 13",
  });
});
