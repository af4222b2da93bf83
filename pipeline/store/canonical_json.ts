/**
 * One text for each JSON value, so that equal values have equal hashes.
 *
 * @module
 */

/**
 * JSON without blanks, keys in code unit order.
 *
 * @throws {TypeError} For what JSON cannot hold: NaN, infinities, functions,
 * `undefined` in a list. Object members that are `undefined` are left out.
 *
 * @example
 * ```ts
 * import { canonicalJson } from "./canonical_json.ts";
 * import { strictEqual } from "node:assert";
 *
 * strictEqual(canonicalJson({ b: [1, "x"], a: null }), '{"a":null,"b":[1,"x"]}');
 * ```
 */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) {
    return `[${value.map((item) => canonicalJson(item)).join(",")}]`;
  }
  if (isPlainObject(value)) {
    return `{${members(value).join(",")}}`;
  }
  return scalar(value);
}

/** A Map or a Date would else be `{}`, whatever it holds. */
function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== "object" || value === null) return false;
  const prototype = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

function members(object: Record<string, unknown>): string[] {
  return Object.keys(object).sort()
    .filter((key) => object[key] !== undefined)
    .map((key) => `${JSON.stringify(key)}:${canonicalJson(object[key])}`);
}

function scalar(value: unknown): string {
  const isJson = value === null || typeof value === "string" ||
    typeof value === "boolean" || Number.isFinite(value);
  if (isJson) return JSON.stringify(value);
  throw new TypeError(
    `Cannot write canonical JSON as every value must be JSON: ${String(value)}`,
  );
}
