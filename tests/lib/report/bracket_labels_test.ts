import { deepStrictEqual } from "node:assert/strict";
import { bracketLabels } from "../../../lib/report/bracket_labels.ts";

Deno.test("bracketLabels reads every label of a name", () => {
  deepStrictEqual(bracketLabels("a[crf=with,seed=1]"), {
    crf: "with",
    seed: "1",
  });
});

Deno.test("bracketLabels of a name without brackets are none", () => {
  deepStrictEqual(bracketLabels("scores"), {});
});
