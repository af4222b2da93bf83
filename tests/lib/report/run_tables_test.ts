import { deepStrictEqual } from "node:assert/strict";
import { runTables } from "../../../lib/report/run_tables.ts";

Deno.test("runTables finds tables by stage, whatever their steps are called", async () => {
  const steps = [
    ["write_label_report", "mine[sigma=20]"],
    ["write_label_report", "mine[sigma=37]"],
    ["score_labels", "report"],
    ["write_ablation_table", "compared"],
  ] as const;
  const tables = await runTables({
    stepsOf: (stage) =>
      steps.filter(([of]) => of === stage).map(([, id]) => ({ id })),
    value: (step, output) => Promise.resolve(`${output} of ${step}`),
  });
  deepStrictEqual(tables, [
    { step: "compared", text: "table of compared" },
    { step: "mine[sigma=20]", text: "report of mine[sigma=20]" },
    { step: "mine[sigma=37]", text: "report of mine[sigma=37]" },
  ]);
});
