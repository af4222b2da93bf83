import { deepStrictEqual, throws } from "node:assert/strict";
import { initialise } from "../../../lib/net/initialise.ts";
import { modelOf, modelWeights } from "../../../lib/net/model_file.ts";
import {
  decodeSafetensors,
  encodeSafetensors,
} from "../../../lib/net/safetensors.ts";
import { segmenterParameters } from "../../../lib/net/segmenter.ts";
import { configOf, TINY } from "./built_segmenter.ts";

const CONFIG = configOf(TINY, { kind: "bcm" });
const MODEL = {
  config: CONFIG,
  values: initialise(segmenterParameters(CONFIG), 3),
  about: { iterations: "700" },
};

Deno.test("a model comes back from its bytes with config and values", () => {
  const bytes = encodeSafetensors(modelWeights(MODEL));
  deepStrictEqual(modelOf(decodeSafetensors(bytes)), MODEL);
});

Deno.test("a model without a value is not kept", () => {
  const values = new Map(MODEL.values);
  values.delete("fc7/bias");
  throws(() => modelWeights({ ...MODEL, values }), {
    message: "Cannot keep a model as each parameter must have a value: " +
      '"fc7/bias" has none',
  });
});

Deno.test("a file that is no model is refused, with all that is wrong", () => {
  const { metadata, tensors } = modelWeights(MODEL);
  throws(() => modelOf({ tensors, metadata: {} }), {
    message: "Cannot read a model as its metadata must say what it is under " +
      '"segmenter": there is no such entry',
  });
  throws(
    () => modelOf({ tensors, metadata: { segmenter: '{"classCount": 1}' } }),
    /^RangeError: Cannot read a model as its metadata must say what it is/,
  );
  const wrong = new Map(tensors);
  wrong.delete("fc7/bias");
  wrong.set("fc9/bias", { shape: [1], data: Float32Array.of(1) });
  wrong.set("fc8/bias", { shape: [1], data: Float32Array.of(1) });
  wrong.set("fc6/bias", {
    shape: [8],
    data: new Float32Array(8).fill(Infinity),
  });
  throws(() => modelOf({ tensors: wrong, metadata }), {
    message: "Cannot read a model as the file must hold its tensors:\n" +
      "  missing: fc7/bias\n  surplus: fc9/bias\n" +
      "  mis-shaped: fc8/bias is [1]\n  not finite: fc6/bias",
  });
});
