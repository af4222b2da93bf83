import { deepStrictEqual } from "node:assert/strict";
import { formatGraph } from "../../../pipeline/plan/graph.ts";
import type { Decision } from "../../../pipeline/plan/plan.ts";
import { workflowFrom } from "../workflow/load_text.ts";

/** A plan of three steps, the first fresh and the others waiting. */
async function plan() {
  const { steps } = await workflowFrom(`workflow: w
steps:
  one: { stage: make_number, params: { value: 1 }, matrix: { k: ["a"] } }
  two: { stage: sum_numbers, inputs: { numbers: one.number } }
  three: { stage: add_numbers, inputs: { left: two.number, right: two.number } }
`);
  const actions = ["none", "run", "wait"];
  return steps.map((step, i) => ({
    step,
    decision: { action: actions[i] } as Decision,
  }));
}

Deno.test("formatGraph writes Mermaid, coloured by state", async () => {
  deepStrictEqual(formatGraph(await plan(), "mermaid").split("\n"), [
    "flowchart TD",
    '  s0["one[k=a]<br/><small>make_number</small>"]:::fresh',
    '  s1["two<br/><small>sum_numbers</small>"]:::stale',
    "  s0 --> s1",
    '  s2["three<br/><small>add_numbers</small>"]:::waiting',
    "  s1 --> s2",
    "  classDef fresh fill:#b7e1c0,stroke:#555,color:#111",
    "  classDef restored fill:#bcd9f5,stroke:#555,color:#111",
    "  classDef stale fill:#f7c4b4,stroke:#555,color:#111",
    "  classDef waiting fill:#f5e6a8,stroke:#555,color:#111",
    "",
  ]);
});

Deno.test("formatGraph writes Graphviz", async () => {
  deepStrictEqual(formatGraph(await plan(), "dot").split("\n"), [
    "digraph workflow {",
    "  node [shape=box, style=filled];",
    '  "one[k=a]" [label="one[k=a]\\nmake_number (fresh)", fillcolor="#b7e1c0"];',
    '  "two" [label="two\\nsum_numbers (stale)", fillcolor="#f7c4b4"];',
    '  "one[k=a]" -> "two";',
    '  "three" [label="three\\nadd_numbers (waiting)", fillcolor="#f5e6a8"];',
    '  "two" -> "three";',
    "}",
    "",
  ]);
});
