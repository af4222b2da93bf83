import { deepStrictEqual, ok, throws } from "node:assert";
import {
  resolveWorkflow,
  stagesByName,
} from "../../../pipeline/workflow/resolve.ts";
import type { WorkflowFile } from "../../../pipeline/workflow/workflow.ts";
import { FAKE_STAGES, makeNumber } from "./fake_stages.ts";
import { errorsFrom, workflowFrom } from "./load_text.ts";

Deno.test("stagesByName throws when two stages have one name", () => {
  throws(
    () => stagesByName([makeNumber, makeNumber]),
    new Error('Internal error: two stages are named "make_number"'),
  );
});

Deno.test("a workflow keeps its name, file and params", async () => {
  const workflow = await workflowFrom(
    "workflow: w\nparams: { a: 1 }\nsteps: {}",
    "a=2",
  );
  deepStrictEqual(workflow, {
    name: "w",
    file: "w.yaml",
    params: { a: 2 },
    steps: [],
  });
});

Deno.test("errors of all steps, targets or not, are found at once", async () => {
  const errors = await errorsFrom(
    `workflow: w
targets: [on, "many[k=3]", a]
steps:
  one: { stage: make_numbr, params: { value: 1 } }
  many: { stage: make_number, params: { value: 1 }, matrix: { k: [1, 2] } }
  a: { stage: add_numbers, inputs: { left: b.number } }
  b: { stage: add_numbers, inputs: { left: a.number, right: c.number } }
  c: { stage: add_numbers, inputs: { left: one.number, right: c.number } }
`,
    "x=1",
  );
  deepStrictEqual(errors, [
    'Cannot override "x" as "params" must have "x": there is none',
    "--set x=1",
    "      ~",
    'w.yaml:2:11 Cannot run target "on" as it must be a step: ' +
    'did you mean "one"?',
    'targets: [on, "many[k=3]", a]',
    "          ~~",
    'w.yaml:2:15 Cannot run target "many[k=3]" as it must be a step: ' +
    'did you mean "many[k=1]"?',
    'targets: [on, "many[k=3]", a]',
    "              ~~~~~~~~~~~",
    'w.yaml:4:17 Cannot run step "one" as stage "make_numbr" must exist: ' +
    'did you mean "make_number"?',
    "  one: { stage: make_numbr, params: { value: 1 } }",
    "                ~~~~~~~~~~",
    "w.yaml:7:44 Cannot order the steps as none may need itself: a -> b -> a",
    "  b: { stage: add_numbers, inputs: { left: a.number, right: c.number } }",
    "                                           ~~~~~~~~",
    "w.yaml:8:63 Cannot order the steps as none may need itself: c -> c",
    "  c: { stage: add_numbers, inputs: { left: one.number, right: c.number } }",
    "                                                              ~~~~~~~~",
  ]);
});

Deno.test("at most 1,000 errors are given", async () => {
  const written: WorkflowFile = { workflow: "w", steps: {} };
  for (let i = 0; i < 2000; i++) {
    written.steps[`s${i}`] = { stage: "make_numbr" };
  }
  const resolved = await resolveWorkflow(written, {
    file: "f",
    stages: FAKE_STAGES,
  });
  deepStrictEqual(!resolved.ok && resolved.problems.length, 1000);
});

/** A step for each number, each needing the one before; last step first. */
function chain(length: number): WorkflowFile {
  const steps: WorkflowFile["steps"] = {};
  for (let i = length - 1; i > 0; i--) {
    const inputs = { left: `s${i - 1}.number` };
    steps[`s${i}`] = { stage: "add_numbers", inputs };
  }
  steps.s0 = { stage: "make_number", params: { value: 1 } };
  return { workflow: "w", steps };
}

Deno.test("a chain of 10,000 steps is put in order, and quickly", async () => {
  const written = { ...chain(10_000), targets: ["s9998"] };
  const start = performance.now();
  const resolved = await resolveWorkflow(written, {
    file: "f",
    stages: FAKE_STAGES,
  });
  ok(performance.now() - start < 2000); // about 150 ms
  ok(resolved.ok);
  deepStrictEqual(
    resolved.workflow.steps.map(({ id }) => id),
    Array.from({ length: 9999 }, (_, i) => `s${i}`),
  );
});

Deno.test("a circle of 10,000 steps is shown as a whole", async () => {
  const written = chain(10_000);
  written.steps.s0 = { stage: "add_numbers", inputs: { left: "s9999.number" } };
  const resolved = await resolveWorkflow(written, {
    file: "f",
    stages: FAKE_STAGES,
  });
  const [problem, ...others] = resolved.ok ? [] : resolved.problems;
  deepStrictEqual(others, []);
  deepStrictEqual(problem?.message.split(" -> ").length, 10_001);
});

Deno.test("two matrices of 20,000 are joined label by label, and quickly", async () => {
  const axis = Array.from({ length: 20_000 }, (_, i) => i);
  const matrix = { k: axis };
  const written: WorkflowFile = {
    workflow: "w",
    steps: {
      a: { stage: "make_number", params: { value: 1 }, matrix },
      b: { stage: "add_numbers", inputs: { left: "a.number" }, matrix },
      c: { stage: "sum_numbers", inputs: { numbers: "b.number" } },
    },
    targets: ["c"],
  };
  const start = performance.now();
  const resolved = await resolveWorkflow(written, {
    file: "f",
    stages: FAKE_STAGES,
  });
  ok(performance.now() - start < 5000); // about 300 ms
  ok(resolved.ok);
  deepStrictEqual(resolved.workflow.steps.length, 40_001);
});

Deno.test("a list that 30,000 steps share is looked through once", async () => {
  const axis = Array.from({ length: 30_000 }, (_, i) => i);
  const written: WorkflowFile = {
    workflow: "w",
    steps: {
      a: { stage: "make_number", params: { value: 1 }, matrix: { k: axis } },
      b: {
        stage: "sum_numbers",
        inputs: { numbers: "a.number" },
        matrix: { l: axis },
      },
    },
    targets: ["b"],
  };
  const resolved = await resolveWorkflow(written, {
    file: "f",
    stages: FAKE_STAGES,
  });
  ok(resolved.ok);
  deepStrictEqual(resolved.workflow.steps.length, 60_000);
});
