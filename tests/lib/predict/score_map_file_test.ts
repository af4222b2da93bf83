import { deepStrictEqual, ok, strictEqual, throws } from "node:assert/strict";
import fc from "fast-check";
import { encodeSafetensors } from "../../../lib/net/safetensors.ts";
import {
  decodeScoreMap,
  encodeScoreMap,
} from "../../../lib/predict/score_map_file.ts";
import { anyScoreMap } from "./any_score_map.ts";

const MAP = {
  classCount: 2,
  width: 10,
  height: 3,
  outputStride: 8,
  data: Float32Array.from({ length: 12 }, (_, i) => i / 4),
};

Deno.test("decodeScoreMap gives back what was written", () => {
  fc.assert(
    fc.property(anyScoreMap(), (map) => {
      deepStrictEqual(decodeScoreMap(encodeScoreMap(map), "a"), map);
    }),
    { seed: 1, numRuns: 50 },
  );
});

Deno.test("decodeScoreMap gives back scores 4 px apart", () => {
  const size = { width: 10, height: 3, outputStride: 4 };
  const data = Float32Array.from({ length: 2 * 2 * 4 }, (_, i) => i / 4);
  const map = { classCount: 2, ...size, data };
  deepStrictEqual(decodeScoreMap(encodeScoreMap(map), "a"), map);
});

Deno.test("encodeScoreMap keeps eleven bits of a score", () => {
  const score = fc.float({ min: -30, max: 30, noNaN: true });
  fc.assert(
    fc.property(score, (x) => {
      const data = Float32Array.of(x);
      const size = { width: 1, height: 1, outputStride: 8 };
      const map = { ...size, classCount: 1, data };
      const { data: [read] } = decodeScoreMap(encodeScoreMap(map), "a");
      ok(Math.abs(read! - x) <= Math.abs(x) * 2 ** -11 + 2 ** -25);
    }),
    { seed: 1 },
  );
});

Deno.test("encodeScoreMap takes two bytes a score", () => {
  const cells = 21 * 64 * 48;
  const data = new Float32Array(cells);
  const size = { width: 500, height: 375, outputStride: 8 };
  const map = { ...size, classCount: 21, data };
  const { length } = encodeScoreMap(map);
  ok(length > 2 * cells && length < 2 * cells + 200);
});

Deno.test("encodeScoreMap refuses scores that half precision cannot hold", () => {
  const data = MAP.data.map(() => 1e5);
  throws(() => encodeScoreMap({ ...MAP, data }), {
    name: "RangeError",
    message: 'Cannot write tensor "scores" as F16 as its elements must be at ' +
      "most 65504: element 0 is 100000",
  });
});

/** A file with a tensor of a name and shape, and these metadata. */
function file(
  name: string,
  shape: number[],
  metadata: Record<string, string>,
): Uint8Array {
  const length = shape.reduce((product, size) => product * size, 1);
  const tensor = { shape, data: new Float32Array(length) };
  return encodeSafetensors({ tensors: new Map([[name, tensor]]), metadata });
}

Deno.test("decodeScoreMap refuses a file of something else", () => {
  throws(
    () => decodeScoreMap(file("fc8/weight", [2, 4], {}), "a.safetensors"),
    {
      name: "RangeError",
      message: 'Cannot read "a.safetensors" as a score map must have one ' +
        'tensor "scores", the picture\'s width and height and the output ' +
        "stride: it has fc8/weight, width undefined, height undefined and " +
        "output stride undefined",
    },
  );
});

Deno.test("decodeScoreMap refuses sizes that are no sizes", () => {
  const odd = file("scores", [2, 1, 1], {
    width: "-1",
    height: "1e9",
    outputStride: "8",
  });
  throws(() => decodeScoreMap(odd, "a.safetensors"), {
    name: "RangeError",
    message: 'Cannot read "a.safetensors" as a score map must have one ' +
      'tensor "scores", the picture\'s width and height and the output ' +
      "stride: it has scores, width -1, height 1e9 and output stride 8",
  });
});

Deno.test("decodeScoreMap refuses scores that do not tell how far apart they are", () => {
  const size = { width: "9", height: "9" };
  for (const outputStride of [undefined, "0", "-4", "4.5", "four", "4 "]) {
    const told: Record<string, string> = outputStride === undefined
      ? size
      : { ...size, outputStride };
    const odd = file("scores", [2, 3, 3], told);
    throws(() => decodeScoreMap(odd, "a.safetensors"), {
      name: "RangeError",
      message: 'Cannot read "a.safetensors" as a score map must have one ' +
        'tensor "scores", the picture\'s width and height and the output ' +
        `stride: it has scores, width 9, height 9 and output stride ` +
        `${outputStride}`,
    });
  }
});

Deno.test("decodeScoreMap refuses scores of another size of picture", () => {
  const odd = file("scores", [2, 1, 3], {
    width: "9",
    height: "9",
    outputStride: "8",
  });
  throws(() => decodeScoreMap(odd, "a.safetensors"), {
    name: "RangeError",
    message: 'Cannot read "a.safetensors" as the scores of a picture of ' +
      "9 × 9 px, 8 px apart, must be [C, 2, 2]: they are [2, 1, 3]",
  });
});

Deno.test("decodeScoreMap refuses scores of another output stride", () => {
  const odd = file("scores", [2, 2, 2], {
    width: "9",
    height: "9",
    outputStride: "4",
  });
  throws(() => decodeScoreMap(odd, "a.safetensors"), {
    name: "RangeError",
    message: 'Cannot read "a.safetensors" as the scores of a picture of ' +
      "9 × 9 px, 4 px apart, must be [C, 3, 3]: they are [2, 2, 2]",
  });
});

Deno.test("decodeScoreMap refuses a file cut short", () => {
  const bytes = encodeScoreMap(MAP);
  throws(() => decodeScoreMap(bytes.subarray(0, bytes.length - 1), "a"));
  strictEqual(decodeScoreMap(bytes, "a").width, 10);
});

Deno.test("decodeScoreMap reads back what the network ran on", () => {
  const map = { ...MAP, engine: "onnxruntime-node on cpu" };
  const { engine } = decodeScoreMap(encodeScoreMap(map), "a.safetensors");
  strictEqual(engine, map.engine);
});
