import { deepStrictEqual, strictEqual } from "node:assert/strict";
import fc from "fast-check";
import {
  cellBoxes,
  cellGrid,
  cellLabels,
} from "../../../lib/train/cell_grid.ts";
import { rectangleLabels } from "../../../lib/weak/rectangle_labels.ts";
import { box } from "../../drawings.ts";

const pixels = (count: number) => Int32Array.from(Array(count).keys());

Deno.test("cellGrid takes pixels 8i of the crop, not centres of eighths", () => {
  const grid = cellGrid({ columns: pixels(321), rows: pixels(17) }, 8);
  strictEqual(grid.columns.length, 41);
  strictEqual(grid.columns[40], 320);
  deepStrictEqual([...grid.rows], [0, 8, 16]);
});

Deno.test("cellGrid takes pixels 4i where cells are 4 px apart", () => {
  const crop = { columns: pixels(97), rows: Int32Array.of(5, 6, 7, 8, 9) };
  const grid = cellGrid(crop, 4);
  strictEqual(grid.columns.length, 25);
  strictEqual(grid.columns[24], 96);
  deepStrictEqual([...grid.rows], [5, 9]);
  const { columns } = cellGrid(crop, 8);
  deepStrictEqual(grid.columns.filter((_, i) => i % 2 === 0), columns);
});

Deno.test("cellGrid of a mirrored crop is the mirrored grid", () => {
  const columns = pixels(33);
  for (const stride of [8, 4]) {
    const gridOf = (columns: Int32Array) =>
      cellGrid({ columns, rows: pixels(9) }, stride).columns;
    deepStrictEqual(gridOf(columns.toReversed()), gridOf(columns).reverse());
  }
});

Deno.test("cellLabels are void in the padding", () => {
  const labels = { width: 2, height: 2, data: Uint8Array.of(1, 2, 3, 255) };
  const grid = { columns: Int32Array.of(0, 1, -1), rows: Int32Array.of(1, -1) };
  deepStrictEqual([...cellLabels(grid, labels)], [3, 255, 255, 255, 255, 255]);
});

Deno.test("cellBoxes are the boxes that rectangleLabels has on top", () => {
  const side = fc.tuple(fc.nat(29), fc.integer({ min: 1, max: 30 }));
  const boxes = fc.array(
    fc.tuple(side, side).map(([[x0, w], [y0, h]]) =>
      box(1, x0, y0, Math.min(30, x0 + w), Math.min(30, y0 + h))
    ),
    { maxLength: 6 },
  );
  fc.assert(fc.property(boxes, fc.nat(20), (boxes, x0) => {
    const size = { width: 30, height: 30 };
    const { data } = rectangleLabels(boxes, size).boxIndices;
    const columns = pixels(17).map((x) => x + x0 < 30 ? x + x0 : -1);
    const grid = cellGrid({ columns, rows: pixels(25) }, 8);
    const expected = [...grid.rows].flatMap((y) =>
      [...grid.columns].map((x) => x < 0 ? -1 : data[y * 30 + x])
    );
    deepStrictEqual([...cellBoxes(grid, boxes)], expected);
  }));
});
