import { deepStrictEqual } from "node:assert/strict";
import { type InferenceSession, Tensor } from "onnxruntime-node";
import { compileOnnx } from "../../../lib/engine/onnx_program.ts";
import { Graph } from "../../../lib/graph/graph.ts";
import { neg } from "../../../lib/graph/operators/arithmetic.ts";

/** Compiles for a GPU on which only so many sessions start. */
async function compiled(startsUpTo: number) {
  const graph = new Graph("example");
  graph.output("y", neg(graph.input("x", "float32", [2])));
  const released: number[] = [];
  let count = 0;
  const program = await compileOnnx({
    ...{ name: "onnxruntime-web", device: "gpu", Tensor },
    keepsIn: "gpu-buffer",
    createSession() {
      const id = ++count;
      if (id > startsUpTo) return Promise.reject(new Error("no memory"));
      const release = () => Promise.resolve(void released.push(id));
      return Promise.resolve({ release } as unknown as InferenceSession);
    },
  }, graph).catch((error: Error) => error.message);
  return { program, released };
}

Deno.test("compileOnnx releases its sessions when one after them does not start", async () => {
  // The program's own, then those that copy to and from the card.
  deepStrictEqual(await compiled(1), { program: "no memory", released: [1] });
  deepStrictEqual(
    await compiled(2),
    { program: "no memory", released: [2, 1] },
  );
});
