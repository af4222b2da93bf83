import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { VOC_CLASSES } from "../../../lib/dataset/classes.ts";
import { ABLATION_VARIANTS } from "../../../lib/report/ablation_variants.ts";
import {
  PAPER_CLASS_IOUS,
  PAPER_FIGURES,
} from "../../../lib/report/paper_tables.ts";

Deno.test("the paper's figures are of variants that the table has", () => {
  const names = ABLATION_VARIANTS.map(({ name }) => name);
  for (const figures of Object.values(PAPER_FIGURES)) {
    ok(Object.keys(figures).every((name) => names.includes(name)));
  }
  const ours = names.filter((name) => !(name in PAPER_FIGURES.vgg16));
  deepStrictEqual(ours, ["control", "fr_floor"]);
});

Deno.test("the paper's class IoUs average to what it prints, but for one row", () => {
  const means = Object.entries(PAPER_CLASS_IOUS).map(([variant, ious]) => {
    strictEqual(ious.length, 1 + VOC_CLASSES.length);
    const mean = ious.reduce((sum, iou) => sum + iou, 0) / ious.length;
    const printed = 100 * PAPER_FIGURES.vgg16[variant]!.meanIou;
    return [variant, mean.toFixed(2), Math.abs(mean - printed) < 0.1];
  });
  strictEqual(
    means.join("; "),
    "box_only,54.97,true; bcm_fr_refine,66.23,false; semi,67.54,true",
  );
});
