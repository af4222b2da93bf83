import { deepStrictEqual } from "node:assert";
import { errorsFrom } from "./load_text.ts";

/** The messages alone. */
async function messagesFrom(text: string): Promise<string[]> {
  const errors = await errorsFrom(text);
  return errors.filter((line) => line.startsWith("w.yaml"));
}

Deno.test("errors of YAML, form and meaning are shown at once", async () => {
  deepStrictEqual(
    await errorsFrom(`workflow: w
extra: 1
params: { a: 1, a: 2, b: .inf }
steps:
  one: { stage: make_numbr, params: { value: 1 } }
  two:
    stage: add_numbers
    params: { scale: "\${params.x}", ofset: 2, note: 3 }
    inputs: { left: nothing.number, right: "\${params.a}" }
    retries: many
  three: { stage: add_numbers, inputs: { left: four.number } }
  four: { stage: add_numbers, inputs: { left: three.number } }
`),
    [
      'w.yaml:2:1 Cannot read the workflow as it has no key "extra": there ' +
      'is "workflow", "seed", "params", "targets", "steps"',
      "extra: 1",
      "~~~~~",
      'w.yaml:3:17 Cannot read key "a" as keys of a map must be unique: it ' +
      "is there twice",
      "params: { a: 1, a: 2, b: .inf }",
      "                ~",
      'w.yaml:3:26 Cannot read ".inf" as numbers must be finite',
      "params: { a: 1, a: 2, b: .inf }",
      "                         ~~~~",
      'w.yaml:5:17 Cannot run step "one" as stage "make_numbr" must exist: ' +
      'did you mean "make_number"?',
      "  one: { stage: make_numbr, params: { value: 1 } }",
      "                ~~~~~~~~~~",
      'w.yaml:8:23 Cannot replace "${params.x}" as "params" must have "x": ' +
      'there is "a", "b"',
      '    params: { scale: "${params.x}", ofset: 2, note: 3 }',
      "                      ~~~~~~~~~~~",
      'w.yaml:8:37 Cannot use param "ofset" of step "two" as stage ' +
      '"add_numbers" has no such param: did you mean "offset"?',
      '    params: { scale: "${params.x}", ofset: 2, note: 3 }',
      "                                    ~~~~~",
      'w.yaml:8:53 Cannot use param "note" of step "two" as it must be a ' +
      "string: it is 3",
      '    params: { scale: "${params.x}", ofset: 2, note: 3 }',
      "                                                    ~",
      'w.yaml:9:21 Cannot feed input "left" of step "two" as ' +
      '"nothing.number" must name a step or be a path such as ' +
      '"./nothing.number": there is "one", "two", "three", "four"',
      '    inputs: { left: nothing.number, right: "${params.a}" }',
      "                    ~~~~~~~~~~~~~~",
      'w.yaml:10:14 Cannot read "steps.two.retries" as it must be a number: ' +
      'it is "many"',
      "    retries: many",
      "             ~~~~",
      "w.yaml:12:47 Cannot order the steps as none may need itself: three -> " +
      "four -> three",
      "  four: { stage: add_numbers, inputs: { left: three.number } }",
      "                                              ~~~~~~~~~~~~",
    ],
  );
});

Deno.test("what is wrong causes no errors elsewhere", async () => {
  deepStrictEqual(
    await messagesFrom(`workflow: w
parms: { x: 1 }
targets: [1, gone, one, "three[k=1]"]
steps:
  one: 3
  Bad: { stage: make_number }
  two:
    stage: add_numbers
    params: { scale: "\${params.x}", note: "a \${params.y}" }
    inputs: { left: one.any, right: Bad.any }
  three:
    stage: draw_number
    matrix: { k: 1, l: "\${params.z}" }
    seed: "\${matrix.k}"
    params: { shape: "\${matrix.l.name}", range: { from: "\${matrix.m}" } }
  four: { stage: add_numbers, input: { left: three.number } }
  five: { stage: add_numbers, inputs: { left: three.number, right: 4 } }
`),
    [
      'w.yaml:2:1 Cannot read the workflow as it has no key "parms": did you ' +
      'mean "params"?',
      'w.yaml:3:11 Cannot read "targets.0" as it must be a string: it is 1',
      'w.yaml:3:14 Cannot run target "gone" as it must be a step: did you ' +
      'mean "one"?',
      'w.yaml:5:8 Cannot read "steps.one" as it must be a map: it is 3',
      'w.yaml:6:3 Cannot read "steps" as its keys must be snake_case: it is ' +
      '"Bad"',
      'w.yaml:13:18 Cannot read "steps.three.matrix.k" as it must be a list, ' +
      "a map or a string: it is 1",
      'w.yaml:15:42 Cannot run step "three" as stage "draw_number" must have ' +
      'param "range.to": it is missing',
      'w.yaml:15:58 Cannot replace "${matrix.m}" as "matrix" must have "m": ' +
      'there is "k", "l"',
      'w.yaml:16:31 Cannot read "steps.four" as it has no key "input": did ' +
      'you mean "inputs"?',
      'w.yaml:17:68 Cannot read "steps.five.inputs.right" as it must be a ' +
      "string: it is 4",
    ],
  );
});

Deno.test("what YAML refuses is not known, all else is", async () => {
  deepStrictEqual(
    await messagesFrom(`%YAML 1.2
---
workflow: &name w
params: { x: !!str 3, y: *name, z: 1 }
steps:
  one: { stage: make_number, params: { value: "\${params.x}", valu: 1 } }
  two: { stage: make_number, params: { value: *name } }
  three: { <<: *name, params: { value: 1 } }
  four: { stage: add_numbers, inputs: { left: three.any, right: *name } }
  five: { stage: make_number, params: !map { value: a } }
  one: { stage: sum_numbers }
  six: { stage: make_number, params: { value: "\${params.w}" } }
`),
    [
      'w.yaml:1:1 Cannot read "%YAML 1.2" as the file must do without ' +
      "directives",
      'w.yaml:3:11 Cannot read "&name" as the file must do without ' +
      "anchors",
      'w.yaml:4:14 Cannot read "!!str" as the file must do without tags',
      'w.yaml:4:26 Cannot read "*name" as the file must do without ' +
      "aliases",
      'w.yaml:7:47 Cannot read "*name" as the file must do without ' +
      "aliases",
      'w.yaml:8:12 Cannot read key "<<" as the file must do without ' +
      "merge keys",
      'w.yaml:8:16 Cannot read "*name" as the file must do without ' +
      "aliases",
      'w.yaml:9:65 Cannot read "*name" as the file must do without ' +
      "aliases",
      'w.yaml:10:39 Cannot read "!map" as the file must do without tags',
      'w.yaml:11:3 Cannot read key "one" as keys of a map must be unique: it ' +
      "is there twice",
      'w.yaml:12:48 Cannot replace "${params.w}" as "params" must have "w": ' +
      'there is "x", "y", "z"',
    ],
  );
});

Deno.test("a step of an unknown stage still needs what it names", async () => {
  deepStrictEqual(
    await messagesFrom(`workflow: w
steps:
  one: { stage: x, seed: -1, inputs: { a: two.number, b: gone.number } }
  two: { stage: add_numbers, inputs: { left: one.any, lft: gone.number } }
`),
    [
      'w.yaml:3:17 Cannot run step "one" as stage "x" must exist: there is ' +
      '"make_number", "add_numbers", "sum_numbers", "draw_number", ' +
      '"write_notes", "bundle_notes", "join_notes"',
      'w.yaml:3:26 Cannot read "steps.one.seed" as it must be at least 0: it ' +
      "is -1",
      'w.yaml:3:58 Cannot feed input "b" of step "one" as "gone.number" must ' +
      'name a step or be a path such as "./gone.number": did you mean "one"?',
      "w.yaml:4:46 Cannot order the steps as none may need itself: one -> " +
      "two -> one",
      'w.yaml:4:55 Cannot feed input "lft" of step "two" as stage ' +
      '"add_numbers" has no such input: did you mean "left"?',
      'w.yaml:4:60 Cannot feed input "lft" of step "two" as "gone.number" ' +
      'must name a step or be a path such as "./gone.number": did you mean ' +
      '"one"?',
    ],
  );
});

Deno.test("at most 1,000 errors of all kinds are given", async () => {
  const keys = Array.from({ length: 800 }, (_, i) => `k${i}: 1`).join("\n");
  const steps = Array.from({ length: 800 }, (_, i) => `  s${i}: {stage: x}`);
  const text = `workflow: w\n${keys}\nsteps:\n${steps.join("\n")}\n`;
  deepStrictEqual((await messagesFrom(text)).length, 1000);
});

Deno.test("a value with a wrong one in it is checked no further", async () => {
  deepStrictEqual(
    await messagesFrom(`workflow: w
params: { list: [1, .inf] }
targets: [one, [*x]]
steps:
  one: { stage: add_numbers, params: { note: "a \${params.list}" } }
`),
    [
      'w.yaml:2:21 Cannot read ".inf" as numbers must be finite',
      'w.yaml:3:17 Cannot read "*x" as the file must do without aliases',
      'w.yaml:5:17 Cannot run step "one" as stage "add_numbers" must have ' +
      'input "left": it is missing',
      'w.yaml:5:49 Cannot put "${params.list}" into text as it must be a ' +
      "scalar: it is a list",
    ],
  );
});
