import { deepStrictEqual, notDeepStrictEqual, ok } from "node:assert/strict";
import { initialise } from "../../../lib/net/initialise.ts";
import type { ParameterSpec } from "../../../lib/net/parameter.ts";

const SPEC: ParameterSpec = {
  name: "fc6/weight",
  shape: [64, 32, 3, 3],
  init: { kind: "he" },
  rate: 1,
  decays: true,
};

function stdOf(values: Float32Array): number {
  const squares = values.reduce((sum, x) => sum + x * x, 0);
  return Math.sqrt(squares / values.length);
}

Deno.test("initialise draws with He's std of the fan-in, not the fan-out", () => {
  const values = initialise([SPEC], 1).get(SPEC.name)!;
  ok(Math.abs(stdOf(values) / Math.sqrt(2 / (32 * 9)) - 1) < 0.02);
});

Deno.test("initialise draws with the std asked for, and fills with constants", () => {
  const gaussian = { ...SPEC, init: { kind: "gaussian", std: 0.01 } as const };
  ok(Math.abs(stdOf(initialise([gaussian], 1).get(SPEC.name)!) - 0.01) < 2e-4);
  const four = { ...SPEC, shape: [2], init: { kind: "constant", value: 4 } };
  deepStrictEqual(
    initialise([four as ParameterSpec], 1).get(SPEC.name),
    Float32Array.of(4, 4),
  );
});

Deno.test("initialise gives each name and seed its own stream", () => {
  const other = { ...SPEC, name: "fc7/weight" };
  const both = initialise([other, SPEC], 1);
  deepStrictEqual(both.get(SPEC.name), initialise([SPEC], 1).get(SPEC.name));
  notDeepStrictEqual(both.get(SPEC.name), both.get(other.name));
  notDeepStrictEqual(both.get(SPEC.name), initialise([SPEC], 2).get(SPEC.name));
});
