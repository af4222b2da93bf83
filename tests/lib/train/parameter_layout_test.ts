import { deepStrictEqual, strictEqual, throws } from "node:assert/strict";
import {
  fillFlat,
  firstNotFinite,
  parameterLayout,
  viewsByName,
} from "../../../lib/train/parameter_layout.ts";

const layout = parameterLayout([
  { name: "conv/weight", shape: [2, 3], rate: 1, decays: true },
  { name: "norm/scale", shape: [2], rate: 0, decays: false },
  { name: "conv/bias", shape: [2], rate: 2, decays: false },
]);

Deno.test("parameterLayout leaves out what is frozen, and leaves no gap", () => {
  deepStrictEqual(
    layout.parameters.map(({ name, offset, count }) => [name, offset, count]),
    [["conv/weight", 0, 6], ["conv/bias", 6, 2]],
  );
  strictEqual(layout.count, 8);
});

Deno.test("viewsByName gives views, not copies", () => {
  const flat = new Float32Array(8);
  viewsByName(layout, flat).get("conv/bias")![1] = 5;
  strictEqual(flat[7], 5);
});

Deno.test("fillFlat refuses values that are missing or do not fill", () => {
  const flat = new Float32Array(8);
  const weight = new Float32Array(6);
  throws(() => fillFlat(layout, flat, new Map([["conv/weight", weight]])), {
    name: "RangeError",
    message: 'Cannot take parameter "conv/bias" as it must fill its shape: ' +
      "there is none of that name",
  });
  const short = new Map([["conv/weight", new Float32Array(5)]]);
  throws(() => fillFlat(layout, flat, short), {
    name: "RangeError",
    message: 'Cannot take parameter "conv/weight" as it must fill its shape: ' +
      "5 elements, shape [2, 3]",
  });
});

Deno.test("firstNotFinite names the parameter, at its edges too", () => {
  const nameWith = (at: number, value: number) => {
    const flat = new Float32Array(8);
    flat[at] = value;
    return firstNotFinite(layout, flat)?.name;
  };
  strictEqual(nameWith(5, -Infinity), "conv/weight");
  strictEqual(nameWith(6, NaN), "conv/bias");
  strictEqual(nameWith(6, 3e38), undefined);
});
