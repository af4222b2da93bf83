import { deepStrictEqual, ok } from "node:assert/strict";
import { Graph } from "../../../lib/graph/graph.ts";
import { pixelCrossEntropy } from "../../../lib/loss/cross_entropy.ts";
import { evaluate } from "../graph/reference.ts";

/** The loss of each pixel of one picture. */
function entropies(
  scores: readonly number[],
  labels: readonly number[],
  { from, to }: { from: number[]; to: number[] },
): number[] {
  const graph = new Graph("cross-entropy");
  const input = graph.input("scores", "float32", [1, 2, ...from]);
  const wanted = graph.input("labels", "float32", [1, 1, ...to]);
  graph.output("loss", pixelCrossEntropy(input, wanted));
  return [...evaluate(graph, { scores, labels }).loss!];
}

function assertClose(found: number[], expected: number[]): void {
  deepStrictEqual(found.length, expected.length);
  found.forEach((x, i) => ok(Math.abs(x - expected[i]!) < 1e-12, `${found}`));
}

Deno.test("pixelCrossEntropy is −ln of the label's softmax", () => {
  const size = { from: [1, 2], to: [1, 2] };
  // Class 0 scores 0 and 1, class 1 scores ln 3 and 1.
  assertClose(entropies([0, 1, Math.log(3), 1], [0, 1], size), [
    Math.log(4),
    Math.log(2),
  ]);
});

Deno.test("pixelCrossEntropy stands scores that would overflow", () => {
  const size = { from: [1, 1], to: [1, 1] };
  assertClose(entropies([1000, -1000], [1], size), [2000]);
});

Deno.test("pixelCrossEntropy resizes scores of other scales, corners aligned", () => {
  const size = { from: [1, 2], to: [1, 3] };
  const middle = Math.log(1 + Math.exp(2));
  assertClose(entropies([0, 0, 0, 4], [0, 0, 0], size), [
    Math.log(2),
    middle,
    Math.log(1 + Math.exp(4)),
  ]);
});
