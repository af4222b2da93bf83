/**
 * What the models of a run scored, read once for all figures about it.
 *
 * @module
 */
import { BACKGROUND, VOC_CLASSES } from "../dataset/classes.ts";
import type { AblationScore } from "../report/ablation_summary.ts";
import type { FigureSource } from "./figure_source.ts";
import { readValue } from "./run_data.ts";
import { ScoresValue } from "./run_values.ts";
import { type ScoredModel, scoredModels } from "./scored_models.ts";

/** A model and its scores. */
export interface ModelScores extends ScoredModel {
  readonly value: ScoresValue;
}

/**
 * All models with their scores, as `scoredModels` orders them.
 *
 * @throws {RangeError} When the scores of one are damaged.
 *
 * @example
 * ```ts
 * import { readModelScores } from "./model_scores.ts";
 * import { deepStrictEqual } from "node:assert";
 *
 * const run = {
 *   record: { workflow: "w", steps: [] },
 *   stepsOf: () => [],
 *   value: () => Promise.resolve(null),
 * };
 * deepStrictEqual(await readModelScores(run), []);
 * ```
 */
export async function readModelScores(
  run: Pick<FigureSource, "record" | "stepsOf" | "value">,
): Promise<ModelScores[]> {
  return await Promise.all(
    scoredModels(run).map(async (model) => {
      const ref = { step: model.scores.id, output: "scores" };
      return { ...model, value: await readValue(run, ref, ScoresValue) };
    }),
  );
}

/** What is averaged, and in words. */
export interface Measure {
  readonly key: "meanIou" | "headlineMeanIou";
  /** `mean IoU`, or over which classes. */
  readonly text: string;
}

/**
 * What the run's own table is about: mean IoU over all classes, or over those
 * that a subset is rich in.
 *
 * @example
 * ```ts
 * import { measureOf } from "./model_scores.ts";
 * import { strictEqual } from "node:assert";
 *
 * strictEqual(measureOf({ stepsOf: () => [] }, []).text, "mean IoU");
 * ```
 */
export function measureOf(
  run: Pick<FigureSource, "stepsOf">,
  models: readonly ModelScores[],
): Measure {
  const asked = run.stepsOf("write_ablation_table")
    .some(({ params }) => params.measure === "headline_mean_iou");
  const classes = models[0]?.value.headlineClasses ?? [];
  return asked && classes.length > 0
    ? {
      key: "headlineMeanIou",
      text: `mean IoU over ${classes.length} of ` +
        `${models[0]!.value.classes.length} classes`,
    }
    : { key: "meanIou", text: "mean IoU" };
}

/**
 * The scores as the tables summarise them; a model without any is left out.
 *
 * @example
 * ```ts
 * import { ablationScores } from "./model_scores.ts";
 * import { deepStrictEqual } from "node:assert";
 *
 * const measure = { key: "meanIou" as const, text: "mean IoU" };
 * deepStrictEqual(ablationScores([], measure), []);
 * ```
 */
export function ablationScores(
  models: readonly ModelScores[],
  { key }: Measure,
): AblationScore[] {
  return models.flatMap(({ variant, seed, hasCrf, value }) => {
    const meanIou = value[key];
    const { imageCount, classes } = value;
    return meanIou === null
      ? []
      : [{ variant, seed, hasCrf, meanIou, imageCount, classes }];
  });
}

/**
 * What the models' networks are: `largefov`, or several, joined by "and".
 *
 * @example
 * ```ts
 * import { networkOf } from "./model_scores.ts";
 * import { strictEqual } from "node:assert";
 *
 * strictEqual(networkOf([]), "");
 * ```
 */
export function networkOf(models: readonly ModelScores[]): string {
  const kinds = models.map(({ training }) => {
    const network = training?.params.network;
    return typeof network === "object" && network !== null && "kind" in network
      ? `${network.kind}`
      : "unknown";
  });
  return [...new Set(kinds)].join(" and ");
}

/**
 * Whether scores are of VOC's classes, in the order of their ids.
 *
 * @example
 * ```ts
 * import { isVoc } from "./model_scores.ts";
 * import { strictEqual } from "node:assert";
 *
 * strictEqual(isVoc({ classes: [{ className: "background" }] }), false);
 * ```
 */
export function isVoc(
  { classes }: {
    readonly classes: readonly { readonly className: string }[];
  },
): boolean {
  const names = classes.map(({ className }) => className);
  return names.join() === [BACKGROUND, ...VOC_CLASSES].join();
}
