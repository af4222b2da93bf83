/**
 * Problems of values that `--set` gave, shown there and not in the file, in
 * which only the name of the param stands.
 *
 * @module
 */
import { overrideOf } from "./params.ts";
import type { Path, Place, Problem } from "./problem.ts";
import { expressionNames } from "./template.ts";
import type { WorkflowFile } from "./workflow.ts";

/** Problems with their places at the overrides that brought them in. */
export function blameOverrides(
  problems: readonly Problem[],
  written: WorkflowFile,
  overrides: readonly string[],
): Problem[] {
  return problems.map((problem) => {
    const param = paramAt(problem.place, written);
    const place = param === null ? null : overrideOf(overrides, param);
    return place === null ? problem : { ...problem, place };
  });
}

/**
 * The path within the params whose value is at fault, or null when what is
 * wrong is written in the file itself.
 */
function paramAt(place: Place, written: WorkflowFile): Path | null {
  // A piece is an expression that has no value: the file names it.
  if (place.in === "override" || place.piece !== undefined) return null;
  const { path, at } = place;
  let value: unknown = written;
  for (const [i, key] of path.entries()) {
    if (typeof value === "string") {
      return paramOf(value, path.slice(i), place, written);
    }
    if (typeof value !== "object" || value === null) return null;
    value = (value as Record<string | number, unknown>)[key];
  }
  return at === "value" && typeof value === "string"
    ? paramOf(value, [], place, written)
    : null;
}

/** What `rest` is within the value of an expression. */
function paramOf(
  text: string,
  rest: Path,
  { path: [, step] }: Place & { readonly in: "file" },
  { steps }: WorkflowFile,
): Path | null {
  const [root, ...names] = expressionNames(text) ?? [];
  if (root === "params") return [...names, ...rest];
  const axis = root === "matrix" && steps[String(step)]?.matrix?.[names[0]!];
  // Which of the axis' values it is does not matter to who gave them all.
  return typeof axis === "string"
    ? expressionNames(axis)?.slice(1) ?? null
    : null;
}
