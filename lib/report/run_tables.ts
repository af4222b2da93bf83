/**
 * The tables that steps of a run wrote for people, found by their stages, so
 * that workflows may call steps as they like.
 *
 * @module
 */

/** Stages that write Markdown, and the output that it is; in this order. */
const TABLES: readonly (readonly [stage: string, output: string])[] = [
  ["write_ablation_table", "table"],
  ["write_label_report", "report"],
  ["test_filling_rate_readings", "table"],
  ["score_attention_maps", "table"],
];

/** What a run is asked for here. */
export interface TableSource {
  /** Steps of a stage that have a result, in the order of the workflow. */
  stepsOf(stage: string): readonly { readonly id: string }[];
  /** The value of an output that is one file. */
  value(step: string, output: string): Promise<unknown>;
}

/** A table, or a text with several. */
export interface RunTable {
  /** That wrote it. */
  readonly step: string;
  /** Markdown. */
  readonly text: string;
}

/**
 * All tables of a run, what models scored first; of a step with a matrix those
 * of all expansions.
 *
 * @throws {RangeError} When the run lacks a table that its record tells of.
 *
 * @example
 * ```ts
 * import { runTables } from "./run_tables.ts";
 * import { deepStrictEqual } from "node:assert";
 *
 * const tables = await runTables({
 *   stepsOf: (stage) =>
 *     stage === "write_label_report" ? [{ id: "my_labels" }] : [],
 *   value: () => Promise.resolve("# Labels\n"),
 * });
 * deepStrictEqual(tables, [{ step: "my_labels", text: "# Labels\n" }]);
 * ```
 */
export async function runTables(run: TableSource): Promise<RunTable[]> {
  const tables: RunTable[] = [];
  for (const [stage, output] of TABLES) {
    for (const { id } of run.stepsOf(stage)) {
      tables.push({ step: id, text: String(await run.value(id, output)) });
    }
  }
  return tables;
}
