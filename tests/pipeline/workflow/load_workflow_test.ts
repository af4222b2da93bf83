import { deepStrictEqual, ok } from "node:assert";
import fc from "fast-check";
import { formatDiagnostics } from "../../../pipeline/workflow/diagnostic.ts";
import { loadWorkflow } from "../../../pipeline/workflow/load_workflow.ts";
import { FAKE_STAGES } from "./fake_stages.ts";
import { workflowFrom } from "./load_text.ts";

const TEXT = `# one experiment
workflow: sample
seed: 1
params: { value: 2, seeds: [1, 2] }
steps:
  total:
    stage: sum_numbers
    inputs: { numbers: draw.number }
  draw:
    stage: draw_number
    matrix: { seed: "\${params.seeds}" }
    seed: "\${matrix.seed}"
`;

Deno.test("loadWorkflow takes text and bytes alike", async () => {
  const options = { file: "w.yaml", stages: FAKE_STAGES };
  const fromText = await loadWorkflow(TEXT, options);
  const bytes = new TextEncoder().encode(TEXT);
  deepStrictEqual(await loadWorkflow(bytes, options), fromText);
  ok(fromText.ok);
  deepStrictEqual(fromText.workflow.steps.map(({ id }) => id), [
    "draw[seed=1]",
    "draw[seed=2]",
    "total",
  ]);
});

Deno.test("loadWorkflow gives the same for YAML in any style", async () => {
  const other = TEXT.replace(
    "numbers: draw.number",
    'numbers: "draw.\\\n      number"',
  );
  const long = other.replace(
    "stage: sum_numbers",
    "? stage\n    : sum_numbers",
  );
  deepStrictEqual(await workflowFrom(long), await workflowFrom(TEXT));
});

Deno.test("loadWorkflow gives diagnostics as data, sorted", async () => {
  const loaded = await loadWorkflow("workflow: w\nsteps: {b: {stage: x}}", {
    file: "w.yaml",
    stages: [],
    overrides: ["a=1"],
  });
  deepStrictEqual(loaded, {
    ok: false,
    diagnostics: [
      {
        message: 'Cannot override "a" as "params" must have "a": there is none',
        file: null,
        position: {
          line: 1,
          column: 7,
          excerpt: "--set a=1",
          indent: 6,
          length: 1,
        },
      },
      {
        message: 'Cannot run step "b" as stage "x" must exist: there is none',
        file: "w.yaml",
        position: {
          line: 2,
          column: 20,
          excerpt: "steps: {b: {stage: x}}",
          indent: 19,
          length: 1,
        },
      },
    ],
  });
});

Deno.test("loadWorkflow says what is wrong with any text, and throws never", async () => {
  const piece = fc.oneof(
    fc.constantFrom(..." \n:#-{}[],\"'|>&*!?%@${.~1a", "params.", "\n  "),
    fc.string({ unit: "binary", maxLength: 4 }),
  );
  const edit = fc.record({
    at: fc.nat(TEXT.length),
    remove: fc.nat(9),
    insert: piece,
  });
  const edits = fc.array(edit, { minLength: 1, maxLength: 5 });
  await fc.assert(
    fc.asyncProperty(edits, async (edits) => {
      let text = TEXT;
      for (const { at, remove, insert } of edits) {
        text = text.slice(0, at) + insert + text.slice(at + remove);
      }
      const options = { file: "w.yaml", stages: FAKE_STAGES };
      const loaded = await loadWorkflow(text, options);
      ok(loaded.ok || formatDiagnostics(loaded.diagnostics).length > 0);
    }),
    { numRuns: Number(Deno.env.get("LOAD_RUNS") ?? 300) },
  );
});
