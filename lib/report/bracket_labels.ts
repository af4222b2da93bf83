/**
 * Names that carry labels in brackets: `scores[seed=1,variant=bcm]`.
 *
 * @module
 */

/**
 * The labels of a name by what they are of; none when it has no brackets.
 *
 * @example
 * ```ts
 * import { bracketLabels } from "./bracket_labels.ts";
 * import { deepStrictEqual } from "node:assert";
 *
 * const labels = bracketLabels("scores[seed=1,variant=bcm]");
 * deepStrictEqual(labels, { seed: "1", variant: "bcm" });
 * deepStrictEqual(bracketLabels("scores"), {});
 * ```
 */
export function bracketLabels(name: string): Readonly<Record<string, string>> {
  const inside = /\[(.*)\]$/.exec(name)?.[1];
  if (inside === undefined) return {};
  return Object.fromEntries(
    inside.split(",").map((pair) => {
      const at = pair.indexOf("=");
      return [pair.slice(0, at), pair.slice(at + 1)];
    }),
  );
}
