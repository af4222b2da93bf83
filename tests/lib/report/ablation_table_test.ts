import { deepStrictEqual, match, strictEqual } from "node:assert/strict";
import { VOC_CLASSES } from "../../../lib/dataset/classes.ts";
import type { AblationScore } from "../../../lib/report/ablation_summary.ts";
import { ablationTable } from "../../../lib/report/ablation_table.ts";

function score(
  variant: string,
  meanIou: number,
  more: Partial<AblationScore> = {},
): AblationScore {
  const defaults = { seed: "1", hasCrf: false, imageCount: 80, classes: [] };
  return { ...defaults, variant, meanIou, ...more };
}

const PAGE = {
  title: "Ablation",
  measure: "mean IoU",
  network: "vgg16",
} as const;

Deno.test("ablationTable of one seed shows no spread and decides nothing", () => {
  const scores = [score("control", 0.5), score("bcm", 0.52)];
  strictEqual(
    ablationTable({ ...PAGE, scores }),
    `# Ablation

Mean IoU in % on 80 pictures, one run, seed 1: how much of a difference is chance is not known.

| % | without CRF | gain | with CRF | gain | paper |
| --- | ---: | ---: | ---: | ---: | ---: |
| Control: fine-tuned, neither | 50.0 | – | – | – | – |
| BCM | 52.0 | +2.0 | – | – | 65.6 |

The paper's figures are for VOC 2012 val, most likely with CRF; those
with * it quotes from other work. A gain is the difference to the
control of the same seed, in points.

## Does the paper's order hold?

\`yes\` and \`no\` where the whole 95 % interval lies on one side of 0, \`open\` where
the seeds do not tell.

| should be | CRF | difference | holds |
| --- | ---: | ---: | ---: |
| Control: fine-tuned, neither < BCM | without | +2.0 | open |
`,
  );
});

Deno.test("ablationTable of several seeds shows spreads and intervals", () => {
  const scores = [
    ["control", "1", 0.5],
    ["control", "2", 0.52],
    ["fr", "1", 0.49],
    ["fr", "2", 0.5],
  ].map(([variant, seed, meanIou]) =>
    score(variant as string, meanIou as number, {
      seed: seed as string,
      hasCrf: true,
    })
  );
  const page = ablationTable({ ...PAGE, measure: "mean over 7", scores });
  match(page, /^Mean over 7 in % on 80 pictures, mean ± standard deviation /m);
  match(page, /over seeds 1, 2\.$/m);
  // Differences −1 and −2: −1.5 ± 12.706 · 0.7071 / √2.
  match(
    page,
    /^\| FR-loss \| – \| – \| 49\.5 ± 0\.7 \| −1\.5 \[−7\.9, \+4\.9\] \| 65\.8 \|$/m,
  );
  match(page, /^Only the seed of the training varies, .*\n.* by chance /m);
  match(page, /95 % interval:\nmean of the paired differences ± t\(0\.975;/);
});

Deno.test("ablationTable marks what the paper quotes, and takes Table 3", () => {
  const scores = [score("full", 0.75), score("cm", 0.75)];
  match(ablationTable({ ...PAGE, scores }), /^\| Full .*\| 69\.8\* \|$/m);
  const page = ablationTable({ ...PAGE, network: "resnet101", scores });
  match(page, /^\| Full .*\| 74\.5\* \|$/m);
  match(page, /^\| CM .*\| – \|$/m);
});

Deno.test("ablationTable averages classes over seeds, with CRF where there is one", () => {
  const classes = (iou: number | null) => [
    { className: "background", iou: 0.9 },
    { className: "ball", iou },
  ];
  const page = ablationTable({
    ...PAGE,
    scores: [
      score("cm", 0.5, { classes: classes(0.1) }),
      score("cm", 0.5, { classes: classes(0.4), hasCrf: true }),
      score("cm", 0.5, { classes: classes(0.5), hasCrf: true, seed: "2" }),
      score("bcm", 0.5, { classes: classes(null) }),
    ],
  });
  const rows = page.slice(page.indexOf("## IoU of each class")).split("\n")
    .filter((line) => line.startsWith("|"));
  deepStrictEqual(rows, [
    "| % | background | ball |",
    "| --- | ---: | ---: |",
    "| CM | 90.0 | 45.0 |",
    "| BCM | 90.0 | – |",
  ]);
});

Deno.test("ablationTable shows the paper's Table 4 beside VOC's classes only", () => {
  const classes = ["background", ...VOC_CLASSES]
    .map((className) => ({ className, iou: 0.5 }));
  const voc = ablationTable({
    ...PAGE,
    scores: [score("bcm", 0.5, { classes })],
  });
  match(
    voc,
    /^\| paper: BCM \+ FR-loss \(Refine\) \| 89\.8 \| 68\.3 .* 54\.6 \|$/m,
  );
  const few = ablationTable({
    ...PAGE,
    scores: [score("bcm", 0.5, { classes: classes.slice(0, 7) })],
  });
  strictEqual(few.includes("paper:"), false);
});
