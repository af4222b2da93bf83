/**
 * A program, and a worker, that squares 2 and 3 on an engine: `run_engine.ts
 * ENGINE DEVICE` prints why it is that one and what came out.
 */
import { chooseEngine } from "../../../lib/engine/choose_engine.ts";
import type { EngineChoice } from "../../../lib/engine/choose_engine.ts";
import { Graph } from "../../../lib/graph/graph.ts";
import { mul } from "../../../lib/graph/operators/arithmetic.ts";

async function run(choice: EngineChoice) {
  const graph = new Graph("square");
  const x = graph.input("x", "float32", [2]);
  graph.output("square", mul(x, x));
  const { engine, why } = await chooseEngine(choice);
  const program = await engine.compile(graph);
  const { square } = await program.run({ x: Float32Array.of(2, 3) });
  await program.dispose();
  return { why, square: [...square as Float32Array] };
}

if (import.meta.main && Deno.args.length > 0) {
  const [engine, device] = Deno.args;
  const result = await run({ engine, device } as EngineChoice);
  console.log(JSON.stringify(result));
} else {
  const port = self as unknown as Pick<Worker, "onmessage" | "postMessage">;
  port.onmessage = async ({ data }) => port.postMessage(await run(data));
}
