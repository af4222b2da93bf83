/**
 * What is said of a path that someone gave and that is not what it should be.
 *
 * @module
 */

/**
 * The error to throw instead of one of the system: in plain words where the
 * cause is the path, else the same.
 *
 * @param what It must be, "a folder of PNGs".
 */
export function pathError(
  path: string,
  { error, what }: { error: unknown; what: string },
): unknown {
  const found = error instanceof Deno.errors.NotFound
    ? "nothing is there"
    : error instanceof Deno.errors.NotADirectory
    ? "it is a file"
    : error instanceof Deno.errors.IsADirectory
    ? "it is a folder"
    : null;
  return found === null
    ? error
    : new RangeError(`Cannot read "${path}" as it must be ${what}: ${found}`);
}
