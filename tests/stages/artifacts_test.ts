import { WEIGHTS, WEIGHTS_FILE } from "../../stages/artifacts.ts";
import { deepStrictEqual, throws } from "node:assert/strict";

Deno.test("WEIGHTS keeps tensors and metadata, and names a file that is none", async () => {
  const tensor = { shape: [2], data: Float32Array.of(1, 2) };
  const file = {
    tensors: new Map([["fc8/bias", tensor]]),
    metadata: { layout: "vgg16" },
  };
  deepStrictEqual(WEIGHTS.decode(await WEIGHTS.encode(file), "w"), file);
  throws(() => WEIGHTS.decode(Uint8Array.of(1), "w.safetensors"), {
    name: "RangeError",
    message: 'Cannot read safetensors "w.safetensors" as it must begin with ' +
      "8 bytes of length: 1 bytes",
  });
});

Deno.test("WEIGHTS_FILE names a file that is none", () => {
  throws(() => WEIGHTS_FILE.decode(Uint8Array.of(1), "vgg16.pth"), {
    message: /^Cannot read "vgg16.pth" as it must be safetensors or ONNX: /,
  });
});
