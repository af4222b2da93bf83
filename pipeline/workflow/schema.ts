/**
 * The JSON Schema of workflow files, for completion and checks in editors.
 *
 * Draft 7, which yaml-language-server knows best. The form of the file comes
 * from the engine's own schema; what a step's params and inputs may be follows
 * its `stage`, by one if/then for each stage.
 *
 * @module
 */
import * as z from "zod";
import { type InputSpec, kindOf, type Stage } from "../stage.ts";
import { WorkflowFile } from "./workflow_form.ts";

/** A JSON Schema, or a part of one. */
export type JsonSchema = { [keyword: string]: unknown };

/**
 * The JSON Schema of workflow files that use these stages.
 *
 * @example
 * ```ts
 * import { workflowJsonSchema } from "./schema.ts";
 * import { strictEqual } from "node:assert";
 *
 * const schema = workflowJsonSchema([]);
 * strictEqual(schema.$schema, "http://json-schema.org/draft-07/schema#");
 * ```
 */
export function workflowJsonSchema(stages: readonly Stage[]): JsonSchema {
  const file = toJsonSchema(WorkflowFile);
  const steps = (file.properties as JsonSchema).steps as JsonSchema;
  const step = steps.additionalProperties as JsonSchema;
  const fields = step.properties as Record<string, JsonSchema>;
  fields.stage = { ...fields.stage, enum: stages.map(({ name }) => name) };
  step.allOf = stages.map(({ name }) => ({
    if: { properties: { stage: { const: name } }, required: ["stage"] },
    then: { $ref: `#/definitions/${name}` },
  }));
  const definitions = { ...file.definitions as JsonSchema };
  for (const stage of stages) {
    definitions[stage.name] = stepSchema(stage);
    Object.assign(definitions, paramDefinitions(stage));
  }
  return { ...file, definitions };
}

function toJsonSchema(schema: z.ZodType): JsonSchema {
  return z.toJSONSchema(schema, {
    target: "draft-7",
    io: "input",
    unrepresentable: "any",
  }) as JsonSchema;
}

/** What a step of a stage must be, beside what each step must be. */
function stepSchema(stage: Stage): JsonSchema {
  const { $schema: _, definitions: __, ...own } = toJsonSchema(stage.params);
  const params = withTemplates(own, stage.name);
  const inputs = inputsSchema(stage);
  const required = Object.entries({ params, inputs })
    .filter(([, { required }]) => required !== undefined)
    .map(([name]) => name);
  return {
    properties: { params, inputs },
    ...(required.length > 0 ? { required } : {}),
  };
}

function inputsSchema({ inputs }: Stage): JsonSchema {
  const specs = Object.entries<InputSpec>(inputs);
  const required = specs.filter(([, spec]) =>
    !("input" in spec && spec.input === "optional")
  );
  return {
    type: "object",
    properties: Object.fromEntries(
      specs.map(([name, spec]) => [name, {
        type: "string",
        description: describeInput(spec),
      }]),
    ),
    ...(required.length > 0
      ? { required: required.map(([name]) => name) }
      : {}),
    additionalProperties: false,
  };
}

function describeInput(spec: InputSpec): string {
  const { name, form } = kindOf(spec);
  const arity = "input" in spec
    ? spec.input === "list" ? ", of all expansions of a step" : ", optional"
    : "";
  return `${name} (${form})${arity}`;
}

/** Definitions that a stage's params refer to, under names of their own. */
function paramDefinitions({ name, params }: Stage): JsonSchema {
  const { definitions = {} } = toJsonSchema(params);
  return Object.fromEntries(
    Object.entries(definitions as Record<string, JsonSchema>).map(
      ([key, schema]) => [`${name}.${key}`, withTemplates(schema, name)],
    ),
  );
}

/** Keywords with a schema, or a list of them, for values further in. */
const INNER = ["items", "additionalItems", "additionalProperties"];
/** Keywords with schemas for the same value. */
const SAME = ["allOf", "anyOf", "oneOf"];

/** A schema in which each value further in may be an expression instead. */
function withTemplates(schema: JsonSchema, stage: string): JsonSchema {
  return Object.fromEntries(
    Object.entries(schema).map(([keyword, value]) => [
      keyword,
      adaptKeyword(keyword, value, stage),
    ]),
  );
}

function adaptKeyword(keyword: string, value: unknown, stage: string): unknown {
  if (keyword === "$ref") return movedReference(String(value), stage);
  if (keyword === "properties") {
    const fields = Object.entries(value as Record<string, JsonSchema>);
    return Object.fromEntries(
      fields.map(([name, field]) => [name, orTemplate(field, stage)]),
    );
  }
  if (SAME.includes(keyword)) {
    return (value as JsonSchema[]).map((each) => withTemplates(each, stage));
  }
  if (!INNER.includes(keyword) || typeof value === "boolean") return value;
  return Array.isArray(value)
    ? value.map((each) => orTemplate(each, stage))
    : orTemplate(value as JsonSchema, stage);
}

/** Where a stage's params and their definitions are in the whole schema. */
function movedReference(reference: string, stage: string): string {
  return reference === "#"
    ? `#/definitions/${stage}/properties/params`
    : reference.replace(/^#\/definitions\//, `#/definitions/${stage}.`);
}

const EXPRESSION: JsonSchema = {
  type: "string",
  pattern: "\\$\\{(params|matrix)\\.",
};

/** A schema that also takes an expression; what it says of itself is kept. */
function orTemplate(field: JsonSchema, stage: string): JsonSchema {
  const { description, default: fallback, ...schema } = field;
  const notes = {
    ...(description === undefined ? {} : { description }),
    ...(fallback === undefined ? {} : { default: fallback }),
  };
  const keywords = Object.keys(schema);
  const takesText = keywords.length === 0 ||
    (keywords.length === 1 && schema.type === "string");
  const adapted = withTemplates(schema, stage);
  return takesText
    ? { ...notes, ...adapted }
    : { ...notes, anyOf: [adapted, EXPRESSION] };
}
