import { deepStrictEqual, ok, throws } from "node:assert/strict";
import { seededRandom } from "../../../lib/random.ts";
import { cellBoxes } from "../../../lib/train/cell_grid.ts";
import {
  type BoxedCells,
  type FillingRateOptions,
  fillingRateSelection,
  ignoredCells,
} from "../../../lib/train/filling_rate_selection.ts";
import { box, labelMap } from "../../drawings.ts";

const pixels = (count: number) => Int32Array.from(Array(count).keys());

/** Cells of a drawn crop. */
function cellsOf(
  rows: string[],
  boxes: BoxedCells["boxes"],
  subClasses: number[] | null = null,
): BoxedCells {
  const { width, height, data } = labelMap(...rows);
  const grid = { columns: pixels(width), rows: pixels(height) };
  const boxIndices = cellBoxes(grid, boxes);
  return { labels: Int32Array.from(data), boxIndices, boxes, subClasses };
}

const left = box(1, 0, 0, 4, 1);
const right = box(1, 4, 0, 10, 1);
const other = box(2, 10, 0, 14, 1);
/** 4 + 6 cells of class 1, 4 of class 2, 2 outside. */
const CELLS = cellsOf(["11..1?11..2.2..1"], [left, right, other], [0, 1, 0]);

/** The quota of each group and how many cells it has, by a cell of it. */
function quotas(options: FillingRateOptions, cells = CELLS): number[][] {
  const { group, quota } = fillingRateSelection(cells, options);
  const ids = [...new Set(group)].filter((id) => id >= 0);
  return ids.map((id) => [
    quota[group.indexOf(id)]!,
    group.filter((each) => each === id).length,
  ]);
}

function selectable(options: FillingRateOptions): string {
  return fillingRateSelection(CELLS, options).selectable.join("");
}

const rates = { kind: "class", rates: [0.55, 0.8] } as const;

Deno.test("fillingRateSelection ranks all boxes of a class together", () => {
  deepStrictEqual(quotas({ rates }), [[5, 10], [3, 4]]);
});

Deno.test("fillingRateSelection can rank each box alone", () => {
  deepStrictEqual(quotas({ rates, group: "box" }), [[2, 4], [3, 6], [3, 4]]);
});

Deno.test("fillingRateSelection ranks sub-classes apart, by their own rates", () => {
  const refined = {
    kind: "subClass",
    rates: [[0.5, 0.9], [0.3, null]],
  } as const;
  deepStrictEqual(quotas({ rates: refined }), [[2, 4], [5, 6], [1, 4]]);
});

Deno.test("fillingRateSelection can rank proposals alone", () => {
  // 5 of class 1 in its boxes; 2 of class 2 are too few to be ranked.
  deepStrictEqual(quotas({ rates, domain: "proposal" }), [[2, 5]]);
});

Deno.test("fillingRateSelection can keep as many as are labelled", () => {
  const global = { kind: "global", rate: 0.1 } as const;
  const options = { rates: global, floor: "proposal" } as const;
  deepStrictEqual(quotas(options), [[5, 10], [2, 4]]);
  deepStrictEqual(quotas({ rates: global }), [[1, 10], [1, 4]]);
});

Deno.test("fillingRateSelection leaves out labels of the class, or background too", () => {
  deepStrictEqual(selectable({ rates }), "1100101100101000");
  deepStrictEqual(selectable({ rates, ignore: "box" }), "1111101111111100");
});

Deno.test("fillingRateSelection leaves all as it is without rules", () => {
  const none = fillingRateSelection(CELLS, null);
  ok(none.group.every((id) => id === -1));
  ok(none.quota.every((k) => k === 17));
  ok(none.selectable.every((may) => may === 0));
  deepStrictEqual(none.rankClass.join(""), "1111111111222200");
});

Deno.test("fillingRateSelection leaves groups of one or two whole", () => {
  const cells = cellsOf(["11.222"], [box(1, 0, 0, 2, 1), box(2, 3, 0, 6, 1)]);
  deepStrictEqual(quotas({ rates }, cells), [[2, 3]]);
});

Deno.test("fillingRateSelection refuses boxes without a rate", () => {
  const lacking = { kind: "class", rates: [0.5, null] } as const;
  throws(() => fillingRateSelection(CELLS, { rates: lacking }), {
    name: "RangeError",
    message: "Cannot select pixels of class 2 as its filling rate must be " +
      "0…1: there is none",
  });
  const refined = { kind: "subClass", rates: [[0.5], [0.5]] } as const;
  throws(() => fillingRateSelection(CELLS, { rates: refined }), {
    message: "Cannot select pixels of class 1, sub-class 1, as its filling " +
      "rate must be 0…1: there is none",
  });
  const percent = { kind: "global", rate: 60 } as const;
  throws(() => fillingRateSelection(CELLS, { rates: percent }), /0…1: 60/);
});

Deno.test("ignoredCells are the selectable ones beyond the k, ties in order", () => {
  const random = seededRandom(4);
  const keys = Array.from(CELLS.labels, () => random.below(4));
  const selection = fillingRateSelection(CELLS, { rates });
  const { group, quota, selectable } = selection;
  const expected = keys.map((key, p) => {
    const ahead = keys.filter((other, q) =>
      group[q] === group[p] && (other > key || other === key && q < p)
    );
    return ahead.length >= quota[p]! && selectable[p] === 1 ? 1 : 0;
  });
  const ignored = ignoredCells(selection, keys, CELLS.labels);
  deepStrictEqual([...ignored], expected);
  ok(expected.includes(1));
});
