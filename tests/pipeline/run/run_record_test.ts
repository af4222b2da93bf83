import { deepStrictEqual } from "node:assert/strict";
import {
  metricsOfRun,
  type StepRecord,
} from "../../../pipeline/run/run_record.ts";
import type { Step } from "../../../pipeline/workflow/workflow.ts";

type Given = [id: string, metrics: Record<string, number>];

function metrics(...given: Given[]): Record<string, number> {
  const steps = given.map(([id]) => ({ id, name: id.replace(/\[.*$/, "") }));
  const records = given.map(([, metrics]) => ({ metrics }));
  return metricsOfRun(steps as Step[], records as StepRecord[]);
}

Deno.test("metricsOfRun gathers the metrics of all steps by name", () => {
  deepStrictEqual(
    metrics(["a", { loss: 1 }], ["b", {}], ["c", { "iou.mean": 0.5 }]),
    { loss: 1, "iou.mean": 0.5 },
  );
});

Deno.test("metricsOfRun tells equal names apart by their steps", () => {
  deepStrictEqual(
    metrics(["a", { loss: 1, x: 2 }], ["b", { loss: 3 }]),
    { "a/loss": 1, x: 2, "b/loss": 3 },
  );
});

Deno.test("metricsOfRun tells expansions apart by their values", () => {
  deepStrictEqual(
    metrics(
      ["a[seed=1]", { loss: 1 }],
      ["a[seed=2]", { loss: 2 }],
      ["b[seed=1]", { loss: 3 }],
    ),
    {
      "a[seed=1]/loss[seed=1]": 1,
      "loss[seed=2]": 2,
      "b[seed=1]/loss[seed=1]": 3,
    },
  );
});
