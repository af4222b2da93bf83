/**
 * The scores of an ablation, put together over seeds.
 *
 * @module
 */
import { CONTROL, EXPECTED_ORDER, inTableOrder } from "./ablation_variants.ts";
import {
  type Interval,
  pairedInterval,
  type Spread,
  spreadOf,
} from "./seed_statistics.ts";

/** The score of one training, on one set of pictures. */
export interface AblationScore {
  /** One of `ABLATION_VARIANTS`, or another name. */
  readonly variant: string;
  readonly seed: string;
  /** Whether the labels were refined by the dense CRF. */
  readonly hasCrf: boolean;
  /** 0…1, mean IoU over the classes that the table is about. */
  readonly meanIou: number;
  readonly imageCount: number;
  /** Background first; null where there is nothing to score. */
  readonly classes: readonly {
    readonly className: string;
    readonly iou: number | null;
  }[];
}

/** All seeds of a variant, with or without the CRF. */
export interface VariantSummary {
  readonly variant: string;
  readonly hasCrf: boolean;
  readonly meanIou: Spread;
  /** Over the control of the same seed; null without one, and for itself. */
  readonly gain: Interval | null;
}

/** Whether one variant beats another as the paper has it. */
export interface OrderCheck {
  readonly lower: string;
  readonly higher: string;
  readonly hasCrf: boolean;
  readonly difference: Interval;
  /**
   * `yes` and `no` where the whole interval is on one side of 0; else, and
   * with one seed, `open`.
   */
  readonly holds: "yes" | "no" | "open";
}

/** What the tables print. */
export interface AblationSummary {
  /** In the order of the tables, without the CRF first. */
  readonly variants: readonly VariantSummary[];
  readonly order: readonly OrderCheck[];
}

/**
 * Means, gains and the paper's order.
 *
 * @throws {RangeError} When there are no scores, two are of the same training,
 *   or they are not all of as many pictures.
 *
 * @example
 * ```ts
 * import { summariseAblation } from "./ablation_summary.ts";
 * import { strictEqual } from "node:assert";
 *
 * const score = (variant: string, meanIou: number) => (
 *   { variant, meanIou, seed: "1", hasCrf: false, imageCount: 8, classes: [] }
 * );
 * const summary = summariseAblation([score("bcm", 0.75), score("control", 0.5)]);
 * strictEqual(summary.variants[1]!.gain!.mean, 0.25);
 * strictEqual(summary.order[0]!.holds, "open");
 * ```
 */
export function summariseAblation(
  scores: readonly AblationScore[],
): AblationSummary {
  assertScores(scores);
  const names = inTableOrder(scores.map(({ variant }) => variant));
  const variants = names.flatMap((variant) =>
    [false, true].flatMap((hasCrf): VariantSummary[] => {
      const runs = runsOf(scores, variant, hasCrf);
      if (runs.size === 0) return [];
      const gain = variant === CONTROL
        ? null
        : differenceOf(runs, runsOf(scores, CONTROL, hasCrf));
      return [{ variant, hasCrf, meanIou: spreadOf([...runs.values()]), gain }];
    })
  );
  const order = [false, true].flatMap((hasCrf) =>
    EXPECTED_ORDER.flatMap(([lower, higher]): OrderCheck[] => {
      const [low, high] = [lower, higher]
        .map((name) => runsOf(scores, name, hasCrf));
      const difference = differenceOf(high!, low!);
      if (difference === null) return [];
      return [{
        lower,
        higher,
        hasCrf,
        difference,
        holds: verdict(difference),
      }];
    })
  );
  return { variants, order };
}

/** Mean IoU by seed. */
type Runs = ReadonlyMap<string, number>;

function runsOf(
  scores: readonly AblationScore[],
  variant: string,
  hasCrf: boolean,
): Runs {
  return new Map(
    scores.filter((each) => each.variant === variant && each.hasCrf === hasCrf)
      .map(({ seed, meanIou }) => [seed, meanIou]),
  );
}

/** Of the seeds that both were run with; null when there is none. */
function differenceOf(runs: Runs, others: Runs): Interval | null {
  const differences = [...runs].flatMap(([seed, meanIou]) => {
    const other = others.get(seed);
    return other === undefined ? [] : [meanIou - other];
  });
  return differences.length === 0 ? null : pairedInterval(differences);
}

function verdict({ low, high }: Interval): OrderCheck["holds"] {
  if (low === null || high === null) return "open";
  return low > 0 ? "yes" : high < 0 ? "no" : "open";
}

function assertScores(scores: readonly AblationScore[]): void {
  const refused = "Cannot compare trainings as";
  if (scores.length === 0) {
    throw new RangeError(`${refused} there must be scores: 0`);
  }
  const seen = new Set<string>();
  for (const score of scores) {
    const { variant, seed, hasCrf, meanIou, imageCount } = score;
    const name = `"${variant}", seed ${seed}, ${crfText(hasCrf)}`;
    if (seen.has(name)) {
      throw new RangeError(
        `${refused} each must be scored once: ${name} is scored twice`,
      );
    }
    seen.add(name);
    if (!(meanIou >= 0 && meanIou <= 1)) {
      throw new RangeError(
        `${refused} a mean IoU must be 0…1: ${name} has ${meanIou}`,
      );
    }
    if (imageCount === scores[0]!.imageCount) continue;
    throw new RangeError(
      `${refused} all must be scored on as many pictures: ${name} on ` +
        `${imageCount}, the first on ${scores[0]!.imageCount}`,
    );
  }
}

function crfText(hasCrf: boolean): string {
  return hasCrf ? "with CRF" : "without CRF";
}
