import { deepStrictEqual, ok, throws } from "node:assert/strict";
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

Deno.test("a config of absurd numbers is refused before a network is built of it", () => {
  const resnet = { kind: "resnet101", multiScale: true };
  const largefov = { kind: "largefov" };
  const mobilenet = { kind: "mobilenet_v2" };
  const huge = 2 ** 33;
  const plain = { kind: "plain" };
  const absurd: [Record<string, unknown>, Record<string, unknown>][] = [
    ...[0, -5, 3000, huge].map((count) =>
      [{ ...resnet, blocks: [3, 4, count, 3] }, plain] as [
        Record<string, unknown>,
        Record<string, unknown>,
      ]
    ),
    [{ ...largefov, fcChannels: huge }, plain],
    [{ ...largefov, fc7Channels: huge }, { kind: "bcm" }],
    [{ ...largefov, maxChannels: huge }, plain],
    [{ ...largefov, fc6Dilation: huge }, plain],
    [{ ...largefov, inputScale: 1e300 }, plain],
    [{ ...largefov, inputScale: 1e-300 }, plain],
    [{ ...largefov, classifierRate: 1e300 }, plain],
    [{ ...mobilenet, fcChannels: huge }, plain],
    [{ ...mobilenet, fc6Dilation: huge }, plain],
    [largefov, { kind: "bgm", alphaBias: 1e300 }],
    [largefov, { kind: "bcm", alphaBias: -1e300 }],
  ];
  const tensors = new Map();
  for (const [network, head] of absurd) {
    const segmenter = JSON.stringify({ network, head, classCount: 21 });
    const start = performance.now();
    throws(
      () => modelOf({ tensors, metadata: { segmenter } }),
      /^RangeError: Cannot read a model as its metadata must say what it is/,
      segmenter,
    );
    const took = performance.now() - start;
    ok(took < 100, `${segmenter} took ${took} ms`);
  }
});
