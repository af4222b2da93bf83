import { strictEqual } from "node:assert/strict";
import { scoreTable } from "../../../lib/report/score_table.ts";
import { smallScores } from "./small_scores.ts";

Deno.test("scoreTable leaves out classes that are not there", () => {
  strictEqual(
    scoreTable(smallScores()),
    `| % | 2 images |
| --- | ---: |
| mean IoU | 75.0 |
| pixel accuracy | 90.0 |
| mean class accuracy | 80.0 |
| frequency-weighted IoU | 85.0 |
| foreground precision | – |
| foreground recall | 100.0 |
| mean Boundary IoU | 33.3 |

| class | IoU | Boundary IoU | precision | recall |
| --- | ---: | ---: | ---: | ---: |
| background | 90.0 | – | 50.0 | 50.0 |
| ball | 60.0 | – | 50.0 | 50.0 |
`,
  );
});

Deno.test("scoreTable shows the headline mean and the widths asked for", () => {
  const table = scoreTable(smallScores({
    headlineMeanIou: 0.6,
    headlineClasses: ["ball", "bar"],
    trimap: [{ widthPx: 2, meanIou: 0.5 }, { widthPx: 10, meanIou: null }],
  }));
  const rows = table.split("\n").slice(2, 12);
  strictEqual(rows[1], "| mean IoU over ball, bar | 60.0 |");
  strictEqual(rows[8], "| mean IoU within 2 px of borders | 50.0 |");
  strictEqual(rows[9], "| mean IoU within 10 px of borders | – |");
});
