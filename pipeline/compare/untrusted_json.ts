/**
 * JSON from a file that nobody vouches for: limited in depth and checked by a
 * schema, with all that is wrong told at once.
 *
 * @module
 */
import type * as z from "zod";
import { listed } from "../workflow/did_you_mean.ts";
import { schemaIssues } from "../workflow/schema_issues.ts";
import { quote } from "../workflow/wording.ts";

/** Maps and lists in each other; more would overflow who walks them. */
const MAX_DEPTH = 64;

/** What was read, or what is wrong with it, to follow "as it". */
export type Untrusted<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly problem: string };

/** Reads bytes as UTF-8 and JSON. */
export function readUntrustedJson(bytes: Uint8Array): Untrusted<unknown> {
  if (bytes.length === 0) return wrong("must be JSON: it is empty");
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    const value: unknown = JSON.parse(text);
    return isTooDeep(value)
      ? wrong(`may nest ${MAX_DEPTH} maps and lists: it nests more`)
      : { ok: true, value };
  } catch (error) {
    if (error instanceof TypeError) return wrong("must be UTF-8: it is not");
    if (!(error instanceof SyntaxError)) throw error;
    return wrong(`must be JSON: ${quote(error.message)}`);
  }
}

/** Checks a value by a schema. */
export function checkUntrusted<Schema extends z.ZodType>(
  value: unknown,
  schema: Schema,
): Untrusted<z.output<Schema>> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return { ok: true, value: parsed.data };
  const issues = schemaIssues(schema, value, parsed.error.issues);
  const told = issues.map(({ path, reason, text }) => {
    const where = path.length === 0 ? "it" : quote(path.join("."));
    return reason === "unknownKey" ? `${where} is unknown` : `${where} ${text}`;
  });
  return wrong(`must be of the form that is written: ${listed(told)}`);
}

function wrong(problem: string): Untrusted<never> {
  return { ok: false, problem };
}

/** Without recursion, which is what a deep value is meant to exhaust. */
function isTooDeep(value: unknown): boolean {
  let level: unknown[] = [value];
  for (let depth = 0; depth <= MAX_DEPTH; depth++) {
    const inner = level.filter((each) =>
      typeof each === "object" && each !== null
    );
    if (inner.length === 0) return false;
    level = inner.flatMap((each) => Object.values(each as object));
  }
  return true;
}
