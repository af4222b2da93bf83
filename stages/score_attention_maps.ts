/**
 * Stage `score_attention_maps`: whether attention maps have learnt to show the
 * boxes.
 *
 *   in   maps     of `predict_attention`: of a step with axes `variant` and
 *                 `seed`, or of one step; models without maps are passed over
 *   in   boxes    by image id
 *   in   classes  names in the order of their ids
 *   out  table    Markdown
 *   out  metrics  attention.<variant>.iou, .open_iou, .inside, .outside: means
 *                 over seeds and classes, 0…1
 *
 * docs/method.md, Class-wise masking.
 *
 * @module
 */
import * as z from "zod";
import type { Box } from "../lib/geometry/box.ts";
import {
  addAttention,
  type AttentionShares,
  attentionShares,
  emptyAttentionCounts,
  meanAttentionShares,
} from "../lib/metric/attention_overlap.ts";
import { metricName } from "../lib/metric/metric_name.ts";
import type { ScoreMap } from "../lib/predict/score_map.ts";
import {
  type AttentionResult,
  attentionTable,
} from "../lib/report/attention_table.ts";
import { bracketLabels } from "../lib/report/bracket_labels.ts";
import {
  type CollectionReader,
  defineStage,
  listOf,
  METRICS,
} from "../pipeline/mod.ts";
import { ATTENTION_MAPS, BOXES, CLASS_NAMES, MARKDOWN } from "./artifacts.ts";

const Params = z.strictObject({
  title: z.string().default("Attention maps and boxes").describe("of the page"),
});

/** Compares attention maps with boxes. */
export const scoreAttentionMaps = defineStage({
  name: "score_attention_maps",
  version: 1,
  module: import.meta.url,
  params: Params,
  inputs: { maps: listOf(ATTENTION_MAPS), boxes: BOXES, classes: CLASS_NAMES },
  outputs: { table: MARKDOWN, metrics: METRICS },
  async run({ params, inputs, progress, signal }) {
    const { classes, boxes } = inputs;
    const models = inputs.maps.filter(({ value }) => value.ids.length > 0);
    const ofVariants = new Map<string, AttentionShares[][]>();
    for (const [i, { step, value: maps }] of models.entries()) {
      signal.throwIfAborted();
      const ofMaps = await sharesOf(maps, boxes, classes.length);
      const { variant = step } = bracketLabels(step);
      ofVariants.set(variant, [...ofVariants.get(variant) ?? [], ofMaps]);
      progress(i + 1, models.length, "models");
    }
    const results = [...ofVariants].map(([variant, ofSeeds]) => {
      const ofMaps = ofSeeds[0]!.map((_, k) =>
        meanAttentionShares(ofSeeds.map((shares) => shares[k]!))
      );
      return { variant, ofMaps, mean: meanAttentionShares(ofMaps) };
    });
    const table = attentionTable({
      title: params.title,
      imageCount: boxes.ids.length,
      seedCount: models.length / ofVariants.size,
      classNames: classes,
      results,
    });
    return { table, metrics: Object.assign({}, ...results.map(metricsOf)) };
  },
});

/** Shares of each map of a model: one for each class, or one for all. */
async function sharesOf(
  maps: CollectionReader<ScoreMap>,
  boxes: CollectionReader<{ readonly boxes: readonly Box[] }>,
  classCount: number,
): Promise<AttentionShares[]> {
  const counts = Array.from({ length: classCount }, emptyAttentionCounts);
  for (const id of maps.ids) {
    const map = await maps.read(id);
    // All pictures of a model have as many maps.
    if (map.classCount === 1) counts.length = 1;
    const { boxes: ofImage } = await boxes.read(id);
    addAttention(counts, { imageId: id, maps: map, boxes: ofImage });
  }
  return counts.map(attentionShares);
}

function metricsOf(
  { variant, mean }: AttentionResult,
): Record<string, number> {
  const values: [string, number | null][] = [
    ["iou", mean.iou],
    ["open_iou", mean.openIou],
    ["inside", mean.inside],
    ["outside", mean.outside],
  ];
  return Object.fromEntries(
    values.flatMap(([key, value]) =>
      value === null ? [] : [[`attention.${metricName(variant)}.${key}`, value]]
    ),
  );
}
