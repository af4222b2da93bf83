import { deepStrictEqual } from "node:assert/strict";
import * as fc from "fast-check";
import { layOutGraph } from "../../../lib/page/graph_layout.ts";

Deno.test("layOutGraph leaves out the lines that others imply", () => {
  const { edges } = layOutGraph([
    { name: "draw", after: [] },
    { name: "index", after: ["draw"] },
    { name: "train", after: ["draw", "index"] },
    { name: "score", after: ["draw", "train", "elsewhere"] },
  ]);
  deepStrictEqual(edges.map(({ from, to }) => `${from} → ${to}`), [
    "draw → index",
    "index → train",
    "train → score",
  ]);
});

Deno.test("layOutGraph puts every step below those that feed it, and none upon another", () => {
  const graphs = fc.array(fc.nat({ max: 7 }), { minLength: 1, maxLength: 8 });
  fc.assert(
    fc.property(graphs, (feeders) => {
      const steps = feeders.map((feeder, i) => ({
        name: `s${i}`,
        after: feeder < i ? [`s${feeder}`] : [],
      }));
      const { nodes, edges } = layOutGraph(steps);
      const y = new Map(nodes.map((node) => [node.name, node.y]));
      const places = new Set(nodes.map(({ x, y }) => `${x} ${y}`));
      return places.size === nodes.length &&
        edges.every(({ from, to }) => y.get(from)! < y.get(to)!);
    }),
    { numRuns: 50 },
  );
});
