/**
 * What is said of a file that the system does not let us read or write.
 *
 * @module
 */
import { isAbsolute } from "node:path";
import { pathError } from "../dataset/path_error.ts";

/** `No space left on device (os error 28): open '/a/b'` */
const OF_SYSTEM = /^(.+?) \(os error \d+\)/s;

/** `Requires all access to "/dev/full", run again with the --allow-all flag` */
const OF_DENO = /^Requires .+ (--allow-[a-z-]+) flag$/s;

/**
 * The error to throw instead of one of the system, which may not say what was
 * being done to which file; any other error as it is.
 *
 * @example
 * ```ts
 * import { fileError } from "./file_error.ts";
 * import { strictEqual } from "node:assert";
 *
 * const full = Object.assign(
 *   new Error("No space left on device (os error 28)"),
 *   { code: "ENOSPC" },
 * );
 * strictEqual(
 *   String(fileError("write", "q.f32", full)),
 *   'Error: Cannot write "q.f32" as the system must allow it: No space left on ' +
 *     "device",
 * );
 * ```
 */
export function fileError(
  deed: "read" | "write",
  path: string,
  error: unknown,
): unknown {
  if (!(error instanceof Error)) return error;
  const cannot = `Cannot ${deed} "${path}" as`;
  const flag = OF_DENO.exec(error.message)?.[1];
  if (error instanceof Deno.errors.NotCapable && flag !== undefined) {
    return new Error(
      `${cannot} Deno must be started with ${flag} for it: it was not`,
      { cause: error },
    );
  }
  const found = OF_SYSTEM.exec(error.message)?.[1];
  if (found === undefined) return error;
  return new Error(`${cannot} the system must allow it: ${found}`, {
    cause: error,
  });
}

/**
 * The error to throw instead of one of reading.
 *
 * @param what The path must be, "a picture".
 */
export function readingError(
  path: string,
  { error, what }: { error: unknown; what: string },
): unknown {
  if (error instanceof Deno.errors.NotFound) {
    return new RangeError(
      `Cannot read "${path}" as it must be ${what}: ${nothingAt(path)}`,
    );
  }
  const explained = pathError(path, { error, what });
  return explained === error ? fileError("read", path, error) : explained;
}

/** Says where a path led to that may have been meant from another folder. */
export function nothingAt(path: string): string {
  return isAbsolute(path)
    ? "nothing is there"
    : `nothing is there, seen from "${Deno.cwd()}"`;
}
