/**
 * The trainings that the ablation compares, in the order of its tables.
 *
 * @module
 */

/** A way to train. */
export interface AblationVariant {
  /** As workflows call it. */
  readonly name: string;
  /** As the table prints it. */
  readonly title: string;
}

/** With which all fine-tuned variants are compared. */
export const CONTROL = "control";

/**
 * Table 1 of [Song2019] with what it lacks: the control, which is fine-tuned as
 * long as the others with neither mask nor filling rates, is the only fair
 * thing to measure a gain from, and a reading of the filling-rate loss that
 * ignores fewer right labels; then the rows of Table 2.
 */
export const ABLATION_VARIANTS: readonly AblationVariant[] = [
  { name: "rectangles", title: "Rectangle labels" },
  { name: "box_only", title: "BCM on rectangle labels" },
  { name: "baseline", title: "Baseline: CRF proposals" },
  { name: CONTROL, title: "Control: fine-tuned, neither" },
  { name: "cm", title: "CM" },
  { name: "bgm", title: "BGM" },
  { name: "bcm", title: "BCM" },
  { name: "global", title: "Global-loss" },
  { name: "fr", title: "FR-loss" },
  { name: "fr_refine", title: "FR-loss (Refine)" },
  { name: "fr_floor", title: "FR-loss, no fewer than labelled (ours)" },
  { name: "bcm_fr_refine", title: "BCM + FR-loss (Refine)" },
  { name: "semi", title: "Semi-supervised" },
  { name: "full", title: "Full supervision" },
];

/** Pairs of which the second should score higher, if the paper is right. */
export const EXPECTED_ORDER: readonly (readonly [string, string])[] = [
  ["rectangles", "baseline"],
  ["baseline", CONTROL],
  [CONTROL, "cm"],
  [CONTROL, "bgm"],
  [CONTROL, "bcm"],
  [CONTROL, "global"],
  [CONTROL, "fr"],
  ["cm", "bcm"],
  ["bgm", "bcm"],
  ["global", "fr"],
  ["fr", "fr_refine"],
  ["bcm", "bcm_fr_refine"],
  ["fr_refine", "bcm_fr_refine"],
  ["bcm_fr_refine", "semi"],
  ["semi", "full"],
  ["bcm_fr_refine", "full"],
];

/**
 * Names in the order of the tables; unknown ones after the known, by code unit.
 *
 * @example
 * ```ts
 * import { inTableOrder } from "./ablation_variants.ts";
 * import { deepStrictEqual } from "node:assert";
 *
 * deepStrictEqual(inTableOrder(["z", "bcm", "a", "cm"]), ["cm", "bcm", "a", "z"]);
 * ```
 */
export function inTableOrder(names: Iterable<string>): string[] {
  const place = (name: string) => {
    const at = ABLATION_VARIANTS.findIndex((variant) => variant.name === name);
    return at === -1 ? ABLATION_VARIANTS.length : at;
  };
  return [...new Set(names)].sort()
    .sort((a, b) => place(a) - place(b));
}

/**
 * What the table calls a variant: its title, or its name if it has none.
 *
 * @example
 * ```ts
 * import { titleOf } from "./ablation_variants.ts";
 * import { deepStrictEqual } from "node:assert";
 *
 * deepStrictEqual(["bcm", "lambda_1"].map(titleOf), ["BCM", "lambda_1"]);
 * ```
 */
export function titleOf(name: string): string {
  const known = ABLATION_VARIANTS.find((variant) => variant.name === name);
  return known?.title ?? name;
}
