/**
 * A mark for what is wrong in a file and was reported, so that all the rest
 * can still be checked.
 *
 * @module
 */
import type { Json } from "./workflow_form.ts";

/**
 * Stands for a value that is wrong or not known, which is reported elsewhere.
 * A symbol: no schema takes it for a value.
 */
export const WRONG = Symbol("wrong") as unknown as Json;

/** Whether a value is wrong or has something wrong in it. */
export function hasWrong(value: unknown): boolean {
  if (value === WRONG) return true;
  if (typeof value !== "object" || value === null) return false;
  return Object.values(value).some(hasWrong);
}

/** A value with what a path leads to marked as wrong, in place. */
export function markWrong(
  value: Json,
  path: readonly (string | number)[],
): Json {
  const [key, ...rest] = path;
  if (key === undefined) return WRONG;
  if (typeof value !== "object" || value === null) return value;
  const owner = value as Record<string | number, Json>;
  owner[key] = markWrong(owner[key] ?? null, rest);
  return value;
}

/** The same for what a path leads to if it is not there. */
export function markMissing(
  value: Json,
  path: readonly (string | number)[],
): Json {
  let found: unknown = value;
  for (const key of path) {
    if (typeof found !== "object" || found === null) return value;
    found = (found as Record<string | number, unknown>)[key];
  }
  return found === undefined ? markWrong(value, path) : value;
}
