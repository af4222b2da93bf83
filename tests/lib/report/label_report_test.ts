import { match, strictEqual } from "node:assert/strict";
import { labelReport } from "../../../lib/report/label_report.ts";
import { PAPER_FILLING_RATES } from "../../../lib/report/paper_filling_rates.ts";
import { VOC_CLASSES } from "../../../lib/dataset/classes.ts";
import { scoresOf, smallScores } from "./small_scores.ts";

const FILLING_RATES = [
  {
    className: "ball",
    boxCount: 3,
    fillingRate: 0.625,
    subClasses: [
      { boxCount: 2, fillingRate: 0.75 },
      { boxCount: 1, fillingRate: 0.375 },
      { boxCount: 0, fillingRate: null },
    ],
  },
  { className: "bar", boxCount: 0, fillingRate: null, subClasses: [] },
  {
    className: "dog",
    boxCount: 1,
    fillingRate: 1,
    subClasses: [{ boxCount: 1, fillingRate: 1 }],
  },
];

Deno.test("labelReport tells scores, classes and filling rates", () => {
  const report = labelReport({
    title: "Small",
    rectangles: smallScores({ meanIou: 0.5 }),
    proposals: smallScores({
      classes: [
        scoresOf("background", 0.95),
        scoresOf("ball", 0.56),
        scoresOf("bar", null),
      ],
    }),
    fillingRates: FILLING_RATES,
  });
  strictEqual(
    report,
    `# Small

## Labels against ground truth

Mean IoU over 2 images, background included: rectangle labels **50.0 %**, CRF proposals **75.0 %**.

| % | rectangles | CRF proposals |
| --- | ---: | ---: |
| mean IoU | 50.0 | 75.0 |
| pixel accuracy | 90.0 | 90.0 |
| mean class accuracy | 80.0 | 80.0 |
| frequency-weighted IoU | 85.0 | 85.0 |
| foreground precision | – | – |
| foreground recall | 100.0 | 100.0 |
| mean Boundary IoU | 33.3 | 33.3 |

IoU of each class, %:

| class | rectangles | CRF proposals | difference |
| --- | ---: | ---: | ---: |
| background | 90.0 | 95.0 | +5.0 |
| ball | 60.0 | 56.0 | −4.0 |

## Filling rates

Share of its boxes that each class fills, %, by our proposals; the
sub-classes by decreasing rate, each with its boxes. The published list
is for VOC 2012 with other boxes: to be compared, not matched.

| class | boxes | filling rate | sub-class 0 | sub-class 1 | sub-class 2 | published |
| --- | ---: | ---: | ---: | ---: | ---: | ---: |
| ball | 3 | 62.5 | 75.0 (2) | 37.5 (1) | – | – |
| dog | 1 | 100.0 | 100.0 (1) | – | – | 50.6 |
`,
  );
});

Deno.test("labelReport keeps a class that one of both lacks, without a difference", () => {
  const report = labelReport({
    title: "Small",
    rectangles: smallScores(),
    proposals: smallScores({
      classes: [
        scoresOf("background", 0.9),
        scoresOf("ball", null),
        scoresOf("bar", 0),
      ],
    }),
    fillingRates: [],
  });
  match(report, /^\| ball \| 60\.0 \| – \| – \|$/m);
  match(report, /^\| bar \| – \| 0\.0 \| – \|$/m);
});

Deno.test("labelReport gives equal scores a difference without a minus", () => {
  const scores = smallScores();
  const almost = smallScores({
    classes: scores.classes.map((of) => ({
      ...of,
      iou: of.iou === null ? null : of.iou - 1e-6,
    })),
  });
  const report = labelReport({
    title: "Small",
    rectangles: scores,
    proposals: almost,
    fillingRates: [],
  });
  match(report, /^\| ball \| 60\.0 \| 60\.0 \| \+0\.0 \|$/m);
});

Deno.test("labelReport shows the headline mean and the trimap of both", () => {
  const headlineClasses = ["ball"];
  const report = labelReport({
    title: "Small",
    rectangles: smallScores({
      headlineMeanIou: 0.4,
      headlineClasses,
      trimap: [{ widthPx: 5, meanIou: 0.1 }],
    }),
    proposals: smallScores({
      headlineMeanIou: 0.6,
      headlineClasses,
      trimap: [{ widthPx: 5, meanIou: 0.2 }],
    }),
    fillingRates: [],
  });
  match(report, /^\| mean IoU over ball \| 40\.0 \| 60\.0 \|$/m);
  match(report, /^\| mean IoU within 5 px of borders \| 10\.0 \| 20\.0 \|$/m);
});

Deno.test("PAPER_FILLING_RATES has each class of VOC, dog and cat as printed", () => {
  strictEqual(
    [...PAPER_FILLING_RATES.keys()].join(),
    VOC_CLASSES.join(),
  );
  strictEqual(PAPER_FILLING_RATES.get("dog"), 0.506);
  strictEqual(PAPER_FILLING_RATES.get("cat"), 0.623);
});
