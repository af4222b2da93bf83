import { deepStrictEqual, match, strictEqual } from "node:assert";
import { parse } from "yaml";
import * as z from "zod";
import { defineStage } from "../../../pipeline/mod.ts";
import {
  type JsonSchema,
  workflowJsonSchema,
} from "../../../pipeline/workflow/schema.ts";
import { FAKE_STAGES } from "./fake_stages.ts";
import { fits } from "./json_schema.ts";

type Tree = { [name: string]: z.JSONType };
interface Node {
  readonly min: number;
  readonly inner?: readonly Node[] | undefined;
}
const Node: z.ZodType<Node> = z.strictObject({
  min: z.number(),
  get inner() {
    return z.array(Node).optional();
  },
});

const grow = defineStage({
  name: "grow",
  version: 1,
  module: import.meta.url,
  params: z.strictObject({
    tree: Node.optional(),
    pair: z.tuple([z.int(), z.string()]).optional(),
    byName: z.record(z.string(), z.boolean()).optional(),
    shape: z.discriminatedUnion("type", [
      z.strictObject({ type: z.literal("line"), length: z.number().min(0) }),
      z.strictObject({ type: z.literal("dot") }),
    ]).optional(),
    late: z.string().transform((text) => text.length).optional(),
  }),
  inputs: {},
  outputs: {},
  run: () => ({}),
});

const SCHEMA = workflowJsonSchema([...FAKE_STAGES, grow]);

/** Whether a workflow with one step, in YAML, fits the schema. */
function stepFits(step: string): boolean {
  const text = `{ workflow: w, steps: { s: { ${step} } } }`;
  return fits(SCHEMA, parse(text) as Tree);
}

Deno.test("workflowJsonSchema takes what the engine takes", () => {
  const good = [
    "stage: make_number, params: { value: 1 }",
    'stage: make_number, params: { value: "${params.x}" }',
    "stage: make_number, params: { value: 1 }, seed: 3, retries: 2",
    'stage: make_number, params: { value: "${matrix.a}" }, matrix: { a: [1] }',
    "stage: add_numbers, inputs: { left: a.number }",
    "stage: draw_number",
    'stage: draw_number, params: { shape: "${params.shape}", range: "${params.r}" }',
    'stage: draw_number, params: { range: { from: "${params.a}", to: 2 } }',
    'stage: draw_number, params: { weights: [1, "${params.a}"] }',
    "stage: draw_number, resources: { memory: 8GiB, time: 12h }",
    "stage: grow, params: { tree: { min: 1, inner: [{ min: 2 }] } }",
    'stage: grow, params: { tree: { min: 1, inner: [{ min: "${params.a}" }] } }',
    'stage: grow, params: { pair: ["${params.a}", b], byName: { x: true } }',
    "stage: grow, params: { shape: { type: line, length: 1 }, late: abc }",
  ];
  for (const step of good) strictEqual(stepFits(step), true, step);
});

Deno.test("workflowJsonSchema refuses what the engine refuses", () => {
  const bad = [
    "params: { value: 1 }",
    "stage: make_numbr, params: { value: 1 }",
    "stage: make_number",
    "stage: make_number, params: {}",
    "stage: make_number, params: { value: text }",
    "stage: make_number, params: { value: 1, other: 2 }",
    "stage: make_number, params: { value: 1 }, inputs: { left: a.number }",
    "stage: add_numbers",
    "stage: add_numbers, inputs: { left: a.number, middle: a.number }",
    "stage: draw_number, params: { shape: flt }",
    "stage: draw_number, params: { weights: [1, -1] }",
    "stage: draw_number, params: { weights: [1, 2, 3, 4] }",
    "stage: draw_number, resources: { memory: 8 GiB }",
    "stage: draw_number, retrys: 1",
    "stage: draw_number, retries: 101",
    "stage: grow, params: { tree: { min: 1, inner: [{ min: x }] } }",
    "stage: grow, params: { pair: [1, b, c] }",
    "stage: grow, params: { byName: { x: 1 } }",
    "stage: grow, params: { shape: { type: line } }",
  ];
  for (const step of bad) strictEqual(stepFits(step), false, step);
});

function at(schema: JsonSchema, ...path: string[]): JsonSchema {
  return path.reduce((inner, key) => inner[key] as JsonSchema, schema);
}

Deno.test("workflowJsonSchema describes a stage's params and inputs", () => {
  const { properties } = at(SCHEMA, "definitions", "make_number");
  const value = at(properties as JsonSchema, "params", "properties", "value");
  deepStrictEqual(value, {
    description: "any number",
    anyOf: [
      { type: "number" },
      { type: "string", pattern: "\\$\\{(params|matrix)\\." },
    ],
  });
  const add = at(SCHEMA, "definitions", "add_numbers", "properties");
  deepStrictEqual(at(add, "inputs"), {
    type: "object",
    properties: {
      left: { type: "string", description: "number (value)" },
      right: { type: "string", description: "number (value), optional" },
    },
    required: ["left"],
    additionalProperties: false,
  });
  deepStrictEqual(at(add, "params", "properties", "note"), { type: "string" });
  strictEqual(at(add, "params", "properties", "scale").default, 1);
});

Deno.test("workflowJsonSchema offers the names of all stages", () => {
  const step = at(SCHEMA, "properties", "steps", "additionalProperties");
  deepStrictEqual(at(step, "properties", "stage"), {
    type: "string",
    description: "the kind of work, by its name",
    enum: [...FAKE_STAGES, grow].map(({ name }) => name),
  });
});

Deno.test("workflowJsonSchema refers to nothing that is not there", () => {
  const references = JSON.stringify(SCHEMA).matchAll(/"\$ref":"([^"]*)"/g);
  for (const [, reference] of references) {
    match(String(reference), /^#\/definitions\//);
    const path = String(reference).slice(2).split("/");
    strictEqual(typeof at(SCHEMA, ...path), "object");
  }
});
