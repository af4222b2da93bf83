/**
 * Operators of onnxruntime's native build on channels in blocks: `[N, C, H, W]`
 * lies in memory as `[N, C/B, H, W, B]`, so that one load of a vector register
 * has a cell's B channels. These operators tell shapes as if nothing had moved.
 *
 * Its own optimiser only goes over to them where weights are constants.
 *
 * @module
 */
import { defineOperator, type Operator } from "../graph/operator.ts";
import { CONV, type ConvAttributes } from "../graph/operators/convolution.ts";
import {
  AVERAGE_POOL,
  type AveragePoolAttributes,
  MAX_POOL,
  type PoolAttributes,
} from "../graph/operators/pooling.ts";

const domain = "com.microsoft.nchwc";

/** Plain to blocked; channels are made up to a whole block. */
export const REORDER_INPUT: Operator<Record<never, never>> = defineOperator({
  name: "ReorderInput",
  domain,
  infer: ([x]) => [x!],
});

/** Blocked to plain. */
export const REORDER_OUTPUT: Operator<Readonly<{ channels: number }>> =
  defineOperator({ name: "ReorderOutput", domain, infer: ([x]) => [x!] });

/** Conv; the input plain if it has fewer channels than a block. */
export const BLOCKED_CONV: Operator<
  & ConvAttributes
  /** What the output goes through. */
  & Readonly<{ activation?: "Relu" }>
> = defineOperator({ ...CONV, domain });

/** MaxPool. */
export const BLOCKED_MAX_POOL: Operator<PoolAttributes> = defineOperator({
  ...MAX_POOL,
  domain,
});

/** AveragePool. */
export const BLOCKED_AVERAGE_POOL: Operator<AveragePoolAttributes> =
  defineOperator({ ...AVERAGE_POOL, domain });
