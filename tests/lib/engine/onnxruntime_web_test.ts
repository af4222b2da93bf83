import { strictEqual } from "node:assert/strict";
import { startOnnxruntimeWeb } from "../../../lib/engine/onnxruntime_web.ts";
import { Graph } from "../../../lib/graph/graph.ts";
import { neg } from "../../../lib/graph/operators/arithmetic.ts";

Deno.test("onnxruntime-web leaves the program the workers it had", async () => {
  const { Worker } = globalThis;
  const graph = new Graph("example");
  graph.output("y", neg(graph.input("x", "float32", [2])));
  const engine = await startOnnxruntimeWeb("cpu");
  const program = await engine.compile(graph);
  await program.dispose();
  strictEqual(globalThis.Worker, Worker);
});
