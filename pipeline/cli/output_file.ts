/**
 * Files that commands write where the user wants them.
 *
 * @module
 */
import { dirname } from "node:path";
import { statIfThere } from "../store/durable_file.ts";
import { resolvePath } from "./paths.ts";
import { CliError } from "./project.ts";

/**
 * Looks before anything is computed, which may take long.
 *
 * @param inputs What the command reads, and its result must not replace.
 * @throws {CliError} When a file cannot be written there, or must not.
 */
export function assertOutputFile(
  output: string,
  inputs: readonly string[],
): void {
  const path = resolvePath(output);
  if (!statIfThere(dirname(path))?.isDirectory) {
    throw new CliError(
      `Cannot write "${output}" as its folder must exist: it does not`,
    );
  }
  if (statIfThere(path)?.isDirectory) {
    throw new CliError(
      `Cannot write "${output}" as it must be a file: it is a folder`,
    );
  }
  const input = inputs.find((each) => isSameFile(resolvePath(each), path));
  if (input === undefined) return;
  throw new CliError(
    `Cannot write "${output}" as it must be another file than what is read: ` +
      `it is "${input}"`,
  );
}

/** By whatever names and links. */
function isSameFile(a: string, b: string): boolean {
  if (statIfThere(a)?.isFile !== true) return false;
  return statIfThere(b)?.isFile === true &&
    Deno.realPathSync(a) === Deno.realPathSync(b);
}
