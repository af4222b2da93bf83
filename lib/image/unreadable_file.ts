/**
 * What is said of a file whose bytes are not what they should be.
 *
 * @module
 */

/**
 * A file that cannot be read: cut short, corrupt, or of a form not supported.
 *
 * A class of its own because a check of a whole data set catches it, to report
 * all bad files together; anything else that is thrown is a bug.
 *
 * @example
 * ```ts
 * import { UnreadableFileError } from "./unreadable_file.ts";
 * import { strictEqual } from "node:assert";
 *
 * strictEqual(
 *   new UnreadableFileError("a.png", {
 *     rule: "it must be a PNG",
 *     found: "it is empty",
 *   }).message,
 *   'Cannot read "a.png" as it must be a PNG: it is empty',
 * );
 * ```
 */
export class UnreadableFileError extends Error {
  override readonly name = "UnreadableFileError";

  /**
   * @param path Shown in the message, in double quotes.
   * @param about `rule`: what must hold, as a clause, "it must be a PNG";
   * `found`: what is there instead.
   */
  constructor(
    readonly path: string,
    { rule, found }: { rule: string; found: string },
  ) {
    super(`Cannot read "${path}" as ${rule}: ${found}`);
  }
}
