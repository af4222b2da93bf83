import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { VOC_PALETTE } from "../../../lib/label/palette.ts";

Deno.test("VOC_PALETTE has the colours of VOC's own colour map", () => {
  const known = new Map([
    [0, [0, 0, 0]],
    [1, [128, 0, 0]], // aeroplane
    [2, [0, 128, 0]], // bicycle
    [5, [128, 0, 128]], // bottle
    [8, [64, 0, 0]], // cat
    [12, [64, 0, 128]], // dog
    [15, [192, 128, 128]], // person
    [20, [0, 64, 128]], // tvmonitor
    [64, [32, 0, 0]],
    [255, [224, 224, 192]], // void
  ]);
  for (const [label, colour] of known) {
    deepStrictEqual(VOC_PALETTE[label], colour, `label ${label}`);
  }
});

Deno.test("VOC_PALETTE has 256 colours, all different", () => {
  strictEqual(VOC_PALETTE.length, 256);
  strictEqual(new Set(VOC_PALETTE.map(String)).size, 256);
});
