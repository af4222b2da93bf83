import { deepStrictEqual, strictEqual, throws } from "node:assert/strict";
import {
  type AblationScore,
  summariseAblation,
} from "../../../lib/report/ablation_summary.ts";

function score(
  variant: string,
  seed: string,
  meanIou: number,
  hasCrf = false,
): AblationScore {
  return { variant, seed, meanIou, hasCrf, imageCount: 8, classes: [] };
}

Deno.test("summariseAblation orders variants as Table 1, others last", () => {
  const names = ["full", "zeta", "fr", "cm", "alpha", "rectangles", "control"];
  const { variants } = summariseAblation(
    names.map((name) => score(name, "1", 0.5)),
  );
  deepStrictEqual(
    variants.map(({ variant }) => variant),
    ["rectangles", "control", "cm", "fr", "full", "alpha", "zeta"],
  );
});

Deno.test("summariseAblation pairs a gain by seed", () => {
  // Seed 2 is hard for both; unpaired, the interval would be far wider.
  const { variants } = summariseAblation([
    score("control", "1", 0.5),
    score("control", "2", 0.25),
    score("bcm", "2", 0.375),
    score("bcm", "1", 0.625),
    score("bcm", "3", 0.875),
  ]);
  const [control, bcm] = variants;
  strictEqual(control!.gain, null);
  deepStrictEqual(bcm!.gain, {
    mean: 0.125,
    low: 0.125,
    high: 0.125,
    count: 2,
  });
  deepStrictEqual(bcm!.meanIou, { mean: 0.625, deviation: 0.25, count: 3 });
});

Deno.test("summariseAblation compares like with like: CRF with CRF", () => {
  const { variants } = summariseAblation([
    score("control", "1", 0.5),
    score("control", "1", 0.75, true),
    score("bcm", "1", 0.625),
    score("bcm", "1", 0.8125, true),
    score("fr", "1", 0.5, true),
  ]);
  deepStrictEqual(
    variants.map(({ variant, hasCrf, gain }) => [variant, hasCrf, gain?.mean]),
    [
      ["control", false, undefined],
      ["control", true, undefined],
      ["bcm", false, 0.125],
      ["bcm", true, 0.0625],
      ["fr", true, -0.25],
    ],
  );
});

Deno.test("summariseAblation tells yes, no and open by the whole interval", () => {
  const runs = (variant: string, ...ious: number[]) =>
    ious.map((iou, i) => score(variant, `${i}`, iou));
  const { order } = summariseAblation([
    ...runs("rectangles", 0.3, 0.4, 0.5),
    ...runs("baseline", 0.4, 0.51, 0.61),
    ...runs("control", 0.3, 0.4, 0.5),
    ...runs("cm", 0.3, 0.4, 0.6),
  ]);
  deepStrictEqual(
    order.map(({ lower, higher, holds }) => `${lower} < ${higher} ${holds}`),
    [
      "rectangles < baseline yes",
      "baseline < control no",
      "control < cm open",
    ],
  );
});

Deno.test("summariseAblation refuses what cannot be compared", () => {
  const refused = (scores: AblationScore[], reason: string) =>
    throws(() => summariseAblation(scores), {
      name: "RangeError",
      message: `Cannot compare trainings as ${reason}`,
    });
  refused([], "there must be scores: 0");
  refused(
    [score("bcm", "1", 0.5, true), score("bcm", "1", 0.6, true)],
    'each must be scored once: "bcm", seed 1, with CRF is scored twice',
  );
  refused(
    [score("bcm", "1", 50)],
    'a mean IoU must be 0…1: "bcm", seed 1, without CRF has 50',
  );
  refused(
    [score("cm", "1", 0.5), { ...score("bcm", "1", 0.5), imageCount: 9 }],
    'all must be scored on as many pictures: "bcm", seed 1, without CRF on ' +
      "9, the first on 8",
  );
});

Deno.test("summariseAblation compares each single change with the control", () => {
  const changes = ["cm", "bgm", "bcm", "global", "fr"];
  for (const change of changes) {
    const { order } = summariseAblation([
      score("control", "1", 0.5),
      score(change, "1", 0.625),
    ]);
    deepStrictEqual(
      order.map(({ lower, higher }) => [lower, higher]),
      [["control", change]],
    );
  }
});
