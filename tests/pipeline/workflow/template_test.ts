import { deepStrictEqual, ok, strictEqual } from "node:assert";
import fc from "fast-check";
import {
  escapeTemplate,
  substitute,
} from "../../../pipeline/workflow/template.ts";
import type { Json } from "../../../pipeline/workflow/workflow.ts";

const SCOPE = {
  params: { rate: 0.5, on: true, list: [1, 2], opt: { name: "a" }, none: null },
  matrix: { seed: 3, variant: { lambda: 0.01 } },
};

function replaced(value: Json): Json {
  return substitute(value, SCOPE, (_path, _expression, message) => {
    throw new Error(message());
  });
}

function problemsOf(value: Json, scope = SCOPE): unknown[] {
  const problems: unknown[] = [];
  substitute(value, scope, (path, expression, message) => {
    problems.push([path, expression, message()]);
  });
  return problems;
}

Deno.test("substitute gives an expression alone its typed value", () => {
  strictEqual(replaced("${params.rate}"), 0.5);
  deepStrictEqual(replaced("${params.list}"), [1, 2]);
  strictEqual(replaced("${params.none}"), null);
  deepStrictEqual(replaced("${matrix.variant}"), { lambda: 0.01 });
  strictEqual(replaced("${matrix.variant.lambda}"), 0.01);
});

Deno.test("substitute puts the text of scalars into longer strings", () => {
  strictEqual(
    replaced("${params.opt.name}-${matrix.seed}/${params.on} $5"),
    "a-3/true $5",
  );
});

Deno.test("substitute reaches values at any depth and leaves keys alone", () => {
  deepStrictEqual(replaced({ "${k}": [{ b: "${params.rate}" }] }), {
    "${k}": [{ b: 0.5 }],
  });
});

Deno.test("substitute reads $${ as a literal ${", () => {
  strictEqual(replaced("$${params.rate}"), "${params.rate}");
});

Deno.test("substitute does not search again what it put in", () => {
  const scope = { params: { a: "${params.b}" }, matrix: null };
  strictEqual(
    substitute("x${params.a}", scope, () => ok(false)),
    "x${params.b}",
  );
});

Deno.test("substitute names what is wrong, with the path to it", () => {
  deepStrictEqual(problemsOf({ a: [1, "${params.ratte}"] }), [[
    ["a", 1],
    "${params.ratte}",
    'Cannot replace "${params.ratte}" as "params" must have "ratte": ' +
    'did you mean "rate"?',
  ]]);
});

Deno.test("substitute knows own fields only", () => {
  for (const name of ["params.constructor", "params.list.length"]) {
    strictEqual(problemsOf("${" + name + "}").length, 1, name);
  }
});

Deno.test("substitute of escaped text gives the text back", () => {
  const text = fc.string({ unit: fc.constantFrom(..."${}ab.") });
  fc.assert(fc.property(text, (text) => {
    strictEqual(replaced(escapeTemplate(text)), text);
  }));
});

Deno.test("substitute puts any text param in as it is", () => {
  fc.assert(fc.property(fc.string(), fc.string(), (text, around) => {
    const scope = { params: { text }, matrix: null };
    const template = escapeTemplate(around) + " ${params.text}";
    strictEqual(
      substitute(template, scope, () => ok(false)),
      `${around} ${text}`,
    );
  }));
});
