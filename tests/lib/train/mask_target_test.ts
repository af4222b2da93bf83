import { deepStrictEqual } from "node:assert/strict";
import { cellBoxes } from "../../../lib/train/cell_grid.ts";
import {
  maskTarget,
  type MaskTargetOptions,
} from "../../../lib/train/mask_target.ts";
import { box } from "../../drawings.ts";

/** A person (1) on a horse (2), and one column of padding. */
const boxes = [box(2, 0, 0, 4, 1), box(1, 1, 0, 3, 1)];
const grid = {
  columns: Int32Array.of(0, 1, 2, 3, 4, -1),
  rows: Int32Array.of(0),
};

/** Rows of the maps; 0.5 is drawn as h. */
function maps(options: MaskTargetOptions): string[] {
  const boxIndices = cellBoxes(grid, boxes);
  const target = maskTarget({ grid, boxes, boxIndices }, options);
  return Array.from({ length: options.channels }, (_, channel) =>
    Array.from(
      target.subarray(channel * 6, channel * 6 + 6),
      (x) => x === 0.5 ? "h" : `${x}`,
    ).join(""));
}

Deno.test("maskTarget teaches a class where its box is on top", () => {
  deepStrictEqual(maps({ channels: 4 }), [
    "111111",
    "011000",
    "100100",
    "000000",
  ]);
});

Deno.test("maskTarget can teach a class all of its boxes", () => {
  deepStrictEqual(maps({ channels: 3, overlap: "union" }), [
    "111111",
    "011000",
    "111100",
  ]);
});

Deno.test("maskTarget can damp the background inside boxes", () => {
  const [background] = maps({ channels: 3, background: "outside" });
  deepStrictEqual(background, "000011");
});

Deno.test("maskTarget can leave classes half on outside their boxes", () => {
  deepStrictEqual(maps({ channels: 4, offTarget: 0.5 }), [
    "111111",
    "h11hhh",
    "1hh1hh",
    "hhhhhh",
  ]);
});

Deno.test("maskTarget of one map is the union of all boxes", () => {
  deepStrictEqual(maps({ channels: 1 }), ["111100"]);
});
