/**
 * What runs one primitive operator on tensors of TensorFlow.js.
 *
 * @module
 */
import type { Tensor } from "@tensorflow/tfjs-core";
import type { Attributes, Operator } from "../graph/operator.ts";
import type { TensorType } from "../graph/tensor_type.ts";

/** A node, but for its inputs. */
export interface Call<A extends Attributes = Attributes> {
  readonly attributes: A;
  readonly output: TensorType;
}

/** Runs an operator; what it makes on the way, its caller frees. */
export interface Kernel<A extends Attributes = Attributes> {
  /** Name of the operator. */
  readonly name: string;
  run(inputs: readonly Tensor[], call: Call<A>): Tensor;
}

/**
 * A kernel of an operator.
 *
 * @example
 * ```ts
 * import { NEG } from "../graph/operators/arithmetic.ts";
 * import { kernel } from "./tfjs_kernel.ts";
 * import { neg } from "@tensorflow/tfjs-core";
 *
 * const NEG_KERNEL = kernel(NEG, ([x]) => neg(x!));
 * ```
 */
export function kernel<A extends Attributes>(
  { name }: Operator<A>,
  run: Kernel<A>["run"],
): Kernel {
  // A kernel is only ever called with nodes of its own operator.
  return { name, run: run as Kernel["run"] };
}
