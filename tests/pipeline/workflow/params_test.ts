import { deepStrictEqual, match } from "node:assert";
import { resolveParams } from "../../../pipeline/workflow/params.ts";
import { ProblemList } from "../../../pipeline/workflow/problem.ts";
import type { Json } from "../../../pipeline/workflow/workflow.ts";
import { errorsFrom } from "./load_text.ts";

const DEFAULTS = {
  rate: 0.5,
  text: "hi",
  on: false,
  none: null,
  list: [1],
  opt: { lr: 0.1, steps: 3 },
};

async function overridden(
  ...overrides: string[]
): Promise<Record<string, Json>> {
  const problems = new ProblemList();
  const params = await resolveParams(DEFAULTS, overrides, problems);
  deepStrictEqual(problems.problems, []);
  return params;
}

/** Messages about a workflow with the defaults, without the file's lines. */
function errorsOf(...overrides: string[]): Promise<string[]> {
  const params = JSON.stringify(DEFAULTS);
  return errorsFrom(
    `{"workflow": "w", "params": ${params}, "steps": {}}`,
    ...overrides,
  );
}

Deno.test("resolveParams reads an override as the type of its default", async () => {
  deepStrictEqual((await overridden("rate=1e-3")).rate, 0.001);
  deepStrictEqual((await overridden("on=true")).on, true);
  deepStrictEqual((await overridden("list=[1, a]")).list, [1, "a"]);
  deepStrictEqual((await overridden("opt={lr: 2}")).opt, { lr: 2 });
  deepStrictEqual((await overridden("opt.lr=2")).opt, { lr: 2, steps: 3 });
});

Deno.test("resolveParams reads a map or list over several lines", async () => {
  deepStrictEqual((await overridden("opt={\n  lr: 2\n}")).opt, { lr: 2 });
  deepStrictEqual((await overridden("list=[1,\n  2]")).list, [1, 2]);
});

Deno.test("an override over several lines that is no map or list is refused", async () => {
  for (const value of ["- 1\n- 2", "1\n2", "a: 1\nb: 2"]) {
    const [message] = await errorsOf(`none=${value}`);
    match(message!, /^Cannot override "none" as its value must be a YAML/);
  }
});

Deno.test("resolveParams takes the text for a string whatever it looks like", async () => {
  deepStrictEqual((await overridden("text=5")).text, "5");
  deepStrictEqual((await overridden("text=a=b: [")).text, "a=b: [");
  deepStrictEqual((await overridden("text=")).text, "");
});

Deno.test("resolveParams takes anything where the default is null", async () => {
  deepStrictEqual((await overridden("none=3")).none, 3);
  deepStrictEqual((await overridden("none=3", "none=[x]")).none, ["x"]);
  deepStrictEqual((await overridden("none=")).none, null);
});

Deno.test("resolveParams takes null where the default is no string", async () => {
  deepStrictEqual((await overridden("rate=null")).rate, null);
  deepStrictEqual((await overridden("on=~")).on, null);
  deepStrictEqual((await overridden("list=null", "list=[2]")).list, [2]);
  deepStrictEqual((await overridden("opt.lr=null")).opt, {
    lr: null,
    steps: 3,
  });
  deepStrictEqual((await overridden("text=null")).text, "null");
});

Deno.test("an override that was left empty is no null", async () => {
  const [message] = await errorsOf("rate=");
  match(message!, /must be a number like its default, or null: it is empty$/);
});

Deno.test("a number that is not finite is refused as that", async () => {
  for (const value of [".nan", "-.inf", "1e999"]) {
    const [message] = await errorsOf(`rate=${value}`);
    match(message!, /, with finite numbers only: it is "[-.\w]+"$/);
  }
});

Deno.test("resolveParams applies overrides in order", async () => {
  deepStrictEqual((await overridden("rate=1", "rate=2")).rate, 2);
  deepStrictEqual((await overridden("opt={lr: 2}", "opt.lr=3")).opt, { lr: 3 });
});

Deno.test("resolveParams leaves the defaults as they are", async () => {
  await overridden("opt.lr=2", "list=[]");
  deepStrictEqual(DEFAULTS.opt, { lr: 0.1, steps: 3 });
});

Deno.test("an override of an unknown param underlines the name", async () => {
  deepStrictEqual(await errorsOf("opt.lrr=1", "__proto__=1"), [
    'Cannot override "__proto__" as "params" must have "__proto__": ' +
    'there is "rate", "text", "on", "none", "list", "opt"',
    "--set __proto__=1",
    "      ~~~~~~~~~",
    'Cannot override "opt.lrr" as "params.opt" must have "lrr": ' +
    'did you mean "lr"?',
    "--set opt.lrr=1",
    "          ~~~",
  ]);
});

Deno.test("an override of another type underlines the value", async () => {
  deepStrictEqual(await errorsOf("rate=fast", "on=1", "opt=[1]"), [
    'Cannot override "on" as it must be a boolean like its default, or null: ' +
    "it is 1",
    "--set on=1",
    "         ~",
    'Cannot override "opt" as it must be a map like its default, or null: ' +
    "it is a list",
    "--set opt=[1]",
    "          ~~~",
    'Cannot override "rate" as it must be a number like its default, or null: ' +
    'it is "fast"',
    "--set rate=fast",
    "           ~~~~",
  ]);
});

Deno.test("an override without a value or a map to reach into is refused", async () => {
  deepStrictEqual(await errorsOf("rate", "rate.x=1", "rate=a: b"), [
    "Cannot override a param as it must be written a.b=value: " +
    'it is "rate"',
    "--set rate",
    "      ~~~~",
    'Cannot override "rate.x" as "params.rate" must be a map: it is a number',
    "--set rate.x=1",
    "           ~",
    'Cannot override "rate" as its value must be a YAML scalar on one line, ' +
    'a [list] or a {map}, with finite numbers only: it is "a: b"',
    "--set rate=a: b",
    "           ~~~~",
  ]);
});

Deno.test("params are values: an expression among them is refused", async () => {
  deepStrictEqual(
    await errorsFrom(
      "workflow: w\nparams: { a: 1, b: '${params.a}' }\nsteps: {}",
    ),
    [
      'w.yaml:2:21 Cannot replace "${params.a}" as params can only be used ' +
      "in a step's params, inputs and seed, and as a whole axis of its " +
      "matrix: this is another place",
      "params: { a: 1, b: '${params.a}' }",
      "                    ~~~~~~~~~~~",
    ],
  );
});
