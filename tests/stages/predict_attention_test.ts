import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { modelWeights } from "../../lib/net/model_file.ts";
import { predictAttention } from "../../stages/predict_attention.ts";
import { smallModel } from "../lib/predict/small_models.ts";
import { noisePictures } from "./noise_pictures.ts";
import { runStage } from "./run_stage.ts";

const PICTURES = noisePictures({ a: [33, 20], b: [17, 9] });
const params = { device: "cpu" } as const;

/** The stage with a small model of a head. */
function predicted(head: { kind: "plain" | "bcm" | "bgm" }) {
  const model = smallModel("largefov", { classCount: 4, head });
  const inputs = { ...PICTURES, weights: modelWeights(model) };
  return runStage(predictAttention, { params, inputs });
}

Deno.test("predict_attention gives a map for each class, or one for all", async () => {
  for (const [kind, count] of [["bcm", 4], ["bgm", 1]] as const) {
    const { outputs, log } = await predicted({ kind });
    const { classCount, data, width } = outputs.maps.a!;
    deepStrictEqual([classCount, width], [count, 33]);
    strictEqual(data.length, count * 5 * 4);
    ok(data.every((level) => level > 0 && level < 1));
    deepStrictEqual(Object.keys(outputs.maps), ["a", "b"]);
    strictEqual(log.length, 1);
  }
});

Deno.test("predict_attention passes over a model without attention, and says so", async () => {
  const { outputs, log } = await predicted({ kind: "plain" });
  deepStrictEqual(outputs.maps, {});
  deepStrictEqual(log, [
    "predicts nothing, as the model's head has no attention",
  ]);
});
