import { deepStrictEqual } from "node:assert";
import { drawNumber } from "./fake_stages.ts";
import { errorsFrom, stepsFrom } from "./load_text.ts";

const START = "workflow: w\nparams: { rate: 0.5, opt: { a: 1 } }\nsteps:\n";

Deno.test("a step has the defaults of the engine and of its stage", async () => {
  const { s } = await stepsFrom(`${START}  s: { stage: draw_number }`);
  deepStrictEqual(s, {
    id: "s",
    name: "s",
    axes: {},
    stage: drawNumber,
    params: { shape: "flat" },
    inputs: {},
    seed: 0,
    resources: { cpus: 1, memoryBytes: null, gpu: 0, timeMs: null },
    retries: 0,
    timeoutMs: null,
    isolation: "process",
  });
});

Deno.test("a step has what it says of itself, as numbers", async () => {
  const { s } = await stepsFrom(`${START}
  s:
    stage: draw_number
    params: { range: { from: "\${params.rate}", to: 2 }, limit: 3 }
    seed: 7
    resources: { cpus: 4, memory: 8GiB, gpu: 1, time: 12h }
    retries: 2
    timeout: 90s
    isolation: pool
`);
  deepStrictEqual(
    [s?.params, s?.seed, s?.resources, s?.retries, s?.timeoutMs, s?.isolation],
    [
      { range: { from: 0.5, to: 2 }, shape: "flat", limit: 3 },
      7,
      { cpus: 4, memoryBytes: 8 * 2 ** 30, gpu: 1, timeMs: 43_200_000 },
      2,
      90_000,
      "pool",
    ],
  );
});

Deno.test("the seed is the step's, else the workflow's, else 0; 0 if unused", async () => {
  const steps = await stepsFrom(`workflow: w
seed: 5
steps:
  a: { stage: draw_number }
  b: { stage: draw_number, seed: 6 }
  c: { stage: draw_number, seed: "\${matrix.seed}", matrix: { seed: [7, 8] } }
  d: { stage: make_number, params: { value: 1 }, seed: 6 }
`);
  const seeds = Object.values(steps).map(({ id, seed }) => [id, seed]);
  deepStrictEqual(Object.fromEntries(seeds), {
    a: 5,
    b: 6,
    "c[seed=7]": 7,
    "c[seed=8]": 8,
    d: 0,
  });
});

Deno.test("a seed that is no integer is refused", async () => {
  deepStrictEqual(
    await errorsFrom(
      `${START}  s: { stage: draw_number, seed: "\${params.rate}" }`,
    ),
    [
      'w.yaml:4:34 Cannot use seed of step "s" as it must be an integer of ' +
      "at least 0: it is 0.5",
      '  s: { stage: draw_number, seed: "${params.rate}" }',
      "                                 ~~~~~~~~~~~~~~~~",
    ],
  );
});

Deno.test("all that is wrong with params is found at once", async () => {
  const errors = await errorsFrom(`${START}
  s:
    stage: draw_number
    params:
      range: { from: 1, too: 2 }
      shape: flt
      weights: [1, -3, x]
      limit: true
      rang: 1
`);
  deepStrictEqual(
    errors,
    [
      'w.yaml:8:7 Cannot run step "s" as stage "draw_number" must have param ' +
      '"range.to": it is missing',
      "      range: { from: 1, too: 2 }",
      "      ~~~~~",
      'w.yaml:8:25 Cannot use param "range.too" of step "s" as stage ' +
      '"draw_number" has no such param: did you mean "to"?',
      "      range: { from: 1, too: 2 }",
      "                        ~~~",
      'w.yaml:9:14 Cannot use param "shape" of step "s" as it must be one of ' +
      '"flat", "round": it is "flt", did you mean "flat"?',
      "      shape: flt",
      "             ~~~",
      'w.yaml:10:20 Cannot use param "weights.1" of step "s" as it must be at ' +
      "least 0: it is -3",
      "      weights: [1, -3, x]",
      "                   ~~",
      'w.yaml:10:24 Cannot use param "weights.2" of step "s" as it must be a ' +
      'number: it is "x"',
      "      weights: [1, -3, x]",
      "                       ~",
      'w.yaml:11:14 Cannot use param "limit" of step "s" as it must be a ' +
      "number or a map: it is true",
      "      limit: true",
      "             ~~~~",
      'w.yaml:12:7 Cannot use param "rang" of step "s" as stage "draw_number" ' +
      'has no such param: did you mean "range"?',
      "      rang: 1",
      "      ~~~~",
    ].slice(0),
  );
});

Deno.test("a missing param points at the params, else at the stage", async () => {
  deepStrictEqual(
    await errorsFrom(`${START}  a: { stage: make_number, params: {} }
  b: { stage: make_number }`),
    [
      'w.yaml:4:28 Cannot run step "a" as stage "make_number" must have ' +
      'param "value": it is missing',
      "  a: { stage: make_number, params: {} }",
      "                           ~~~~~~",
      'w.yaml:5:15 Cannot run step "b" as stage "make_number" must have ' +
      'param "value": it is missing',
      "  b: { stage: make_number }",
      "              ~~~~~~~~~~~",
    ],
  );
});

Deno.test("a wrong value put in by an expression points at the expression", async () => {
  deepStrictEqual(
    await errorsFrom(
      `${START}  s: { stage: draw_number, params: { range: "\${params.opt}" } }`,
    ),
    [
      'w.yaml:4:45 Cannot run step "s" as stage "draw_number" must have ' +
      'param "range.from": it is missing',
      '  s: { stage: draw_number, params: { range: "${params.opt}" } }',
      "                                            ~~~~~~~~~~~~~~~",
      'w.yaml:4:45 Cannot run step "s" as stage "draw_number" must have ' +
      'param "range.to": it is missing',
      '  s: { stage: draw_number, params: { range: "${params.opt}" } }',
      "                                            ~~~~~~~~~~~~~~~",
      'w.yaml:4:45 Cannot use param "range.a" of step "s" as stage ' +
      '"draw_number" has no such param: there is "from", "to"',
      '  s: { stage: draw_number, params: { range: "${params.opt}" } }',
      "                                            ~~~~~~~~~~~~~~~",
    ],
  );
});

Deno.test("an error of all expansions is shown once", async () => {
  deepStrictEqual(
    (await errorsFrom(`${START}
  s: { stage: draw_number, matrix: { k: [1, 2] }, params: { shape: 1 } }`))
      .length,
    3,
  );
});

Deno.test("each expression that has no value is underlined", async () => {
  const note = 'note: "x ${params.opt} ${foo} ${params.rate.x} ${matrix.a} ' +
    '${params.rate"';
  const errors = await errorsFrom(
    `${START}  s:\n    stage: add_numbers\n    inputs: { left: ./n.json }\n` +
      `    params:\n      ${note}\n`,
  );
  const shown = errors.map((line, i) =>
    i % 3 === 0
      ? line
      : note.slice(line.indexOf("~") - 6, line.lastIndexOf("~") - 5)
  ).filter((_, i) => i % 3 !== 1);
  deepStrictEqual(shown, [
    'w.yaml:8:16 Cannot put "${params.opt}" into text as it must be a ' +
    "scalar: it is a map",
    "${params.opt}",
    'w.yaml:8:30 Cannot replace "${foo}" as it must be a name such as ' +
    '"${params.x}" or "${matrix.x}": write "$${" for a literal "${"',
    "${foo}",
    'w.yaml:8:37 Cannot replace "${params.rate.x}" as "params.rate" must be ' +
    'a map to have "x": it is a number',
    "${params.rate.x}",
    'w.yaml:8:54 Cannot replace "${matrix.a}" as only steps with a matrix ' +
    "can use it: there is no matrix here",
    "${matrix.a}",
    'w.yaml:8:66 Cannot replace "${params.rate" as it must end in "}": ' +
    "it does not",
    "${params.rate",
  ]);
});

Deno.test("a field that one value of an axis lacks is an error", async () => {
  deepStrictEqual(
    await errorsFrom(`${START}  s:
    stage: make_number
    matrix: { v: { x: { k: 1 }, y: { l: 1 } } }
    params: { value: "\${matrix.v.k}" }`),
    [
      'w.yaml:7:23 Cannot replace "${matrix.v.k}" as "matrix.v" must have ' +
      '"k": there is "l"',
      '    params: { value: "${matrix.v.k}" }',
      "                      ~~~~~~~~~~~~~",
    ],
  );
});
