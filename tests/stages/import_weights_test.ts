import { deepStrictEqual, rejects } from "node:assert/strict";
import type { NamedTensor } from "../../lib/net/safetensors.ts";
import { importWeights } from "../../stages/import_weights.ts";
import { runStage } from "./run_stage.ts";

const PARAMS = {
  layout: "vgg19_conv1_3",
  network: { kind: "largefov", maxChannels: 8 },
} as const;

/** The convolutions of VGG-19's conv1…conv3, all of 8 channels. */
function vgg19(): Map<string, NamedTensor> {
  const names = [2, 2, 4].flatMap((count, block) =>
    Array.from({ length: count }, (_, i) => `conv${block + 1}_${i + 1}`)
  );
  return new Map(names.flatMap((name): [string, NamedTensor][] => {
    const shape = [8, name === "conv1_1" ? 3 : 8, 3, 3];
    const data = new Float32Array(8 * shape[1]! * 9).fill(0.5);
    return [
      [`${name}.weight`, { shape, data }],
      [`${name}.bias`, { shape: [8], data: new Float32Array(8).fill(2) }],
    ];
  }));
}

function run(tensors: ReadonlyMap<string, NamedTensor>) {
  const file = { tensors, metadata: {} };
  return runStage(importWeights, { params: PARAMS, inputs: { file } });
}

Deno.test("import_weights names tensors as the network's parameters, and says what it left out", async () => {
  const { outputs, log } = await run(vgg19());
  const { tensors, metadata } = outputs.weights;
  deepStrictEqual([...tensors.keys()].slice(0, 2), [
    "conv1_1/bias",
    "conv1_1/weight",
  ]);
  deepStrictEqual(tensors.get("conv2_1/bias"), vgg19().get("conv2_1.bias"));
  deepStrictEqual(metadata.layout, "vgg19_conv1_3");
  deepStrictEqual(log, [
    "14 parameters imported",
    "Left out of the file: conv3_4.bias, conv3_4.weight",
  ]);
});

Deno.test("import_weights refuses a file of another network", async () => {
  const tensors = vgg19();
  tensors.delete("conv2_2.bias");
  await rejects(run(tensors), {
    name: "RangeError",
    message:
      "Cannot import weights as conv1…conv3 of VGG-19 as the file must hold " +
      "its tensors:\n  missing: conv2_2.bias",
  });
});
