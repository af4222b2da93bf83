import { deepStrictEqual, strictEqual } from "node:assert";
import fc from "fast-check";
import { expandMatrix, MAX_STEPS } from "../../../pipeline/workflow/matrix.ts";
import { ProblemList } from "../../../pipeline/workflow/problem.ts";
import type { StepFile } from "../../../pipeline/workflow/workflow.ts";
import { errorsFrom, stepsFrom } from "./load_text.ts";

function expanded(matrix: StepFile["matrix"]) {
  const problems = new ProblemList();
  const step = { stage: "s", matrix };
  const options = {
    name: "train",
    step,
    params: {},
    room: MAX_STEPS,
    problems,
  };
  const expansions = expandMatrix(options);
  deepStrictEqual(problems.problems, []);
  return expansions;
}

Deno.test("expandMatrix gives a step without a matrix its name", () => {
  deepStrictEqual(expanded(undefined), [
    { id: "train", axes: {}, values: null },
  ]);
});

Deno.test("expandMatrix names axes in code unit order, the file's last fastest", () => {
  const expansions = expanded({
    variant: { baseline: { lambda: 0 }, bcm: { lambda: 0.01 } },
    seed: [1, 2],
  });
  deepStrictEqual(expansions.map(({ id }) => id), [
    "train[seed=1,variant=baseline]",
    "train[seed=2,variant=baseline]",
    "train[seed=1,variant=bcm]",
    "train[seed=2,variant=bcm]",
  ]);
  deepStrictEqual(expansions[3], {
    id: "train[seed=2,variant=bcm]",
    axes: { seed: "2", variant: "bcm" },
    values: { seed: 2, variant: { lambda: 0.01 } },
  });
});

Deno.test("expandMatrix makes labels that can be part of a file name", () => {
  const values = ["a/b c", "", "é😀", 0.5, true, "x_Y.+-"];
  deepStrictEqual(expanded({ v: values }).map(({ axes }) => axes.v), [
    "a_b_c",
    "_",
    "__",
    "0.5",
    "true",
    "x_Y.+-",
  ]);
});

Deno.test("expandMatrix gives each combination once", () => {
  const axis = fc.uniqueArray(fc.nat(99), { minLength: 1, maxLength: 4 });
  const matrix = fc.record({ b: axis, a: axis, c: axis });
  fc.assert(fc.property(matrix, (matrix) => {
    const ids = expanded(matrix).map(({ id }) => id);
    const { a, b, c } = matrix;
    strictEqual(ids.length, a.length * b.length * c.length);
    strictEqual(new Set(ids).size, ids.length);
  }));
});

const PARAMS = "workflow: w\nparams: { list: [1, 2], named: { x: {k: 3} }, " +
  "three: 3, none: [] }\nsteps:\n  s:\n    stage: make_number\n    params: ";

Deno.test("an axis may be a param, a list or a map", async () => {
  const steps = await stepsFrom(
    `${PARAMS}{ value: "\${matrix.n.k}" }
    matrix: { l: "\${params.list}", n: "\${params.named}" }`,
    "list=[5]",
  );
  deepStrictEqual(Object.keys(steps), ["s[l=5,n=x]"]);
  deepStrictEqual(steps["s[l=5,n=x]"]?.params, { value: 3 });
});

Deno.test("an axis that is none says what it is", async () => {
  const errors = await errorsFrom(`${PARAMS}{ value: 1 }
    matrix:
      a: "\${params.three}"
      b: "\${params.none}"
      c: [x y, x_y]
      d: ["\${params.three}"]
      e: "\${params.lst}"
      f: {}
`);
  deepStrictEqual(
    errors,
    [
      'w.yaml:8:10 Cannot expand axis "a" of step "s" as it must be a list of ' +
      "scalars or a map of maps, with at least one value: it is a number",
      '      a: "${params.three}"',
      "         ~~~~~~~~~~~~~~~~~",
      'w.yaml:9:10 Cannot expand axis "b" of step "s" as it must be a list of ' +
      "scalars or a map of maps, with at least one value: it is empty",
      '      b: "${params.none}"',
      "         ~~~~~~~~~~~~~~~~",
      'w.yaml:10:10 Cannot expand axis "c" of step "s" as each value must give ' +
      'an id of its own: several give "c=x_y"',
      "      c: [x y, x_y]",
      "         ~~~~~~~~~~",
      'w.yaml:11:12 Cannot replace "${params.three}" as params can only be ' +
      "used in a step's params, inputs and seed, and as a whole axis of its " +
      "matrix: this is another place",
      '      d: ["${params.three}"]',
      "           ~~~~~~~~~~~~~~~",
      'w.yaml:12:11 Cannot replace "${params.lst}" as "params" must have ' +
      '"lst": did you mean "list"?',
      '      e: "${params.lst}"',
      "          ~~~~~~~~~~~~~",
      'w.yaml:13:10 Cannot expand axis "f" of step "s" as it must be a list of ' +
      "scalars or a map of maps, with at least one value: it is empty",
      "      f: {}",
      "         ~~",
    ].concat([]),
  );
});

Deno.test("a workflow has at most 100,000 steps", async () => {
  const ten = "[0,1,2,3,4,5,6,7,8,9]";
  const errors = await errorsFrom(`workflow: w
steps:
  a: { stage: make_number, params: { value: 1 } }
  b:
    stage: make_number
    params: { value: 1 }
    matrix: { v: ${ten}, w: ${ten}, x: ${ten}, y: ${ten}, z: ${ten} }
`);
  deepStrictEqual(
    errors[0],
    'w.yaml:7:5 Cannot expand step "b" as a ' +
      "workflow may have at most 100000 steps: it makes 100000, " +
      "there is room for 99999",
  );
});
