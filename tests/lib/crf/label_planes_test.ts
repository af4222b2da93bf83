import { deepStrictEqual, strictEqual, throws } from "node:assert/strict";
import {
  assertLabelPlanes,
  type LabelPlanes,
  mapLabels,
  placeInPlanes,
} from "../../../lib/crf/label_planes.ts";
import { drawn } from "../../drawings.ts";

function planesOf(...planes: number[][]): LabelPlanes {
  const data = Float32Array.from(planes.flat());
  return {
    labelCount: planes.length,
    width: planes[0]!.length,
    height: 1,
    data,
  };
}

Deno.test("mapLabels takes the largest value, of equals the smaller label", () => {
  const labels = mapLabels(planesOf(
    [0.5, 0.2, 0.3, 0.1],
    [0.5, 0.4, 0.3, 0.4],
    [0.0, 0.4, 0.4, 0.5],
  ));
  deepStrictEqual(drawn(labels), [".122"]);
});

Deno.test("mapLabels writes the given labels", () => {
  const labels = mapLabels(planesOf([0.9, 0.1], [0.1, 0.9]), [0, 15]);
  deepStrictEqual([...labels.data], [0, 15]);
});

Deno.test("mapLabels leaves the planes as they were", () => {
  const planes = planesOf([0.1, 0.9], [0.9, 0.1]);
  const before = planes.data.slice();
  mapLabels(planes);
  deepStrictEqual(planes.data, before);
});

Deno.test("mapLabels refuses labels that do not fit the planes", () => {
  const planes = planesOf([1], [0]);
  throws(() => mapLabels(planes, [0]), {
    name: "RangeError",
    message: "Cannot choose labels as there must be one per plane: 1 labels, " +
      "2 planes",
  });
  throws(() => mapLabels(planes, [0, 256]), {
    name: "RangeError",
    message: "Cannot choose labels as each must be a whole number 0…255: 256",
  });
});

Deno.test("assertLabelPlanes refuses sizes that do not fit the data", () => {
  const data = new Float32Array(12);
  assertLabelPlanes({ labelCount: 2, width: 3, height: 2, data }, "paint");
  throws(
    () =>
      assertLabelPlanes({ labelCount: 2, width: 3, height: 3, data }, "paint"),
    {
      name: "RangeError",
      message: "Cannot paint as label planes must hold L × H × W values, all " +
        "three at least 1: 12 values for 2 × 3 × 3",
    },
  );
  for (const labelCount of [0, -2, 1.5, NaN]) {
    throws(() =>
      assertLabelPlanes({ labelCount, width: 3, height: 2, data }, "paint")
    );
  }
});

Deno.test("assertLabelPlanes refuses what is no Float32Array", () => {
  const refused = (planes: unknown, found: string) =>
    throws(() => assertLabelPlanes(planes as LabelPlanes, "paint"), {
      name: "TypeError",
      message:
        `Cannot paint as label planes must hold a Float32Array: ${found}`,
    });
  const size = { labelCount: 2, width: 1, height: 1 };
  refused({ ...size, data: [0, 1] }, "[object Array]");
  refused({ ...size, data: new Float64Array(2) }, "[object Float64Array]");
  refused(size, "[object Undefined]");
  refused([0, 1], "[object Undefined]");
  refused(undefined, "[object Undefined]");
});

Deno.test("placeInPlanes counts columns before rows before planes", () => {
  const planes = {
    labelCount: 3,
    width: 4,
    height: 2,
    data: new Float32Array(24),
  };
  strictEqual(placeInPlanes(planes, 0), "label 0 at pixel (0, 0)");
  strictEqual(placeInPlanes(planes, 8 + 4 + 3), "label 1 at pixel (3, 1)");
});
