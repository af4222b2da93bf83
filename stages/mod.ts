/**
 * All stages, in the order of the method.
 *
 * @module
 */
import type { Stage } from "../pipeline/mod.ts";
import { clusterSubClasses } from "./cluster_sub_classes.ts";
import { drawDataSet } from "./draw_data_set.ts";
import { drawGallery } from "./draw_gallery.ts";
import { drawRectangleLabels } from "./draw_rectangle_labels.ts";
import { importWeights } from "./import_weights.ts";
import { indexVoc } from "./index_voc.ts";
import { labelFromScores } from "./label_from_scores.ts";
import { measureFillingRates } from "./measure_filling_rates.ts";
import { predictAttention } from "./predict_attention.ts";
import { predictScores } from "./predict_scores.ts";
import { proposeSegments } from "./propose_segments.ts";
import { refineWithCrf } from "./refine_with_crf.ts";
import { scoreAttentionMaps } from "./score_attention_maps.ts";
import { scoreLabels } from "./score_labels.ts";
import { testFillingRateReadings } from "./test_filling_rate_readings.ts";
import { trainSegmenter } from "./train_segmenter.ts";
import { writeAblationTable } from "./write_ablation_table.ts";
import { writeLabelReport } from "./write_label_report.ts";

/** The stages that workflow files may name. */
export const STAGES: readonly Stage[] = [
  drawDataSet,
  indexVoc,
  drawRectangleLabels,
  proposeSegments,
  clusterSubClasses,
  measureFillingRates,
  importWeights,
  trainSegmenter,
  predictScores,
  predictAttention,
  labelFromScores,
  refineWithCrf,
  testFillingRateReadings,
  scoreAttentionMaps,
  scoreLabels,
  drawGallery,
  writeLabelReport,
  writeAblationTable,
];
