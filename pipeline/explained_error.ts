/**
 * Errors that explain themselves.
 *
 * @module
 */
import { explainSystemError, isSystemError } from "./system_error.ts";

/** The wording of errors about what someone gave, throughout the project. */
const EXPLAINED = /^Cannot [^]+? as [^]+?:\s/;

/**
 * Whether an error says all there is to say: what could not be done, what must
 * hold, what was found. Of any other error, where it arose counts too.
 *
 * @example
 * ```ts
 * import { isExplained } from "./explained_error.ts";
 * import { strictEqual } from "node:assert";
 *
 * const error = new RangeError("Cannot open x as it must be a file: it is not");
 * strictEqual(isExplained(error), true);
 * strictEqual(isExplained(new TypeError("x is not a function")), false);
 * ```
 */
export function isExplained(error: unknown): error is Error {
  return error instanceof Error && EXPLAINED.test(error.message);
}

/**
 * What an error says to people; where it arose, which counts for bugs, left out.
 *
 * @param path What was written to, for errors that do not say it.
 */
export function messageOf(error: unknown, path: string | null = null): string {
  if (isSystemError(error)) return explainSystemError(error, path);
  return error instanceof Error ? error.message : String(error);
}
