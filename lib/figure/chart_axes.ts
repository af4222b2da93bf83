/**
 * Axes that several charts have.
 *
 * @module
 */
import { textWidthPx } from "./text_width.ts";

/** From so many classes on, their names slant. */
const SLANTED_FROM = 12;

/**
 * The axis of classes below a chart.
 *
 * @example
 * ```ts
 * import { classAxis } from "./chart_axes.ts";
 * import { strictEqual } from "node:assert";
 *
 * strictEqual(classAxis(["cat", "dog"]).labelAngle, 0);
 * ```
 */
export function classAxis(names: readonly string[]) {
  return {
    title: null,
    labelAngle: names.length < SLANTED_FROM ? 0 : -40,
    labelPadding: 6,
  };
}

/**
 * Room for a class on that axis, px.
 *
 * @example
 * ```ts
 * import { classStepPx } from "./chart_axes.ts";
 * import { strictEqual } from "node:assert";
 *
 * strictEqual(classStepPx(["cat", "dog"]), 56);
 * ```
 */
export function classStepPx(names: readonly string[]): number {
  if (names.length >= SLANTED_FROM) return 30;
  const widest = Math.max(0, ...names.map((name) => textWidthPx(name)));
  return Math.max(56, Math.ceil(widest) + 10);
}

/**
 * The axis of iterations, field `iteration`.
 *
 * @param tickCount About how many numbers it has; left out: Vega's choice.
 *
 * @example
 * ```ts
 * import { iterationsAxis } from "./chart_axes.ts";
 * import { strictEqual } from "node:assert";
 *
 * strictEqual(iterationsAxis().field, "iteration");
 * ```
 */
export function iterationsAxis(tickCount?: number) {
  return {
    field: "iteration",
    type: "quantitative" as const,
    axis: {
      title: "iterations",
      format: ",d",
      ...(tickCount !== undefined && { tickCount }),
    },
  };
}
