/** Runs the training loss on scores that a test sets, in float64. */
import { Graph } from "../../../lib/graph/graph.ts";
import {
  outputTrainingStep,
  trainingLoss,
  type TrainingLossOptions,
} from "../../../lib/loss/training_loss.ts";
import { cellBoxes } from "../../../lib/train/cell_grid.ts";
import {
  type FillingRateOptions,
  fillingRateSelection,
} from "../../../lib/train/filling_rate_selection.ts";
import { evaluate } from "../graph/reference.ts";
import type { Scene } from "./filling_rate_oracle.ts";

/** What a run gives. */
export interface LossRun {
  readonly lossSum: number;
  readonly kept: number;
  readonly divisor: number;
  /** Of the objective by the scores, `[N, C, P]`. */
  readonly gradient: Float64Array;
}

/** Cross-entropy with or without selection, of scenes of one size. */
export function runLoss(
  scenes: readonly Scene[],
  scores: ArrayLike<number>,
  { classCount, rules, rank = "prob", norm = "kept" }: {
    readonly classCount: number;
    readonly rules: FillingRateOptions | null;
    readonly rank?: "prob" | "logit";
    readonly norm?: "kept" | "all";
  },
): LossRun {
  const { width, height } = scenes[0]!;
  const graph = new Graph("loss");
  const shape = [scenes.length, classCount, height, width];
  const input = graph.input("scores", "float32", shape);
  const options: TrainingLossOptions = {
    selection: rules === null ? null : { rank, norm },
    mask: null,
  };
  const outputs = { scores: input, attention: null };
  outputTrainingStep(graph, trainingLoss(graph, outputs, options), [input]);
  const feeds = { scores, ...sceneFeeds(scenes, rules) };
  const found = evaluate(graph, feeds);
  return {
    lossSum: found.loss_sum![0]!,
    kept: found.kept![0]!,
    divisor: found.divisor![0]!,
    gradient: found["gradient:scores"]!,
  };
}

/** The inputs that do not depend on scores. */
function sceneFeeds(
  scenes: readonly Scene[],
  rules: FillingRateOptions | null,
): Record<string, number[]> {
  const labels = scenes.map((scene) => Array.from(scene.labels));
  const feeds: Record<string, number[]> = {
    labels: labels.flat().map((label) => label === 255 ? 0 : label),
    counted: labels.flat().map((label) => label === 255 ? 0 : 1),
  };
  if (rules === null) return feeds;
  const selections = scenes.map((scene) => {
    const grid = {
      columns: Int32Array.from(Array(scene.width).keys()),
      rows: Int32Array.from(Array(scene.height).keys()),
    };
    return fillingRateSelection({
      labels: Int32Array.from(scene.labels),
      boxIndices: cellBoxes(grid, scene.boxes),
      boxes: scene.boxes,
      subClasses: scene.subClasses,
    }, scene.isTruth ? null : rules);
  });
  return {
    ...feeds,
    rank_class: selections.flatMap(({ rankClass }) => [...rankClass]),
    group: selections.flatMap(({ group }) => [...group]),
    quota: selections.flatMap(({ quota }) => [...quota]),
    selectable: selections.flatMap(({ selectable }) => [...selectable]),
  };
}

/** Slope of a function by one number, by central differences. */
export function slope(
  at: Float64Array,
  index: number,
  f: (x: Float64Array) => number,
): number {
  const step = 1e-5;
  const moved = (by: number) => f(at.with(index, at[index]! + by));
  return (moved(step) - moved(-step)) / (2 * step);
}
