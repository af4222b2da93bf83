import { deepStrictEqual, strictEqual, throws } from "node:assert/strict";
import { Graph } from "../../../lib/graph/graph.ts";
import { NetBuilder, type NetMode } from "../../../lib/net/net_builder.ts";
import { evaluate } from "../graph/reference.ts";

function started(mode: NetMode) {
  const graph = new Graph("net");
  const x = graph.input("x", "float32", [1, 4, 1, 1]);
  return { graph, x, builder: new NetBuilder(graph, mode) };
}

Deno.test("a convolution learns a weight with decay and a bias without, twice as fast", () => {
  const { builder, x } = started("train");
  builder.convolution(x, { name: "a", channels: 6, kernel: 1, group: 2 });
  deepStrictEqual(builder.parameters, [
    {
      name: "a/weight",
      shape: [6, 2, 1, 1],
      init: { kind: "he" },
      rate: 1,
      decays: true,
    },
    {
      name: "a/bias",
      shape: [6],
      init: { kind: "constant", value: 0 },
      rate: 2,
      decays: false,
    },
  ]);
});

Deno.test("a parameter asked for twice is one, unless it is asked for otherwise", () => {
  const { builder, x } = started("train");
  const layer = { name: "a", channels: 4, kernel: 1 };
  builder.convolution(builder.convolution(x, layer), layer);
  strictEqual(builder.parameters.length, 2);
  throws(() => builder.convolution(x, { ...layer, channels: 8 }), {
    name: "RangeError",
    message: /^Cannot share parameter "a\/weight" as all its users must ask/,
  });
});

Deno.test("dropout keeps what it is told to, scaled, and tells what it needs", () => {
  const { graph, builder, x } = started("train");
  graph.output("y", builder.dropout(x, "fc7", 0.25));
  deepStrictEqual(builder.dropouts, [
    { name: "fc7/kept", shape: [1, 4, 1, 1], keepShare: 0.25 },
  ]);
  const feeds = { x: [1, 2, 3, 4], "fc7/kept": [1, 0, 0, 1] };
  deepStrictEqual([...evaluate(graph, feeds).y!], [4, 0, 0, 16]);
});

Deno.test("dropout does nothing in prediction, nor when all is kept", () => {
  const predicting = started("predict");
  strictEqual(
    predicting.builder.dropout(predicting.x, "fc7"),
    predicting.x,
  );
  const { builder, x } = started("train");
  strictEqual(builder.dropout(x, "fc7", 1), x);
});
