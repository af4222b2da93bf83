/**
 * Errors that explain themselves.
 *
 * @module
 */

/** The wording of errors about what someone gave, throughout the project. */
const EXPLAINED = /^Cannot [^]+? as [^]+?: /;

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

/** Whether the system says what it lacks, such as room on a disk. */
export function isSystemError(error: unknown): error is Error {
  if (error instanceof Deno.errors.NotCapable) return true;
  return error instanceof Error && "code" in error &&
    typeof error.code === "string";
}
