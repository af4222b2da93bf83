/**
 * How a network is trained, as a workflow file says it.
 *
 * @module
 */
import * as z from "zod";
import type { TrainingLossOptions } from "../loss/training_loss.ts";
import type { HeadConfig } from "../net/network_config.ts";

const Rate = z.union([z.enum(["class", "sub_class"]), z.number().gt(0).max(1)]);

/** Filling-rate loss; docs/method.md, Filling-rate loss. */
export const SelectionConfig = z.strictObject({
  rate: Rate.describe(
    "of its class, or of its sub-class (Refine), or one number for all",
  ),
  domain: z.enum(["box", "proposal"]).default("box")
    .describe("what the rate is a share of"),
  group: z.enum(["class", "box"]).default("class")
    .describe("what is ranked together"),
  rank: z.enum(["prob", "logit"]).default("prob")
    .describe("by probability or by score"),
  ignore: z.enum(["label", "box"]).default("label")
    .describe("box: background inside boxes may be left out too"),
  floor: z.enum(["none", "proposal"]).default("none")
    .describe("proposal: at least as many are kept as are labelled"),
  norm: z.enum(["kept", "all"]).default("kept")
    .describe("what the loss is divided by: kept pixels, or all but void"),
  warmup: z.int().min(0).default(0).describe("iterations without selection"),
});

/** Loss of the attention maps; docs/method.md, Class-wise masking. */
export const MaskLossConfig = z.strictObject({
  lambda: z.number().min(0).describe("weight; 0.01 in Eq. 6"),
  norm: z.enum(["pixel", "sum"]).default("pixel")
    .describe("mean over pixels, or their sum"),
  background: z.enum(["ones", "outside", "none"]).default("ones")
    .describe("target of the background's map"),
  offTarget: z.union([z.literal(0), z.literal(0.5)]).default(0)
    .describe("target outside the boxes of a class"),
  overlap: z.enum(["top", "union"]).default("top")
    .describe("who owns a pixel in boxes of several classes"),
});

/** How the learning rate falls; docs/method.md, Schedule. */
export const ScheduleConfig = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("step"),
    rate: z.number().positive(),
    every: z.int().min(1).describe("iterations at one rate"),
    factor: z.number().gt(1).default(10).describe("what it is divided by"),
    restartEvery: z.int().min(1).optional().describe("iterations"),
  }),
  z.strictObject({
    kind: z.literal("poly"),
    rate: z.number().positive(),
    power: z.number().positive().default(0.9),
  }),
]);

/** {@link SelectionConfig}, complete. */
export type SelectionConfig = z.output<typeof SelectionConfig>;
/** {@link MaskLossConfig}, complete. */
export type MaskLossConfig = z.output<typeof MaskLossConfig>;
/** {@link ScheduleConfig}, complete. */
export type ScheduleConfig = z.output<typeof ScheduleConfig>;

/** Settings of a training that may contradict each other. */
export interface TrainingSettings {
  readonly batchSize: number;
  readonly shardSize: number;
  readonly head: HeadConfig;
  readonly mask: MaskLossConfig | null;
}

/**
 * What contradicts what in a training's settings: paths and what each must be,
 * as zod's issues are told.
 *
 * @example
 * ```ts
 * import { contradictions } from "./training_config.ts";
 * import { deepStrictEqual } from "node:assert";
 *
 * const head = { kind: "plain" } as const;
 * deepStrictEqual(
 *   contradictions({ batchSize: 8, shardSize: 3, head, mask: null }),
 *   [{ path: ["batchSize"], message: "must be a multiple of shardSize 3" }],
 * );
 * ```
 */
export function contradictions(
  { batchSize, shardSize, head, mask }: TrainingSettings,
): { path: string[]; message: string }[] {
  const isMaskless = mask !== null && head.kind === "plain";
  return [
    ...(batchSize % shardSize === 0 ? [] : [{
      path: ["batchSize"],
      message: `must be a multiple of shardSize ${shardSize}`,
    }]),
    ...(isMaskless
      ? [{
        path: ["mask"],
        message: "must be null as head plain has no attention to teach",
      }]
      : []),
  ];
}

/**
 * What of a training's settings is part of its graph; the rest decides what the
 * graph is fed.
 *
 * @example
 * ```ts
 * import { lossOptions, MaskLossConfig } from "./training_config.ts";
 * import { deepStrictEqual } from "node:assert";
 *
 * const mask = MaskLossConfig.parse({ lambda: 0.01 });
 * deepStrictEqual(lossOptions({ selection: null, mask }).mask, {
 *   lambda: 0.01,
 *   norm: "pixel",
 *   teachesBackground: true,
 * });
 * ```
 */
export function lossOptions(
  { selection, mask }: {
    readonly selection: SelectionConfig | null;
    readonly mask: MaskLossConfig | null;
  },
): TrainingLossOptions {
  return {
    selection: selection && { rank: selection.rank, norm: selection.norm },
    mask: mask && {
      lambda: mask.lambda,
      norm: mask.norm,
      teachesBackground: mask.background !== "none",
    },
  };
}
