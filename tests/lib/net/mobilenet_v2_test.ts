import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import * as fc from "fast-check";
import { Graph } from "../../../lib/graph/graph.ts";
import { relu6 } from "../../../lib/graph/operators/activation.ts";
import { add } from "../../../lib/graph/operators/arithmetic.ts";
import type { Value } from "../../../lib/graph/value.ts";
import {
  mobileNetBlocks,
  mobileNetV2Encoder,
  samePads,
} from "../../../lib/net/mobilenet_v2.ts";
import { NetBuilder } from "../../../lib/net/net_builder.ts";
import { randomNumbers } from "../graph/differences.ts";
import { evaluate } from "../graph/reference.ts";
import { build, configOf, lively } from "./built_segmenter.ts";

const WIDTH = 0.1;
const SIDE = 33;

Deno.test("samePads gives ⌈size / stride⌉ outputs with the odd cell at the end", () => {
  const Layer = fc.record({
    kernel: fc.constantFrom(1, 3, 5),
    stride: fc.integer({ min: 1, max: 3 }),
    dilation: fc.integer({ min: 1, max: 4 }),
  });
  fc.assert(
    fc.property(fc.integer({ min: 20, max: 99 }), Layer, (size, layer) => {
      const [before, after] = samePads(size, layer);
      const extent = (layer.kernel - 1) * layer.dilation + 1;
      const outputs =
        Math.floor((size + before + after - extent) / layer.stride) + 1;
      return outputs === Math.ceil(size / layer.stride) &&
        (after === before || after === before + 1);
    }),
    { seed: 1 },
  );
});

Deno.test("samePads is even at 8k + 1, uneven at even sizes", () => {
  const layer = { kernel: 3, stride: 2, dilation: 1 };
  deepStrictEqual(samePads(97, layer), [1, 1]);
  deepStrictEqual(samePads(96, layer), [0, 1]);
});

Deno.test("blocks have MobileNetV2's channels at width 1", () => {
  const { stemChannels, blocks } = mobileNetBlocks(1);
  strictEqual(stemChannels, 32);
  deepStrictEqual(blocks.map(({ channels }) => channels), [
    ...[16, 24, 24, 32, 32, 32, 64, 64, 64, 64],
    ...[96, 96, 96, 160, 160, 160, 320],
  ]);
  deepStrictEqual(
    blocks.filter(({ stride }) => stride === 2).map(({ name }) => name),
    ["block1", "block3"],
  );
});

/** MobileNetV2 as published: it strides down to cells of 32 px. */
function stridedEncoder(builder: NetBuilder, images: Value): Value {
  const { stemChannels, blocks } = mobileNetBlocks(WIDTH);
  const layer = (x: Value, name: string, channels: number, group = 0, s = 1) =>
    builder.convolution(x, {
      name,
      channels,
      kernel: group === 0 ? 1 : 3,
      pad: group === 0 ? 0 : 1,
      stride: s,
      group: group || 1,
    });
  let x = relu6(layer(images, "stem", stemChannels, 1, 2));
  for (const [b, block] of blocks.entries()) {
    const { name, hiddenChannels: hidden, channels } = block;
    const stride = [1, 3, 6, 13].includes(b) ? 2 : 1;
    const expanded = b === 0 ? x : relu6(layer(x, `${name}/expand`, hidden));
    const filtered = relu6(
      layer(expanded, `${name}/depthwise`, hidden, hidden, stride),
    );
    const projected = layer(filtered, `${name}/project`, channels);
    const isFirst = [0, 1, 3, 6, 10, 13, 16].includes(b);
    x = isFirst ? projected : add(projected, x);
  }
  return x;
}

Deno.test("at cells of 8 px, MobileNetV2 gives what it gives at 32 px in every fourth", () => {
  const graph = new Graph("both");
  const images = graph.input("images", "float32", [1, 3, SIDE, SIDE]);
  const builder = new NetBuilder(graph, "predict");
  const config = { width: WIDTH, frozenBlocks: 0 };
  graph.output("dense", mobileNetV2Encoder(builder, images, config));
  const strided = stridedEncoder(builder, images);
  graph.output("strided", strided);
  const { dense, strided: coarse } = evaluate(graph, {
    ...lively(builder.parameters),
    images: randomNumbers(3 * SIDE * SIDE, 2),
  });
  const [, channels, , cells] = strided.shape;
  strictEqual(cells, 2);
  for (let c = 0; c < channels!; c++) {
    for (const [y, x] of [[0, 0], [0, 1], [1, 0], [1, 1]]) {
      const a = dense![(c * 5 + 4 * y!) * 5 + 4 * x!]!;
      const b = coarse![(c * 2 + y!) * 2 + x!]!;
      ok(Math.abs(a - b) <= 1e-9 * (1 + Math.abs(b)), `${a} and ${b}`);
      ok(b !== 0);
    }
  }
});

Deno.test("frozenBlocks freezes the stem and the blocks after it, one by one", () => {
  const frozen = (frozenBlocks: number) => {
    const network = { kind: "mobilenet_v2", width: WIDTH, frozenBlocks };
    const names = build(configOf(network)).builder.parameters
      .filter(({ rate }) => rate === 0).map(({ name }) => name.split("/")[0]);
    return [...new Set(names)];
  };
  deepStrictEqual(frozen(0), []);
  deepStrictEqual(frozen(1), ["stem"]);
  deepStrictEqual(frozen(3), ["stem", "block0", "block1"]);
  strictEqual(frozen(18).length, 18);
});

Deno.test("MobileNetV2 ends like LargeFOV", () => {
  const network = { kind: "mobilenet_v2", fcChannels: 64, fc6Dilation: 4 };
  const { builder, output } = build(configOf(network), { side: 65 });
  deepStrictEqual(output.scores.shape, [1, 3, 9, 9]);
  deepStrictEqual(
    builder.parameters.slice(-6).map(({ shape }) => shape),
    [[64, 320, 3, 3], [64], [64, 64, 1, 1], [64], [3, 64, 1, 1], [3]],
  );
});
