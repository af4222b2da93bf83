/**
 * What a run came to, in a few numbers.
 *
 * @module
 */
import { percent } from "../report/markdown_table.ts";
import type { PageRecord } from "./page_source.ts";
import { formatDuration } from "./amounts.ts";

/** A number with its name. */
export interface Headline {
  readonly name: string;
  readonly value: string;
}

const ABLATION = /^ablation\.(?<variant>.+?)(?<crf>\.crf)?\.mean_iou$/;

/**
 * The numbers that a page begins with; those that the run has.
 *
 * @example
 * ```ts
 * import { scoreHeadlines } from "./headlines.ts";
 * import { deepStrictEqual } from "node:assert";
 *
 * const metrics = {
 *   "proposals.mean_iou": 0.8213,
 *   "ablation.bcm.mean_iou": 0.57,
 *   "ablation.bcm.crf.mean_iou": 0.67,
 * };
 * deepStrictEqual(scoreHeadlines(metrics), [
 *   { name: "Proposals, mean IoU", value: "82.1 %" },
 *   { name: "Best model, no CRF: bcm", value: "57.0 %" },
 *   { name: "Best model, with CRF: bcm", value: "67.0 %" },
 * ]);
 * ```
 */
export function scoreHeadlines(
  metrics: Readonly<Record<string, number>>,
): Headline[] {
  const labels = [["Rectangles", "rectangles"], ["Proposals", "proposals"]];
  return [
    ...labels.flatMap(([name, step]) => {
      const meanIou = metrics[`${step}.mean_iou`];
      return meanIou === undefined
        ? []
        : [{ name: `${name}, mean IoU`, value: inPercent(meanIou) }];
    }),
    ...bestOf(metrics, { hasCrf: false, name: "Best model, no CRF" }),
    ...bestOf(metrics, { hasCrf: true, name: "Best model, with CRF" }),
  ];
}

function bestOf(
  metrics: Readonly<Record<string, number>>,
  { hasCrf, name }: { hasCrf: boolean; name: string },
): Headline[] {
  const scored = Object.entries(metrics).flatMap(([metric, value]) => {
    const { variant, crf } = ABLATION.exec(metric)?.groups ?? {};
    const isAsked = variant !== undefined && (crf !== undefined) === hasCrf;
    return isAsked ? [{ variant, value }] : [];
  });
  if (scored.length === 0) return [];
  const best = scored.reduce((a, b) => b.value > a.value ? b : a);
  return [{ name: `${name}: ${best.variant}`, value: inPercent(best.value) }];
}

/**
 * How much was done, and how long it took.
 *
 * @example
 * ```ts
 * import { workHeadlines } from "./headlines.ts";
 * import { deepStrictEqual } from "node:assert";
 *
 * deepStrictEqual(workHeadlines({ seconds: 60, metrics: {}, steps: [] }), [
 *   { name: "Steps", value: "0" },
 *   { name: "Last run took", value: "1 min 0 s" },
 *   { name: "All steps, time of jobs", value: "0 s" },
 * ]);
 * ```
 */
export function workHeadlines(
  { seconds, metrics, steps }: Pick<
    PageRecord,
    "seconds" | "metrics" | "steps"
  >,
): Headline[] {
  const coreSeconds = steps.reduce((sum, it) => sum + (it.seconds ?? 0), 0);
  const images = metrics["data_set.images"];
  return [
    ...(images === undefined ? [] : [{ name: "Pictures", value: `${images}` }]),
    { name: "Steps", value: `${steps.length}` },
    { name: "Last run took", value: formatDuration(seconds) },
    { name: "All steps, time of jobs", value: formatDuration(coreSeconds) },
  ];
}

function inPercent(share: number): string {
  return `${percent(share)} %`;
}
