import { deepStrictEqual } from "node:assert";
import { errorsFrom, stepsFrom } from "./load_text.ts";
import { NOTES, NUMBER, TEXT } from "./fake_stages.ts";

const BASE = `workflow: w
steps:
  one: { stage: make_number, params: { value: 1 } }
  many:
    stage: make_number
    params: { value: 1 }
    matrix: { k: [1, 2], m: [a, b] }
  notes: { stage: write_notes, params: { words: [a] } }
  bundle: { stage: bundle_notes, inputs: { notes: notes.notes } }
`;

/** Errors of the base workflow with one more step, `s`. */
function errorsOf(step: string): Promise<string[]> {
  return errorsFrom(`${BASE}  s: ${step}\n`);
}

/** The message and what it underlines of the only error. */
async function errorOf(step: string): Promise<[string, string]> {
  const [message, line, marks] = await errorsOf(step);
  const from = (marks ?? "").indexOf("~");
  const marked = (line ?? "").slice(from, marks?.length);
  return [(message ?? "").replace(/^\S+ /, ""), marked];
}

Deno.test("inputs are bound in the order of the stage, null when left out", async () => {
  const { s } = await stepsFrom(
    `${BASE}  s: { stage: join_notes, inputs: { title: ./t.txt, notes: notes.notes } }`,
  );
  deepStrictEqual(Object.keys(s?.inputs ?? {}), ["notes", "title", "bundle"]);
  deepStrictEqual(s?.inputs.notes, {
    arity: "one",
    spec: NOTES,
    ref: { from: "step", step: "notes", output: "notes", part: null },
  });
  deepStrictEqual(s?.inputs.title, {
    arity: "one",
    spec: { input: "optional", kind: TEXT },
    ref: { from: "path", path: "./t.txt" },
  });
  deepStrictEqual(s?.inputs.bundle?.arity, "none");
});

Deno.test("a part of a composite may have several levels", async () => {
  const { s } = await stepsFrom(
    `${BASE}  s: { stage: join_notes, inputs: { notes: bundle.bundle/old/notes } }`,
  );
  deepStrictEqual(s?.inputs.notes, {
    arity: "one",
    spec: NOTES,
    ref: {
      from: "step",
      step: "bundle",
      output: "bundle",
      part: "old/notes",
    },
  });
});

Deno.test("axes in common are matched by label, the rest is gathered", async () => {
  const steps = await stepsFrom(`${BASE}
  s: { stage: sum_numbers, matrix: { m: [b, a] }, inputs: { numbers: many.number } }`);
  const ref = (step: string) => ({
    from: "step",
    step,
    output: "number",
    part: null,
  });
  deepStrictEqual(steps["s[m=a]"]?.inputs.numbers, {
    arity: "list",
    spec: { input: "list", kind: NUMBER },
    refs: [ref("many[k=1,m=a]"), ref("many[k=2,m=a]")],
  });
});

Deno.test("a step with the axes of another is fed one to one", async () => {
  const steps = await stepsFrom(`${BASE}
  s:
    stage: add_numbers
    matrix: { m: [b], k: ["2"], other: [x] }
    inputs: { left: many.number, right: one.number }`);
  const inputs = steps["s[k=2,m=b,other=x]"]?.inputs;
  deepStrictEqual(inputs?.left?.arity === "one" && inputs.left.ref, {
    from: "step",
    step: "many[k=2,m=b]",
    output: "number",
    part: null,
  });
});

Deno.test("a list takes one step and one path as lists of one", async () => {
  const { s, t } = await stepsFrom(`${BASE}
  s: { stage: sum_numbers, inputs: { numbers: one.number } }
  t: { stage: sum_numbers, inputs: { numbers: ../n.json } }`);
  const refs = [s, t].map((step) =>
    step?.inputs.numbers?.arity === "list" && step.inputs.numbers.refs
  );
  deepStrictEqual(refs, [
    [{ from: "step", step: "one", output: "number", part: null }],
    [{ from: "path", path: "../n.json" }],
  ]);
});

Deno.test("inputs may be made of params and the matrix", async () => {
  const steps = await stepsFrom(`workflow: w
params: { root: /data, from: one }
steps:
  one: { stage: make_number, params: { value: 1 } }
  s:
    stage: add_numbers
    matrix: { k: [1] }
    inputs: { left: "\${params.root}/\${matrix.k}.json", right: "\${params.from}.number" }`);
  const inputs = Object.values(steps["s[k=1]"]?.inputs ?? {});
  deepStrictEqual(inputs.map((input) => input.arity === "one" && input.ref), [
    { from: "path", path: "/data/1.json" },
    { from: "step", step: "one", output: "number", part: null },
  ]);
});

Deno.test("an output of another kind is refused", async () => {
  deepStrictEqual(
    await errorsOf("{ stage: add_numbers, inputs: { left: notes.notes } }"),
    [
      'w.yaml:10:44 Cannot feed input "left" of step "s" as it takes ' +
      '"number": "notes.notes" is "notes"',
      "  s: { stage: add_numbers, inputs: { left: notes.notes } }",
      "                                           ~~~~~~~~~~~",
    ],
  );
});

Deno.test("an expanded output is refused where one is taken", async () => {
  deepStrictEqual(
    await errorOf("{ stage: add_numbers, inputs: { left: many.number } }"),
    [
      'Cannot feed input "left" of step "s" as it takes one: "many.number" ' +
      "is of 4 steps, many[k=1,m=a], many[k=1,m=b], many[k=2,m=a], " +
      "many[k=2,m=b]",
      "many.number",
    ],
  );
});

Deno.test("an expansion that is not there is an error", async () => {
  deepStrictEqual(
    await errorOf(
      "{ stage: add_numbers, matrix: { k: [1, 3], m: [a] }, " +
        "inputs: { left: many.number } }",
    ),
    [
      'Cannot feed input "left" of step "s" as step "many" must have an ' +
      "expansion with k=3,m=a: it has many[k=1,m=a], many[k=1,m=b], " +
      "many[k=2,m=a], many[k=2,m=b]",
      "many.number",
    ],
  );
});

Deno.test("unknown and missing inputs are found together", async () => {
  deepStrictEqual(
    await errorsOf("{ stage: add_numbers, inputs: { lef: one.number } }"),
    [
      'w.yaml:10:28 Cannot run step "s" as stage "add_numbers" must have ' +
      'input "left": it is missing',
      "  s: { stage: add_numbers, inputs: { lef: one.number } }",
      "                           ~~~~~~",
      'w.yaml:10:38 Cannot feed input "lef" of step "s" as stage ' +
      '"add_numbers" has no such input: did you mean "left"?',
      "  s: { stage: add_numbers, inputs: { lef: one.number } }",
      "                                     ~~~",
    ],
  );
  deepStrictEqual(await errorOf("{ stage: add_numbers }"), [
    'Cannot run step "s" as stage "add_numbers" must have input "left": ' +
    "it is missing",
    "add_numbers",
  ]);
});

Deno.test("references that lead nowhere say what was meant", async () => {
  const start = 'Cannot feed input "notes" of step "s" as ';
  const form = "it must be step.output, step.output/part, " +
    "or a path that begins with ./ ../ or /: it is ";
  const cases: [reference: string, message: string][] = [
    [
      "notes.note",
      'step "notes" must have output "note": did you mean "notes"?',
    ],
    [
      "nodes.notes",
      '"nodes.notes" must name a step or be a path such as ' +
      '"./nodes.notes": did you mean "notes"?',
    ],
    [
      "bundle.bundle/old",
      '"bundle.bundle" must have part "old": there is "notes", "old/notes"',
    ],
    [
      "notes.notes/x",
      '"notes.notes" must be a composite to have part "x": it is a collection',
    ],
    ["notes", `${form}"notes", did you mean "notes.notes"?`],
    ["data/x", `${form}"data/x", did you mean "./data/x"?`],
    ["one.number", 'it takes "notes": "one.number" is "number"'],
  ];
  for (const [reference, message] of cases) {
    deepStrictEqual(
      await errorOf(`{ stage: join_notes, inputs: { notes: ${reference} } }`),
      [start + message, reference],
    );
  }
});

Deno.test("an input of another type than text is refused", async () => {
  deepStrictEqual(
    await errorsFrom(`workflow: w
params: { n: 3 }
steps:
  s: { stage: add_numbers, inputs: { left: "\${params.n}" } }
`),
    [
      'w.yaml:4:44 Cannot feed input "left" of step "s" as it must be ' +
      "step.output, step.output/part, or a path that begins with ./ ../ or " +
      "/: it is a number",
      '  s: { stage: add_numbers, inputs: { left: "${params.n}" } }',
      "                                           ~~~~~~~~~~~~~",
    ],
  );
});
