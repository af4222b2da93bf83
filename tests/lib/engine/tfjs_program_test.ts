import { deepStrictEqual, rejects, strictEqual } from "node:assert/strict";
import { memory } from "@tensorflow/tfjs-core";
import { startTfjs } from "../../../lib/engine/tfjs.ts";
import { KERNELS } from "../../../lib/engine/tfjs_kernels.ts";
import {
  compileTfjs,
  type GpuErrors,
} from "../../../lib/engine/tfjs_program.ts";
import { Graph } from "../../../lib/graph/graph.ts";
import { defineOperator } from "../../../lib/graph/operator.ts";
import { mul } from "../../../lib/graph/operators/arithmetic.ts";
import { apply } from "../../../lib/graph/value.ts";

await startTfjs("cpu");

/** A GPU's errors: `next` is what the scopes that are ended next had. */
function fakeGpu() {
  const state = { open: 0, next: null as string | null };
  const gpu: GpuErrors = {
    pushErrorScope: () => void state.open++,
    popErrorScope() {
      state.open--;
      return Promise.resolve(state.next ? { message: state.next } : null);
    },
  };
  const backend = { name: "wasm", device: "gpu", gpu } as const;
  return { state, backend };
}

Deno.test("a run with an error of the GPU leaves kept parameters as they were", async () => {
  const { state, backend } = fakeGpu();
  const graph = new Graph("step");
  const weight = graph.parameter("weight", [1]);
  graph.output("next", mul(weight, graph.scalar(0.5)));
  graph.output("loss", mul(weight, weight));
  const kept = new Map([["weight", "next"]]);
  const program = compileTfjs(backend, graph, { kept });
  await program.write("weight", Float32Array.of(8));
  const tensors = memory().numTensors;
  state.next = "a shader broke";
  await rejects(program.run({}), { message: /: a shader broke; a shader/ });
  strictEqual(memory().numTensors, tensors);
  deepStrictEqual(await program.read("weight"), Float32Array.of(8));
  state.next = null;
  deepStrictEqual(await program.run({}), { loss: Float32Array.of(64) });
  deepStrictEqual(await program.read("weight"), Float32Array.of(4));
  await program.dispose();
});

Deno.test("a node that throws leaves no scope for errors open", async () => {
  const { state, backend } = fakeGpu();
  const broken = defineOperator({ name: "Broken", infer: ([x]) => [x!] });
  const kernels = KERNELS as Map<string, unknown>;
  const run = () => {
    throw new Error("it broke");
  };
  kernels.set("Broken", { run });
  const graph = new Graph("step");
  const x = graph.input("x", "float32", [1]);
  graph.output("y", apply(broken, [x], {}));
  const program = compileTfjs(backend, graph);
  state.next = "a shader broke";
  await rejects(program.run({ x: Float32Array.of(1) }), {
    message: 'Cannot run node "Broken" (Broken) as tfjs must take it: it broke',
  });
  kernels.delete("Broken");
  strictEqual(state.open, 0);
  await program.dispose();
});
