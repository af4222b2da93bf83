import { deepStrictEqual, throws } from "node:assert/strict";
import { initialise } from "../../../lib/net/initialise.ts";
import type { ParameterSpec } from "../../../lib/net/parameter.ts";
import type { NamedTensor } from "../../../lib/net/safetensors.ts";
import { segmenterParameters } from "../../../lib/net/segmenter.ts";
import { startWeights } from "../../../lib/net/start_weights.ts";
import { configOf, TINY } from "./built_segmenter.ts";

const PLAIN = segmenterParameters(configOf(TINY));
const CONCAT = segmenterParameters(configOf(TINY, { kind: "bcm" }));
const LOGIT = segmenterParameters(
  configOf(TINY, { kind: "bcm", combine: "logit" }),
);

/** A file of new values. */
function fileOf(specs: readonly ParameterSpec[]): Map<string, NamedTensor> {
  const values = initialise(specs, 99);
  return new Map(
    specs.map(({ name, shape }) => [name, { shape, data: values.get(name)! }]),
  );
}

Deno.test("without a file all values are new", () => {
  const start = startWeights(PLAIN, null, { seed: 1 });
  deepStrictEqual(start.values, initialise(PLAIN, 1));
  deepStrictEqual(start.fresh, PLAIN.map(({ name }) => name));
});

Deno.test("from the same network all values are the file's, and not shared with it", () => {
  const file = fileOf(PLAIN);
  const { values, fresh, unused } = startWeights(PLAIN, file, { seed: 1 });
  deepStrictEqual(values, initialise(PLAIN, 99));
  deepStrictEqual([fresh, unused], [[], []]);
  values.get("fc8/bias")!.fill(7);
  deepStrictEqual(file, fileOf(PLAIN));
});

Deno.test("another head's new parameters and unused ones are told", () => {
  const start = startWeights(CONCAT, fileOf(PLAIN), { seed: 1 });
  deepStrictEqual(start.fresh, ["attention/weight", "attention/bias"]);
  deepStrictEqual(
    start.values.get("attention/weight"),
    initialise(CONCAT, 1).get("attention/weight"),
  );
  const back = startWeights(PLAIN, fileOf(CONCAT), { seed: 1 });
  deepStrictEqual(back.unused, ["attention/weight", "attention/bias"]);
  const other = startWeights(LOGIT, fileOf(CONCAT), { seed: 1 });
  deepStrictEqual(other.fresh, ["attention/weight"]);
  const options = { seed: 1, leavesAttention: true };
  const left = startWeights(LOGIT, fileOf(CONCAT), options);
  deepStrictEqual(left.fresh, ["attention/weight", "attention/bias"]);
  deepStrictEqual(left.unused, left.fresh);
});

Deno.test("an encoder that is missing, surplus or of another width is told in one go", () => {
  const file = fileOf(PLAIN);
  file.delete("conv1_1/bias");
  file.set("conv6/bias", { shape: [1], data: Float32Array.of(1) });
  file.set("fc7/bias", { shape: [9], data: new Float32Array(9) });
  file.set("fc6/bias", { shape: [8], data: new Float32Array(8).fill(NaN) });
  throws(() => startWeights(CONCAT, file, { seed: 1 }), {
    name: "RangeError",
    message: "Cannot start from weights as the file must hold its tensors:\n" +
      "  missing: conv1_1/bias\n  surplus: conv6/bias\n" +
      "  mis-shaped: fc7/bias is [9], not [8]\n  not finite: fc6/bias",
  });
});

Deno.test("an encoder that others have trained may lack any parameter", () => {
  const conv1 = PLAIN.filter(({ name }) => name.startsWith("conv1_"));
  throws(() => startWeights(PLAIN, fileOf(conv1), { seed: 1 }), /missing/);
  const options = { seed: 1, mayBeNew: "any" } as const;
  const { fresh } = startWeights(PLAIN, fileOf(conv1), options);
  deepStrictEqual(fresh, PLAIN.slice(4).map(({ name }) => name));
});

Deno.test("a layer may be widened: what is there stays in front", () => {
  const wide = segmenterParameters(configOf({ ...TINY, fc7Channels: 9 }));
  const file = fileOf(PLAIN);
  throws(() => startWeights(wide, file, { seed: 1 }), /mis-shaped: fc7/);
  const start = startWeights(wide, file, { seed: 1, widens: true });
  deepStrictEqual(start.widened, ["fc7/weight", "fc7/bias", "fc8/weight"]);
  const fc8 = start.values.get("fc8/weight")!;
  const old = file.get("fc8/weight")!.data;
  deepStrictEqual(fc8.slice(9, 17), old.slice(8, 16));
  deepStrictEqual(
    start.values.get("fc7/weight")!.slice(0, 64),
    file.get("fc7/weight")!.data,
  );
  deepStrictEqual(start.values.get("fc7/bias")![8], 0);
});

Deno.test("widening makes no classes: fc8 of fewer is not taken for the first ones", () => {
  const config = configOf({ ...TINY, fc7Channels: 9 }, { kind: "plain" }, 5);
  const options = { seed: 1, widens: true };
  const start = startWeights(
    segmenterParameters(config),
    fileOf(PLAIN),
    options,
  );
  deepStrictEqual(start.fresh, ["fc8/weight", "fc8/bias"]);
  deepStrictEqual(start.widened, ["fc7/weight", "fc7/bias"]);
  // Nor do maps of each class begin with a row that was of all.
  const bgm = segmenterParameters(configOf(TINY, { kind: "bgm" }));
  const { fresh } = startWeights(LOGIT, fileOf(bgm), options);
  deepStrictEqual(fresh, ["attention/weight", "attention/bias"]);
});
