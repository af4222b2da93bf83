import { strictEqual } from "node:assert/strict";
import { emptyIgnoredCounts } from "../../../lib/metric/ignored_labels.ts";
import { readingsTable } from "../../../lib/report/readings_table.ts";

Deno.test("readingsTable shows shares over all classes, then of each", () => {
  const ball = {
    candidates: 100,
    wrongCandidates: 20,
    ignored: 40,
    wrongIgnored: 16,
    wrongForeground: 32,
    wrongForegroundIgnored: 16,
  };
  const page = readingsTable({
    title: "Readings",
    imageCount: 240,
    classNames: ["ball", "bar"],
    results: [
      { title: "FR-loss", counts: [ball, emptyIgnoredCounts()] },
      { title: "Global", counts: [ball, ball] },
    ],
  });
  strictEqual(
    page,
    `# Readings

What each reading of the filling-rate loss would ignore in the first iteration,
against the ground truth of 240 pictures, at the cells that the loss sees.

| % | ignored | precision | base rate | recall | right lost |
| --- | ---: | ---: | ---: | ---: | ---: |
| FR-loss | 40.0 | 40.0 | 20.0 | 50.0 | 30.0 |
| Global | 40.0 | 40.0 | 20.0 | 50.0 | 30.0 |

- ignored: of the labels that the reading may ignore, how many it does
- precision: of those, how many are wrong
- base rate: of all that it may ignore, how many are wrong: the
  precision of chance
- recall: of all wrong labels but background, how many it ignores
- right lost: of the right labels that it may ignore, how many it does

## Each class

Precision / base rate / recall, %:

| class | FR-loss | Global |
| --- | ---: | ---: |
| ball | 40.0 / 20.0 / 50.0 | 40.0 / 20.0 / 50.0 |
| bar | – / – / – | 40.0 / 20.0 / 50.0 |
`,
  );
});
