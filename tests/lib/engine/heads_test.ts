/**
 * Every engine against the float64 interpreter: loss and every gradient of one
 * training step of each head, with layers that fill channel blocks.
 */
import { deepStrictEqual, ok } from "node:assert/strict";
import { inBlocks } from "../../../lib/engine/blocked_layout.ts";
import type { Device } from "../../../lib/engine/engine.ts";
import { evaluate } from "../graph/reference.ts";
import { assertClose, numbersOf, runOn } from "./agreement.ts";
import { candidates, testEach } from "./engines.ts";
import { headSteps, shortStep } from "./heads.ts";
import type { FedGraph } from "./primitive_graph.ts";

const ALL = await candidates();

/** Declares the tests of a step, for which the interpreter runs once. */
function testStep(
  device: Device,
  [name, step]: readonly [string, FedGraph],
): void {
  let expected: ReturnType<typeof evaluate> | null = null;
  testEach(
    ALL.filter((candidate) => candidate.device === device),
    `computes a step of ${name}`,
    async (engine) => {
      expected ??= evaluate(step.graph, numbersOf(step));
      assertClose(await runOn(engine, step), expected);
    },
  );
}

for (const step of headSteps()) testStep("cpu", step);
testStep("gpu", ["a head with all there is", shortStep()]);

Deno.test("steps of all heads have numbers to compare, and fill blocks", () => {
  for (const [name, { graph }] of headSteps()) {
    const learnt = [...graph.outputs.keys()]
      .filter((output) => output.startsWith("gradient:"));
    deepStrictEqual(learnt.length, graph.parameters.length, name);
    const blocked = inBlocks(graph, 16).nodes
      .filter(({ operator }) => operator.domain !== undefined);
    ok(blocked.length > 40, `${name}: ${blocked.length}`);
  }
});
