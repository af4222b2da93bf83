/**
 * What the embedded data set is for: filling rates measured on CRF proposals
 * must tell classes apart, as they do on VOC [Song2019, Figure 3]. Otherwise a
 * loss guided by them could show nothing here, and no other test would notice:
 * a drawing whose textures the CRF breaks up gives about 0.6 for every class.
 * The proposals must stay wrong in places too, which that loss is to ignore.
 *
 * Pictures go through JPEG, as in a run; its noise matters to the CRF.
 */
import { ok, strictEqual } from "node:assert/strict";
import { boxArea } from "../../../lib/geometry/box.ts";
import type { LabelMap } from "../../../lib/label/label_map.ts";
import { decodeJpeg, encodeJpeg } from "../../../lib/image/jpeg.ts";
import { LabelScorer } from "../../../lib/metric/label_scorer.ts";
import {
  drawPlannedImage,
  planDataSet,
} from "../../../lib/synthetic/data_set.ts";
import { EMBEDDED_CLASSES } from "../../../lib/synthetic/embedded_classes.ts";
import type { Scene } from "../../../lib/synthetic/scene.ts";
import {
  type BoxShare,
  boxShares,
  meanFillingRates,
} from "../../../lib/weak/filling_rate.ts";
import { proposeSegments } from "../../../lib/weak/propose_segments.ts";
import { rectangleLabels } from "../../../lib/weak/rectangle_labels.ts";

/** As in workflows/labels.yaml: VOC's, scaled; not chosen on these pictures. */
const CRF = {
  appearanceWeight: 45,
  appearanceSigmaPx: 9.5,
  appearanceSigmaLevels: 3,
  smoothnessWeight: 15,
  smoothnessSigmaPx: 0.77,
  normalisation: "after",
  iterations: 10,
} as const;

const boxesOf = ({ objects }: Scene) => objects.map(({ box }) => box);

/** The proposal of a picture after JPEG, which stages write and read. */
async function proposalOf(scene: Scene): Promise<LabelMap> {
  const bytes = await encodeJpeg(scene.image, 90);
  const image = await decodeJpeg(bytes, "drawn.jpg");
  return proposeSegments(image, boxesOf(scene), { crf: CRF });
}

const scenes = planDataSet(1).train.slice(0, 60)
  .map((planned) => drawPlannedImage(1, planned));
const proposals = await Promise.all(scenes.map(proposalOf));

const trueRates = classRates(
  scenes.flatMap(({ objects }) =>
    objects.map(({ box, visiblePx }) => ({
      classId: box.classId,
      share: visiblePx / boxArea(box),
    }))
  ),
);
const measuredRates = classRates(scenes.flatMap((scene, i) => {
  const shares = boxShares(proposals[i]!, boxesOf(scene));
  return boxesOf(scene).map(({ classId }, b) => ({
    classId,
    share: shares[b]!,
  }));
}));

function classRates(shares: readonly BoxShare[]): number[] {
  return meanFillingRates(shares, EMBEDDED_CLASSES.length)
    .map((rate) => rate ?? NaN);
}

/** Spearman's, of lists without equal values. */
function rankCorrelation(a: readonly number[], b: readonly number[]): number {
  const ranks = (values: readonly number[]) =>
    values.map((value) => values.filter((other) => other < value).length);
  const [ranksA, ranksB] = [ranks(a), ranks(b)];
  const squares = ranksA.map((rank, i) => (rank - ranksB[i]!) ** 2);
  const n = a.length;
  return 1 - 6 * squares.reduce((sum, s) => sum + s, 0) / (n * (n * n - 1));
}

/** Mean IoU of label maps of the pictures, %. */
function meanIou(labels: (scene: Scene, i: number) => LabelMap): number {
  const classNames = EMBEDDED_CLASSES.map(({ name }) => name);
  const scorer = new LabelScorer({ classNames });
  scenes.forEach((scene, i) =>
    scorer.add(`${i}`, { truth: scene.labels, prediction: labels(scene, i) })
  );
  return 100 * (scorer.scores().meanIou ?? NaN);
}

Deno.test("rankCorrelation is 1 for one order, −1 for the reverse", () => {
  strictEqual(rankCorrelation([1, 2, 3], [10, 30, 40]), 1);
  strictEqual(rankCorrelation([1, 2, 3], [3, 2, 1]), -1);
});

Deno.test("measured filling rates rank the classes as the true ones do", () => {
  const correlation = rankCorrelation(trueRates, measuredRates);
  ok(correlation >= 0.8, `${correlation}: ${measuredRates}`);
});

Deno.test("measured filling rates of the classes lie apart", () => {
  const spread = Math.max(...measuredRates) - Math.min(...measuredRates);
  ok(spread >= 0.2, `${spread}: ${measuredRates}`);
});

Deno.test("proposals are clearly better than rectangles, and far from true", () => {
  const rectangles = meanIou((scene) =>
    rectangleLabels(boxesOf(scene), scene.image).labels
  );
  const proposed = meanIou((_, i) => proposals[i]!);
  ok(proposed >= rectangles + 6, `${rectangles} to ${proposed}`);
  ok(proposed < 88, `${proposed}`);
});
