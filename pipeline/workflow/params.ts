/**
 * The workflow's own parameters: defaults of the file, overridden by
 * `--set a.b=value`.
 *
 * @module
 */
import { suggestion } from "./did_you_mean.ts";
import { type Path, type Place, type ProblemList, valueAt } from "./problem.ts";
import { isJsonMap, type JsonMap, substitute } from "./template.ts";
import { describeType, describeValue, quote } from "./wording.ts";
import type { Json } from "./workflow.ts";
import { readYamlValue } from "./yaml_document.ts";
import { WRONG } from "./wrong.ts";

/**
 * Defaults with the overrides applied in order. An override names a param that
 * there is and keeps its type or is null: whether null will do is up to the
 * stage. A default of null takes any value.
 */
export async function resolveParams(
  defaults: JsonMap,
  overrides: readonly string[],
  problems: ProblemList,
): Promise<JsonMap> {
  const literals = literalParams(defaults, problems);
  let params = literals;
  for (const [index, override] of overrides.entries()) {
    const report: Report = ([start, end], message) => {
      problems.add({ in: "override", index, start, end }, message);
    };
    const parsed = parseOverride(override, report);
    if (parsed !== null) params = await replaceAt(params, literals, 0, parsed);
  }
  return params;
}

/** Defaults are values, not expressions. */
function literalParams(defaults: JsonMap, problems: ProblemList): JsonMap {
  if (defaults as Json === WRONG) return defaults;
  const scope = { params: null, matrix: null };
  const params = substitute({ ...defaults }, scope, (path, piece, message) => {
    problems.add(valueAt(["params", ...path], piece), message);
  });
  return params as JsonMap;
}

/** Where the override stands that gave what a path in the params leads to. */
export function overrideOf(
  overrides: readonly string[],
  path: Path,
): Place | null {
  const index = overrides.findLastIndex((override) =>
    namesOf(override).every((name, i) => name === String(path[i]))
  );
  const override = overrides[index];
  if (override === undefined) return null;
  const start = override.indexOf("=") + 1;
  return { in: "override", index, start, end: override.length };
}

/** Names of the param that an override is for, from the outermost. */
function namesOf(override: string): string[] {
  return override.slice(0, Math.max(0, override.indexOf("="))).split(".");
}

/** Told of a mistake and the offsets in the override where it is. */
type Report = (
  range: readonly [start: number, end: number],
  message: () => string,
) => void;

interface Override {
  readonly names: readonly string[];
  readonly value: string;
  /** Told of a name that leads nowhere, by its position. */
  unknown(depth: number, message: () => string): void;
  /** Told of a value of the wrong type. */
  wrong(message: () => string): void;
}

function parseOverride(override: string, report: Report): Override | null {
  const equals = override.indexOf("=");
  const names = namesOf(override);
  const path = names.join(".");
  if (names.includes("")) {
    report(
      [0, override.length],
      () =>
        `Cannot override a param as it must be written a.b=value: ` +
        `it is ${quote(override)}`,
    );
    return null;
  }
  const cannot = `Cannot override ${quote(path)} as`;
  return {
    names,
    value: override.slice(equals + 1),
    unknown(depth, message) {
      const end = names.slice(0, depth + 1).join(".").length;
      const start = end - (names[depth] as string).length;
      report([start, end], () => `${cannot} ${message()}`);
    },
    wrong(message) {
      report([equals + 1, override.length], () => `${cannot} ${message()}`);
    },
  };
}

/** A copy of a map with the value that the override names replaced. */
async function replaceAt(
  map: JsonMap,
  defaults: JsonMap,
  depth: number,
  override: Override,
): Promise<JsonMap> {
  const name = override.names[depth] as string;
  if (map as Json === WRONG || map[name] === WRONG) return map;
  if (!Object.hasOwn(map, name)) {
    override.unknown(
      depth,
      () =>
        `${ownerOf(override, depth)} must have ${quote(name)}: ` +
        suggestion(name, Object.keys(map)),
    );
    return map;
  }
  const old = map[name] as Json;
  const asDefault = Object.hasOwn(defaults, name)
    ? defaults[name] as Json
    : old;
  const isLast = depth === override.names.length - 1;
  if (isLast) {
    return { ...map, [name]: await typedValue(old, asDefault, override) };
  }
  if (isJsonMap(old)) {
    const inner = isJsonMap(asDefault) ? asDefault : {};
    return {
      ...map,
      [name]: await replaceAt(old, inner, depth + 1, override) as Json,
    };
  }
  override.unknown(
    depth + 1,
    () =>
      `${ownerOf(override, depth + 1)} must be a map: ` +
      `it is ${describeType(old)}`,
  );
  return map;
}

function ownerOf({ names }: Override, depth: number): string {
  return quote(["params", ...names.slice(0, depth)].join("."));
}

/** The text as a value of the default's type; the old one when it is not. */
async function typedValue(
  old: Json,
  asDefault: Json,
  override: Override,
): Promise<Json> {
  if (typeof asDefault === "string") return override.value;
  const value = await readYamlValue(override.value);
  if (value === undefined) {
    override.wrong(() =>
      "its value must be a YAML scalar on one line, a [list] or a {map}, " +
      `with finite numbers only: it is ${quote(override.value)}`
    );
    return old;
  }
  const type = describeType(asDefault);
  if (asDefault === null || describeType(value) === type) return value;
  // Nothing at all is null too, but more likely a slip.
  const isEmpty = override.value.trim() === "";
  if (value === null && !isEmpty) return value;
  override.wrong(() =>
    `it must be ${type} like its default, or null: ` +
    `it is ${isEmpty ? "empty" : describeValue(value)}`
  );
  return old;
}
