/**
 * What zod finds wrong with a value, in the words of error messages.
 *
 * @module
 */
import type * as z from "zod";
import { didYouMean, suggestion } from "./did_you_mean.ts";
import type { Path } from "./problem.ts";
import { describeValue, quote, TYPE_WORDS } from "./wording.ts";
import { hasWrong, WRONG } from "./wrong.ts";

/** One thing wrong with a value. */
export interface SchemaIssue {
  /** To the value; of an unknown key, to that key. */
  readonly path: Path;
  readonly reason: "missing" | "unknownKey" | "badKey" | "badValue" | "isWrong";
  /** `must be at least 0: it is -1`, or the suggestion for an unknown key. */
  readonly text: string;
  /** Of an unknown key, the known one that it most likely means. */
  readonly meant?: string | null;
}

type Issue = z.core.$ZodIssue;
type Schema = z.core.$ZodType;

/** Issues of a parse that failed, in words; `isWrong` where it was known. */
export function schemaIssues(
  schema: Schema,
  value: unknown,
  issues: readonly Issue[],
): SchemaIssue[] {
  return issues.flatMap((issue) => {
    const path = issue.path as Path;
    if (issue.code === "unrecognized_keys") {
      const known = keysAt(schema, path);
      return issue.keys.map((key): SchemaIssue => ({
        path: [...path, key],
        reason: "unknownKey",
        text: suggestion(key, known),
        meant: didYouMean(key, known),
      }));
    }
    const nested = chosenBranch(issue);
    if (nested !== null) return schemaIssues(schema, value, nested);
    return [plainIssue(issue, path, value)];
  });
}

/** Whether a value is at fault that is known to be wrong. */
function isOfWrong(path: Path, value: unknown): boolean {
  return path.some((_, i) => valueAtPath(value, path.slice(0, i)) === WRONG) ||
    hasWrong(valueAtPath(value, path));
}

function plainIssue(issue: Issue, path: Path, value: unknown): SchemaIssue {
  if (issue.code === "invalid_key") {
    const must = issue.issues.map(mustOf).join(", ");
    const is = describeValue(path.at(-1));
    return { path, reason: "badKey", text: `${must}: it is ${is}` };
  }
  const found = valueAtPath(value, path);
  if (isOfWrong(path, value)) return { path, reason: "isWrong", text: "" };
  const reason = found === undefined ? "missing" : "badValue";
  return { path, reason, text: `${mustOf(issue)}: ${isOf(issue, found)}` };
}

/** The end of a message: how long a list is, else the value. */
function isOf(issue: Issue, found: unknown): string {
  const isCount = issue.code === "too_small" || issue.code === "too_big";
  if (isCount && (Array.isArray(found) || typeof found === "string")) {
    return `it has ${found.length}`;
  }
  const is = `it is ${describeValue(found)}`;
  if (issue.code !== "invalid_value" || typeof found !== "string") return is;
  const meant = didYouMean(found, issue.values.map(String));
  return meant === null ? is : `${is}, did you mean ${quote(meant)}?`;
}

/** What the value must be, as `must be ...`. */
function mustOf(issue: Issue): string {
  switch (issue.code) {
    case "invalid_type":
      return `must be ${typeWords(issue.expected)}`;
    case "invalid_value":
      return `must be ${oneOf(issue.values.map((value) => String(value)))}`;
    case "too_small":
      return `must ${boundWords(issue, issue.minimum, "at least", "above")}`;
    case "too_big":
      return `must ${boundWords(issue, issue.maximum, "at most", "below")}`;
    case "not_multiple_of":
      return `must be a multiple of ${issue.divisor}`;
    case "invalid_format":
      return ownWords(issue.message) ??
        `must match ${issue.pattern ?? issue.format}`;
    case "invalid_union":
      return `must be ${unionWords(issue)}`;
    default:
      return ownWords(issue.message) ?? "must be valid";
  }
}

function typeWords(expected: string): string {
  return TYPE_WORDS[expected] ?? expected;
}

function oneOf(values: readonly string[]): string {
  const quoted = values.map(quote);
  return quoted.length === 1 ? `${quoted[0]}` : `one of ${quoted.join(", ")}`;
}

function boundWords(
  issue: { origin: string; inclusive?: boolean },
  bound: number | bigint,
  inclusive: string,
  exclusive: string,
): string {
  const limit = `${issue.inclusive === false ? exclusive : inclusive} ${bound}`;
  const plural = Number(bound) === 1 ? "" : "s";
  if (issue.origin === "string") return `have ${limit} character${plural}`;
  if (issue.origin === "array") return `have ${limit} item${plural}`;
  return `be ${limit}`;
}

/** The message a schema's author wrote, made to follow "as it". */
function ownWords(message: string): string | null {
  if (/^(Invalid|Too |Unrecognized)/.test(message)) return null;
  return message.startsWith("must ") ? message : `must be ${message}`;
}

type UnionIssue = Extract<Issue, { code: "invalid_union" }>;

/** All that the branches of a union expect. */
function unionWords(issue: UnionIssue): string {
  if (issue.errors.length === 0) {
    return oneOf((issue as { options?: unknown[] }).options?.map(String) ?? []);
  }
  const words = issue.errors.flat().map((inner) =>
    mustOf(inner).replace(/^must be /, "")
  );
  const [last, ...rest] = [...new Set(words)].reverse();
  return rest.length === 0
    ? `${last}`
    : `${rest.reverse().join(", ")} or ${last}`;
}

/**
 * Issues of the branch of a union that the value was meant for: the one with
 * the fewest, of those that it does not miss as a whole.
 */
function chosenBranch(issue: Issue): Issue[] | null {
  if (issue.code !== "invalid_union") return null;
  const meant = issue.errors.filter((branch) => !branch.some(missesWhole));
  const [first, ...others] = meant.sort((a, b) => a.length - b.length);
  if (first === undefined) return null;
  if (others.some((other) => other.length === first.length)) {
    if (first.every((inner) => inner.path.length === 0)) return null;
  }
  return first.map((inner) => ({
    ...inner,
    path: [...issue.path, ...inner.path],
  }));
}

function missesWhole({ code, path }: Issue): boolean {
  return path.length === 0 &&
    (code === "invalid_type" || code === "invalid_value");
}

function valueAtPath(value: unknown, path: Path): unknown {
  let found: unknown = value;
  for (const key of path) {
    if (typeof found !== "object" || found === null) return undefined;
    if (!Object.hasOwn(found, key)) return undefined;
    found = (found as Record<string | number, unknown>)[key];
  }
  return found;
}

/** Keys that a schema knows at a path; of a union, those of all branches. */
function keysAt(schema: Schema, path: Path): string[] {
  const def = (schema as z.core.$ZodTypes)._zod.def;
  const [key, ...rest] = path;
  switch (def.type) {
    case "object": {
      if (key === undefined) return Object.keys(def.shape);
      const field = def.shape[key];
      return field === undefined ? [] : keysAt(field, rest);
    }
    case "record":
      return key === undefined ? [] : keysAt(def.valueType, rest);
    case "array":
      return key === undefined ? [] : keysAt(def.element, rest);
    case "tuple":
      return def.items.flatMap((item, i) =>
        i === key ? keysAt(item, rest) : []
      );
    case "union":
      return [...new Set(def.options.flatMap((each) => keysAt(each, path)))];
    case "intersection":
      return [...keysAt(def.left, path), ...keysAt(def.right, path)];
    case "pipe":
      return keysAt(def.in, path);
    case "lazy":
      return keysAt(def.getter(), path);
    case "optional":
    case "nullable":
    case "default":
    case "prefault":
    case "nonoptional":
    case "readonly":
    case "catch":
      return keysAt(def.innerType, path);
    default:
      return [];
  }
}
