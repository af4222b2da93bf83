import { deepStrictEqual } from "node:assert";
import { errorsFrom } from "./load_text.ts";

const TEXT = `workflow: w
params: { scale: 1, seeds: [1], opt: { from: 1, to: 2 } }
steps:
  one: { stage: make_number, params: { value: 1 } }
  two:
    stage: add_numbers
    inputs: { left: one.number }
    params: { scale: "\${params.scale}" }
  draw:
    stage: draw_number
    matrix: { seed: "\${params.seeds}" }
    seed: "\${matrix.seed}"
    params: { range: "\${params.opt}" }
`;

Deno.test("a value that a stage refuses is shown where --set gave it", async () => {
  deepStrictEqual(await errorsFrom(TEXT, "scale=-1"), [
    'Cannot use param "scale" of step "two" as it must be at least 0: it is -1',
    "--set scale=-1",
    "            ~~",
  ]);
  deepStrictEqual(await errorsFrom(TEXT, "scale=null"), [
    'Cannot use param "scale" of step "two" as it must be a number: it is null',
    "--set scale=null",
    "            ~~~~",
  ]);
});

Deno.test("the last override of a value, or of what it is in, is to blame", async () => {
  deepStrictEqual(
    await errorsFrom(TEXT, "opt={from: 1, to: 1}", "opt.to=x", "opt.to=null"),
    [
      'Cannot use param "range.to" of step "draw" as it must be a number: ' +
      "it is null",
      "--set opt.to=null",
      "             ~~~~",
      'Cannot override "opt.to" as it must be a number like its default, ' +
      'or null: it is "x"',
      "--set opt.to=x",
      "             ~",
    ],
  );
  deepStrictEqual(await errorsFrom(TEXT, "opt.to=3", "opt={from: 1, too: 2}"), [
    'Cannot run step "draw" as stage "draw_number" must have param ' +
    '"range.to": it is missing',
    "--set opt={from: 1, too: 2}",
    "          ~~~~~~~~~~~~~~~~~",
    'Cannot use param "range.too" of step "draw" as stage "draw_number" has ' +
    'no such param: did you mean "to"?',
    "--set opt={from: 1, too: 2}",
    "          ~~~~~~~~~~~~~~~~~",
  ]);
});

Deno.test("values of an axis are shown where --set gave them all", async () => {
  deepStrictEqual(await errorsFrom(TEXT, "seeds=[1, -1]"), [
    'Cannot use seed of step "draw" as it must be an integer of at least 0: ' +
    "it is -1",
    "--set seeds=[1, -1]",
    "            ~~~~~~~",
  ]);
  deepStrictEqual(await errorsFrom(TEXT, "seeds=null"), [
    'Cannot expand axis "seed" of step "draw" as it must be a list of ' +
    "scalars or a map of maps, with at least one value: it is null",
    "--set seeds=null",
    "            ~~~~",
  ]);
});

Deno.test("what the file itself has wrong is shown in the file", async () => {
  const wrong = TEXT.replace('scale: "', 'scal: "');
  deepStrictEqual(await errorsFrom(wrong, "scale=2"), [
    'w.yaml:8:15 Cannot use param "scal" of step "two" as stage ' +
    '"add_numbers" has no such param: did you mean "scale"?',
    '    params: { scal: "${params.scale}" }',
    "              ~~~~",
  ]);
});
