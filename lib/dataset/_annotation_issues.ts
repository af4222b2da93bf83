/**
 * What is wrong with the elements of an annotation file, in words.
 *
 * @module
 */
import type * as z from "zod";

/** Issues that are told; the rest is counted. */
const ISSUES_TOLD = 5;

/** Characters of a text that are told. */
const CHARACTERS_TOLD = 40;

/**
 * Each issue as "xmin of object 1 must be a number: it is "abc"", joined.
 *
 * @param tree What was checked: elements by name, texts at their ends.
 * @param issues Of which the messages say what must hold.
 */
export function describeIssues(
  tree: unknown,
  issues: readonly z.core.$ZodIssue[],
): string {
  const told = issues.slice(0, ISSUES_TOLD).map(({ path, message }) =>
    `${nameOf(path)} ${message}: ${found(valueAt(tree, path))}`
  );
  const rest = issues.length - told.length;
  return told.join("; ") + (rest > 0 ? ` and ${rest} more` : "");
}

/** The element, and where its name is not enough, of which other it is. */
function nameOf(path: readonly PropertyKey[]): string {
  const name = String(path.at(-1));
  const index = path.find((key) => typeof key === "number");
  if (index === undefined) return name;
  return typeof path.at(-1) === "number"
    ? `object ${index + 1}`
    : `${name} of object ${index + 1}`;
}

function valueAt(tree: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce(
    (value, key) => (value as Record<PropertyKey, unknown> | undefined)?.[key],
    tree,
  );
}

function found(value: unknown): string {
  if (value === undefined) return "it is missing";
  if (Array.isArray(value)) return `it is there ${value.length} times`;
  if (typeof value === "string") {
    return `it is ${JSON.stringify(value.slice(0, CHARACTERS_TOLD))}`;
  }
  return "it holds other elements";
}
