/**
 * A checker of JSON values against the part of JSON Schema draft 7 that
 * `pipeline/schema.ts` writes; throws on any other keyword.
 *
 * @module
 */
import type { JsonSchema } from "../../../pipeline/workflow/schema.ts";

type Check = (value: unknown, keyword: never, schema: JsonSchema) => boolean;

/** Whether a value fits a schema. */
export function fits(root: JsonSchema, value: unknown): boolean {
  return fitsIn(root, root, value);
}

function fitsIn(
  root: JsonSchema,
  schema: JsonSchema | boolean,
  value: unknown,
): boolean {
  if (typeof schema === "boolean") return schema;
  const checks = checksOf(root);
  return Object.entries(schema).every(([keyword, argument]) => {
    const check = checks[keyword];
    if (check === undefined) throw new Error(`No keyword "${keyword}"`);
    return check(value, argument as never, schema);
  });
}

function checksOf(root: JsonSchema): Record<string, Check> {
  const inner = (schema: JsonSchema | boolean, value: unknown) =>
    fitsIn(root, schema, value);
  const always = () => true;
  return {
    $schema: always,
    definitions: always,
    description: always,
    default: always,
    $ref: (value, reference: string) =>
      inner(pointedAt(root, reference), value),
    type: (value, types: string | string[]) =>
      [types].flat().some((type) => isOfType(value, type)),
    const: (value, constant: unknown) => value === constant,
    enum: (value, values: unknown[]) => values.includes(value),
    minimum: (value, least: number) => !isNumber(value) || value >= least,
    maximum: (value, most: number) => !isNumber(value) || value <= most,
    exclusiveMinimum: (value, least: number) =>
      !isNumber(value) || value > least,
    pattern: (value, pattern: string) =>
      typeof value !== "string" || new RegExp(pattern).test(value),
    minItems: (value, least: number) =>
      !Array.isArray(value) || value.length >= least,
    maxItems: (value, most: number) =>
      !Array.isArray(value) || value.length <= most,
    items: (value, items: JsonSchema | JsonSchema[]) =>
      !Array.isArray(value) ||
      value.every((item, i) =>
        inner(Array.isArray(items) ? items[i] ?? true : items, item)
      ),
    additionalItems: (value, _, { items }) =>
      !Array.isArray(value) || value.length <= (items as unknown[]).length,
    required: (value, names: string[]) =>
      !isMap(value) || names.every((name) => name in value),
    properties: (value, fields: Record<string, JsonSchema>) =>
      !isMap(value) ||
      Object.entries(fields).every(([name, field]) =>
        !(name in value) || inner(field, value[name])
      ),
    propertyNames: (value, schema: JsonSchema) =>
      !isMap(value) || Object.keys(value).every((key) => inner(schema, key)),
    additionalProperties: (value, rest: JsonSchema, { properties = {} }) =>
      !isMap(value) ||
      Object.entries(value).every(([name, field]) =>
        name in (properties as JsonSchema) || inner(rest, field)
      ),
    allOf: (value, all: JsonSchema[]) => all.every((one) => inner(one, value)),
    anyOf: (value, any: JsonSchema[]) => any.some((one) => inner(one, value)),
    oneOf: (value, any: JsonSchema[]) =>
      any.filter((one) => inner(one, value)).length === 1,
    if: (value, condition: JsonSchema, { then }) =>
      !inner(condition, value) || inner(then as JsonSchema, value),
    then: always,
  };
}

function pointedAt(root: JsonSchema, reference: string): JsonSchema {
  return reference.slice(2).split("/").reduce(
    (schema, key) => schema[key] as JsonSchema,
    root,
  );
}

const TYPES: Record<string, (value: unknown) => boolean> = {
  integer: Number.isInteger,
  number: isNumber,
  string: (value) => typeof value === "string",
  boolean: (value) => typeof value === "boolean",
  array: Array.isArray,
  object: isMap,
  null: (value) => value === null,
};

function isOfType(value: unknown, type: string): boolean {
  const check = TYPES[type];
  if (check === undefined) throw new Error(`No type "${type}"`);
  return check(value);
}

function isNumber(value: unknown): value is number {
  return typeof value === "number";
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
