/**
 * Errors of the system, such as a full disk, in the words of our own: what
 * could not be done to which path, what must hold, what was found.
 *
 * @module
 */

/** Whether the system says what it lacks, such as room on a disk. */
export function isSystemError(error: unknown): error is Error {
  if (error instanceof Deno.errors.NotCapable) return true;
  return error instanceof Error && "code" in error &&
    typeof error.code === "string";
}

/** `No space left on device (os error 28): mkdir '/a/b'` */
const OF_SYSTEM = /^(.+?) \(os error \d+\)(?:: (\w+) '(.+?)'(?: -> '.+')?)?$/s;

/** What Deno calls what it did, where that is no plain English. */
const DEEDS: Readonly<Record<string, string>> = {
  writefile: "write to",
  readfile: "read",
  readdir: "list",
  stat: "look at",
  lstat: "look at",
  mkdir: "make",
  chmod: "change",
  utime: "change",
  write: "write to",
};

/** What must hold, by the system's code for that it does not. */
const MUST: Readonly<Record<string, string>> = {
  ENOSPC: "its disk must have room",
  EDQUOT: "the quota of its disk must leave room",
  EROFS: "it must be on a disk that can be written to",
  EACCES: "the user must have the permission",
  EPERM: "the user must have the permission",
  ENOENT: "it must exist",
  EEXIST: "nothing may be there yet",
  EISDIR: "it must be a file",
  ENAMETOOLONG: "its disk must take names that long",
  EXDEV: "it must be on the same file system",
};

/**
 * An error of the system in words.
 *
 * @param path What was written to, for errors that do not say it.
 *
 * @example
 * ```ts
 * import { explainSystemError } from "./system_error.ts";
 * import { strictEqual } from "node:assert";
 *
 * const message = "No space left on device (os error 28): mkdir '/a/b'";
 * strictEqual(
 *   explainSystemError(Object.assign(new Error(message), { code: "ENOSPC" })),
 *   'Cannot make "/a/b" as its disk must have room: No space left on device',
 * );
 * ```
 */
export function explainSystemError(
  error: Error,
  path: string | null = null,
): string {
  // Deno says which path, and which flag gives the permission.
  if (error instanceof Deno.errors.NotCapable) return error.message;
  const [, found, deed = "write", at = path] = OF_SYSTEM.exec(error.message) ??
    [];
  if (found === undefined || at === null) {
    return `${error.name}: ${error.message}`;
  }
  const cannot = `Cannot ${DEEDS[deed] ?? deed} "${at}" as`;
  const file = fileInTheWay(error, { deed, path: at });
  if (file === at) return `${cannot} it must be a folder: it is a file`;
  if (file !== null) {
    return `${cannot} all above it must be folders: "${file}" is a file`;
  }
  const code = String((error as { code?: unknown }).code);
  return `${cannot} ${MUST[code] ?? "the system must allow it"}: ${found}`;
}

/** The error to throw instead of one of writing, which says not to which file. */
export function writingError(error: unknown, path: string): unknown {
  if (!isSystemError(error)) return error;
  return new Error(explainSystemError(error, path), { cause: error });
}

/** The file that stands where a folder should; null when there is none. */
function fileInTheWay(
  error: Error,
  { deed, path }: { readonly deed: string; readonly path: string },
): string | null {
  const isLikely = error instanceof Deno.errors.NotADirectory ||
    error instanceof Deno.errors.AlreadyExists && deed === "mkdir";
  if (!isLikely) return null;
  for (let at = path.length; at > 0; at = path.lastIndexOf("/", at - 1)) {
    if (isFile(path.slice(0, at))) return path.slice(0, at);
  }
  return null;
}

function isFile(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch (error) {
    if (isSystemError(error)) return false;
    throw error;
  }
}
