import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { extentOf, labelsOf } from "../../../lib/synthetic/truth.ts";

/** An instance map from rows of digits, `.` for none. */
function instanceMap(...rows: readonly string[]) {
  const data = Uint8Array.from([...rows.join("")].map((c) => +c || 0));
  return { width: rows[0]?.length ?? 0, height: rows.length, data };
}

/** Rows of a label map, `.` for background, `?` for void. */
function drawn(data: Uint8Array, width: number): string[] {
  const text = [...data]
    .map((label) => label === 255 ? "?" : label === 0 ? "." : String(label))
    .join("");
  return text.match(new RegExp(`.{${width}}`, "g")) ?? [];
}

const neighbours = instanceMap(
  "1111...",
  "1111...",
  "1111222",
  "1111222",
);

Deno.test("labelsOf puts void on both sides of every outline", () => {
  const labels = labelsOf(neighbours, [5, 3]);
  deepStrictEqual(drawn(labels.data, 7), [
    "555??..",
    "555????",
    "555????",
    "555??33",
  ]);
});

Deno.test("labelsOf parts two objects of one class", () => {
  const labels = labelsOf(instanceMap("111222"), [4, 4]);
  deepStrictEqual(drawn(labels.data, 6), ["44??44"]);
});

Deno.test("labelsOf puts no void along the frame of the picture", () => {
  const labels = labelsOf(instanceMap("11", "11"), [2]);
  deepStrictEqual(drawn(labels.data, 2), ["22", "22"]);
});

Deno.test("extentOf is tight, half-open, and counts void pixels", () => {
  const extent = { visiblePx: 6, x0: 4, y0: 2, x1: 7, y1: 4 };
  deepStrictEqual(extentOf(neighbours, 2), extent);
});

Deno.test("extentOf spans the parts of a divided object", () => {
  const extent = { visiblePx: 2, x0: 0, y0: 0, x1: 5, y1: 1 };
  deepStrictEqual(extentOf(instanceMap("1.2.1"), 1), extent);
});

Deno.test("extentOf is null for an object that is hidden entirely", () => {
  strictEqual(extentOf(neighbours, 3), null);
});
