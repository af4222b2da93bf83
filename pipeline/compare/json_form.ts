/**
 * A comparison as JSON, for scripts: all of it.
 *
 * @module
 */
import type { Comparison, NotComparable } from "./comparison.ts";

/** As JSON; of a project's sections, their data by id. */
export function comparisonJson(of: Comparison | NotComparable): string {
  const content = of.verdict === "not_comparable" ? of : {
    ...of,
    sections: Object.fromEntries(of.sections.map(({ id, data }) => [id, data])),
  };
  return JSON.stringify(content, null, 2) + "\n";
}
