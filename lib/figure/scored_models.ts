/**
 * The trained models of a run that were scored, found by what feeds what rather
 * than by the names of steps, so that any workflow has its figures.
 *
 * @module
 */
import { inTableOrder } from "../report/ablation_variants.ts";
import type {
  FigureOrigin,
  FigureSource,
  FigureStep,
} from "./figure_source.ts";

/** The scores of a training's labels. */
export interface ScoredModel {
  /** As on the axis `variant`; without one, what its training is called. */
  readonly variant: string;
  readonly seed: string;
  /** Whether the labels were refined by the dense CRF. */
  readonly hasCrf: boolean;
  /** Of `score_labels`. */
  readonly scores: FigureStep;
  /** Of `predict_scores`. */
  readonly predictions: FigureStep | null;
  /** Of `train_segmenter`. */
  readonly training: FigureStep | null;
}

/** What a run is asked for here. */
type Steps = Pick<FigureSource, "record" | "stepsOf">;

/**
 * All scored models, in the order of the tables, seeds in that of the workflow,
 * without the CRF first. When a run scores on several sets of pictures, those of its table
 * count, else those of the set on which most models were scored.
 *
 * @example
 * ```ts
 * import { scoredModels } from "./scored_models.ts";
 * import { deepStrictEqual } from "node:assert";
 *
 * const run = { record: { workflow: "w", steps: [] }, stepsOf: () => [] };
 * deepStrictEqual(scoredModels(run), []);
 * ```
 */
export function scoredModels(run: Steps): ScoredModel[] {
  const models = run.stepsOf("score_labels").flatMap((step) => {
    const model = modelOf(run, step);
    return model === null ? [] : [model];
  });
  const order = inTableOrder(models.map(({ variant }) => variant));
  const seeds = models.map(({ seed }) => seed);
  return onOneSet(run, models).sort((a, b) =>
    order.indexOf(a.variant) - order.indexOf(b.variant) ||
    seeds.indexOf(a.seed) - seeds.indexOf(b.seed) ||
    Number(a.hasCrf) - Number(b.hasCrf)
  );
}

/** What the paper's own method is compared as, the best first. */
const MAIN = ["bcm_fr_refine", "fr_refine", "bcm", "fr", "control", "baseline"];

/**
 * The model that pictures and matrices are shown of: the paper's whole method,
 * or what comes nearest to it; with the CRF where it was applied, of the first
 * seed.
 *
 * @param models See {@link scoredModels}.
 *
 * @example
 * ```ts
 * import { mainModel } from "./scored_models.ts";
 * import { strictEqual } from "node:assert";
 *
 * strictEqual(mainModel([]), null);
 * ```
 */
export function mainModel(models: readonly ScoredModel[]): ScoredModel | null {
  const variant =
    MAIN.find((name) => models.some((model) => model.variant === name)) ??
      models[0]?.variant;
  return variant === undefined ? null : modelOfVariant(models, variant);
}

/**
 * A variant's model of the first seed, with the CRF where it was applied; null
 * when it was not trained.
 *
 * @param models See {@link scoredModels}.
 *
 * @example
 * ```ts
 * import { modelOfVariant } from "./scored_models.ts";
 * import { strictEqual } from "node:assert";
 *
 * strictEqual(modelOfVariant([], "semi"), null);
 * ```
 */
export function modelOfVariant(
  models: readonly ScoredModel[],
  variant: string,
): ScoredModel | null {
  const ofVariant = models.filter((model) => model.variant === variant);
  const first = ofVariant.filter(({ seed }) => seed === ofVariant[0]!.seed);
  return first.find(({ hasCrf }) => hasCrf) ?? first[0] ?? null;
}

/**
 * The step that an input came from; null when it came from a folder of the
 * user's, from several steps, or was left out.
 *
 * @example
 * ```ts
 * import { sourceOf } from "./scored_models.ts";
 * import { strictEqual } from "node:assert";
 *
 * const run = { record: { workflow: "w", steps: [] } };
 * const step = {
 *   id: "a", name: "a", axes: {}, stage: "s", params: {}, seed: 1,
 *   origins: {}, outputs: {}, metrics: {},
 * };
 * strictEqual(sourceOf(run, step, "labels"), null);
 * ```
 */
export function sourceOf(
  run: Pick<FigureSource, "record">,
  step: FigureStep | null,
  input: string,
): FigureStep | null {
  const origins = step?.origins[input] ?? [];
  const origin = origins.length === 1 ? origins[0]! : null;
  if (origin?.from !== "step") return null;
  return run.record.steps.find(({ id }) => id === origin.step) ?? null;
}

/** Null for labels that no network gave, such as proposals. */
function modelOf(run: Steps, scores: FigureStep): ScoredModel | null {
  const labels = sourceOf(run, scores, "labels");
  const hasCrf = labels?.stage === "refine_with_crf";
  if (!hasCrf && labels?.stage !== "label_from_scores") return null;
  const predictions = sourceOf(run, labels, "scores");
  const training = sourceOf(run, predictions, "weights");
  const called = training?.params.name;
  return {
    variant: scores.axes.variant ??
      (typeof called === "string" ? called : scores.name),
    seed: scores.axes.seed ?? `${(training ?? scores).seed}`,
    hasCrf,
    scores,
    predictions,
    training,
  };
}

/** Those that were scored against the same masks, each once. */
function onOneSet(run: Steps, models: readonly ScoredModel[]): ScoredModel[] {
  const tabled = new Set(
    run.stepsOf("write_ablation_table").flatMap(({ origins }) =>
      (origins.scores ?? []).flatMap((origin) =>
        origin.from === "step" ? [origin.step] : []
      )
    ),
  );
  const inTable = models.filter(({ scores }) => tabled.has(scores.id));
  const sets = [
    ...Map.groupBy(inTable.length > 0 ? inTable : models, setOf).values(),
  ];
  const most = Math.max(0, ...sets.map((set) => set.length));
  const set = sets.find(({ length }) => length === most) ?? [];
  const names = new Set<string>();
  return set.filter(({ variant, seed, hasCrf }) => {
    const name = JSON.stringify([variant, seed, hasCrf]);
    return !names.has(name) && names.add(name);
  });
}

/** Of which pictures and masks scores are. */
function setOf({ scores, predictions }: ScoredModel): string {
  const named = (origins: readonly FigureOrigin[] = []) =>
    origins.map((it) =>
      it.from === "path" ? it.path : `${it.step}.${it.output}/${it.part}`
    );
  return JSON.stringify([
    named(scores.origins.truth),
    named(predictions?.origins.boxes),
  ]);
}
