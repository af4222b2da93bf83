/**
 * What runs may be called: names of folders, and no paths.
 *
 * @module
 */
import { quote } from "../workflow/wording.ts";

/** Names of files have 255 letters at most, and those of exports an ending. */
const MOST_LETTERS = 200;

/**
 * Why a text cannot be the name of a run, to follow "as"; null when it can.
 *
 * @example
 * ```ts
 * import { runNameProblem } from "./run_name.ts";
 * import { strictEqual } from "node:assert";
 *
 * strictEqual(runNameProblem("seed_1"), null);
 * strictEqual(
 *   runNameProblem("../a"),
 *   'it must be letters, digits and _ . + - only: it has "/"',
 * );
 * ```
 */
export function runNameProblem(name: string): string | null {
  const odd = /[^A-Za-z0-9_.+-]/u.exec(name);
  if (odd !== null) {
    return "it must be letters, digits and _ . + - only: it has " +
      quote(odd[0]);
  }
  if (!/^[A-Za-z0-9_]/.test(name)) {
    const found = name === "" ? "is empty" : `begins with "${name[0]}"`;
    return `it must begin with a letter, a digit or _: it ${found}`;
  }
  return name.length <= MOST_LETTERS
    ? null
    : `it may have ${MOST_LETTERS} letters: it has ${name.length}`;
}
