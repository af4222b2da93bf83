/**
 * Names of metrics, steps and outputs as policies write them.
 *
 * @module
 */

/**
 * Whether a name is meant by a pattern, in which `*` stands for any text.
 *
 * A pattern may leave out the values of a matrix, the step before a `/`, and
 * parts before a point: `mean` means `late.mean`, `late.mean[seed=1]` and
 * `count[seed=1]/late.mean[seed=1]`.
 *
 * @example
 * ```ts
 * import { isMeant } from "./name_pattern.ts";
 * import { strictEqual } from "node:assert";
 *
 * strictEqual(isMeant("mean", "late.mean[seed=1]"), true);
 * strictEqual(isMeant("mean", "late.own_mean"), false);
 * strictEqual(isMeant("late.*", "late.own_mean"), true);
 * strictEqual(isMeant("mean[seed=2]", "late.mean[seed=1]"), false);
 * ```
 */
export function isMeant(pattern: string, name: string): boolean {
  return formsOf(name).some((form) => fits(form, pattern.split("*")));
}

/** Not by a regular expression: with many `*`, one may take for ever. */
function fits(text: string, [first, ...pieces]: readonly string[]): boolean {
  const last = pieces.pop();
  if (last === undefined) return text === first;
  if (!text.startsWith(first!)) return false;
  let at = first!.length;
  for (const piece of pieces) {
    const found = text.indexOf(piece, at);
    if (found < 0) return false;
    at = found + piece.length;
  }
  return text.length - last.length >= at && text.endsWith(last);
}

/** A name, whole and with what may be left out of it left out. */
function formsOf(name: string): string[] {
  const own = name.slice(name.lastIndexOf("/") + 1);
  const at = own.indexOf("[");
  const [plain, values] = at < 0
    ? [own, ""]
    : [own.slice(0, at), own.slice(at)];
  const parts = plain.split(".");
  const ends = parts.map((_, i) => parts.slice(i).join("."));
  return [name, ...ends.flatMap((end) => [end, end + values])];
}
