/**
 * Every engine against the float64 interpreter: each primitive operator, and
 * the gradients of a network.
 */
import { deepStrictEqual, ok, rejects } from "node:assert/strict";
import { memory } from "@tensorflow/tfjs-core";
import type { Engine, Program } from "../../../lib/engine/engine.ts";
import { KERNELS } from "../../../lib/engine/tfjs_kernels.ts";
import {
  findAdapter,
  formatAdapter,
} from "../../../lib/engine/webgpu_adapter.ts";
import { Graph } from "../../../lib/graph/graph.ts";
import { add, mul } from "../../../lib/graph/operators/arithmetic.ts";
import type { TensorData } from "../../../lib/graph/tensor_type.ts";
import { defineOperator } from "../../../lib/graph/operator.ts";
import { apply } from "../../../lib/graph/value.ts";
import { evaluate } from "../graph/reference.ts";
import {
  assertClose,
  distance,
  numbersOf,
  runOn,
  TOLERANCE,
} from "./agreement.ts";
import { candidates, testEach } from "./engines.ts";
import { bytesInUse } from "./memory.ts";
import { batch, gradientGraph, weights } from "./networks.ts";
import { primitiveGraph } from "./primitive_graph.ts";

const ALL = await candidates();
const PRIMITIVES = primitiveGraph();

Deno.test("the graph of primitives has all that engines are asked for", () => {
  const used = new Set(
    PRIMITIVES.graph.nodes.map(({ operator }) => operator.name),
  );
  deepStrictEqual([...KERNELS.keys()].filter((name) => !used.has(name)), []);
  ok(used.size >= 30);
});

testEach(
  ALL,
  "runs every primitive as the interpreter does",
  async (engine) => {
    const expected = evaluate(PRIMITIVES.graph, numbersOf(PRIMITIVES));
    assertClose(await runOn(engine, PRIMITIVES), expected);
  },
);

testEach(
  ALL.filter(({ device }) => device === "gpu"),
  "names the GPU, or the program that stands in for it",
  async ({ detail }) => {
    const adapter = await findAdapter();
    const isNamed = adapter !== null &&
      detail.includes(formatAdapter(adapter.info));
    // CUDA is never such a program.
    ok(isNamed || detail === "CUDA", detail);
  },
);

const NETWORKS = { cpu: gradientGraph(false), gpu: gradientGraph(true) };

testEach(ALL, "computes loss and gradients of a network", async (engine) => {
  const network = NETWORKS[engine.device];
  const expected = evaluate(network.graph, numbersOf(network));
  assertClose(await runOn(engine, network), expected);
});

/** The network with its parameters kept, but for `stays`, which do not move. */
async function training(
  engine: Engine,
  stays: readonly string[] = [],
): Promise<Program> {
  const { graph, nexts } = NETWORKS[engine.device];
  const kept = new Map<string, string | null>(nexts);
  for (const name of stays) kept.set(name, null);
  const program = await engine.compile(graph, { kept });
  for (const [name, data] of weights()) await program.write(name, data);
  return program;
}

testEach(ALL, "keeps parameters from run to run", async (engine) => {
  const { graph, nexts, feeds } = NETWORKS[engine.device];
  const program = await training(engine);
  const numbers: Record<string, ArrayLike<number>> = numbersOf({
    graph,
    feeds,
  });
  for (let step = 0; step < 3; step++) {
    const expected = evaluate(graph, numbers);
    const found = await program.run(batch());
    for (const [name, next] of nexts) {
      numbers[name] = expected[next]!;
      delete expected[next];
    }
    assertClose(found, expected);
  }
  for (const name of nexts.keys()) {
    const found = await program.read(name);
    ok(distance(found, numbers[name] as Float64Array) < TOLERANCE, name);
  }
  await program.dispose();
});

testEach(
  ALL,
  "takes new values of parameters, and leaves some as they are",
  async (engine) => {
    const program = await training(engine, ["bias1"]);
    const before = await program.run(batch());
    deepStrictEqual(await program.read("bias1"), weights().get("bias1"));
    for (const [name, data] of weights()) await program.write(name, data);
    deepStrictEqual(await program.read("conv1"), weights().get("conv1"));
    const again = await program.run(batch());
    // A GPU may add in another order.
    if (engine.device === "cpu") deepStrictEqual(again, before);
    await program.dispose();
  },
);

testEach(ALL, "freezes parameters", async (engine) => {
  const network = NETWORKS[engine.device];
  const constants = weights();
  const program = await engine.compile(network.graph, { constants });
  assertClose(
    await program.run(batch()),
    evaluate(network.graph, numbersOf(network)),
  );
  await program.dispose();
});

/** The same numbers in shared memory. */
function shared(data: TensorData): TensorData {
  const memory = new SharedArrayBuffer(data.byteLength + 8);
  const view = new Float32Array(memory, 8, data.length);
  view.set(data as Float32Array);
  return view;
}

testEach(
  ALL.filter(({ device }) => device === "cpu"),
  "reads feeds out of shared memory, and anew each time",
  async (engine) => {
    const program = await training(engine);
    const plain = await training(engine);
    for (const scale of [1, 2]) {
      const feeds = Object.fromEntries(
        Object.entries(batch()).map(([name, data]) => [
          name,
          (data as Float32Array).map((x) => scale * x),
        ]),
      );
      const inShared = Object.fromEntries(
        Object.entries(feeds).map(([name, data]) => [name, shared(data)]),
      );
      const expected = await plain.run(feeds);
      assertClose(
        await program.run(inShared),
        Object.fromEntries(
          Object.entries(expected).map(([name, data]) => [
            name,
            Float64Array.from(data as Float32Array),
          ]),
        ),
      );
    }
    await program.dispose();
    await plain.dispose();
  },
);

testEach(ALL, "names all feeds that do not fit", async (engine) => {
  const { graph } = NETWORKS[engine.device];
  const program = await engine.compile(graph, {
    kept: new Map([["bias1", null]]),
    constants: new Map([...weights()].filter(([name]) => name !== "bias1")),
  });
  await rejects(
    program.run({ images: new Float32Array(3), labels: new Uint8Array(1) }),
    {
      name: "RangeError",
      message: 'Cannot run graph "network" as its feeds must fit it: ' +
        '"images" is float32 × 3, not float32[2, 3, 17, 17]; ' +
        '"wanted" is missing, float32[2, 5, 9, 9]; "labels" is surplus; ' +
        'kept "bias1" was never written',
    },
  );
  await rejects(program.read("bias1"), {
    name: "RangeError",
    message: 'Cannot read "bias1" as a kept parameter must be written first: ' +
      "it was not",
  });
  await program.dispose();
});

testEach(
  ALL.filter(({ device }) => device === "cpu"),
  "gives the same bytes again",
  async (engine) => {
    const first = await runOn(engine, NETWORKS.cpu);
    deepStrictEqual(await runOn(engine, NETWORKS.cpu), first);
  },
);

testEach(
  ALL.filter(({ device }) => device === "cpu"),
  "frees what its runs took",
  async (engine) => {
    const graph = new Graph("large");
    const count = 1_000_000;
    const weight = graph.parameter("weight", [count]);
    const x = graph.input("x", "float32", [count]);
    graph.output("sum", add(x, weight));
    graph.output("next", mul(weight, graph.scalar(0.5)));
    const kept = new Map([["weight", "next"]]);
    const program = await engine.compile(graph, { kept });
    await program.write("weight", new Float32Array(count).fill(1));
    const feed = new Float32Array(count);
    const run = async (times: number) => {
      for (let i = 0; i < times; i++) await program.run({ x: feed });
    };
    await run(50);
    const early = await bytesInUse();
    // Runs that kept one of their tensors would make it 2,000 MB.
    const limit = early + 700e6;
    await run(500);
    const late = await bytesInUse(limit);
    await program.dispose();
    ok(late < limit, `${(late - early) / 1e6} MB more`);
  },
);

testEach(
  ALL.filter(({ title }) => title.startsWith("tfjs")),
  "frees every tensor",
  async (engine) => {
    const before = memory().numTensors;
    const program = await training(engine);
    await program.run(batch());
    const during = memory().numTensors;
    await program.run(batch());
    deepStrictEqual(memory().numTensors, during);
    await rejects(program.run({}), RangeError);
    await program.dispose();
    deepStrictEqual(memory().numTensors, before);
  },
);

testEach(ALL, "names a node that it cannot run", async (engine) => {
  const graph = new Graph("strange");
  const unknown = defineOperator({ name: "Unknown", infer: ([x]) => [x!] });
  const x = graph.input("x", "float32", [1]);
  graph.output("y", graph.scope("deep", () => apply(unknown, [x], {})));
  await rejects(engine.compile(graph), {
    name: "Error",
    message: /^Cannot compile graph "strange" as .+ must take .*Unknown/s,
  });
});
