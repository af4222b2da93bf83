/**
 * Softmax cross-entropy, pixel by pixel.
 *
 * @module
 */
import { logSoftmax } from "../graph/operators/activation.ts";
import { neg } from "../graph/operators/arithmetic.ts";
import { bilinearResize } from "../graph/operators/resize.ts";
import type { Value } from "../graph/value.ts";
import { classChannel } from "./class_channel.ts";

/**
 * −ln p of each pixel's label, nats; what counts is for the caller to say.
 *
 * Scores of another size are resized to that of the labels first, as are those
 * of the smaller scales of DeepLab-v2.
 *
 * @param scores float32 `[N, C, y, x]`.
 * @param labels float32 `[N, 1, Y, X]`, 0…C − 1.
 * @returns float32 `[N, 1, Y, X]`.
 * @throws {RangeError} When the shapes do not fit.
 *
 * @example
 * ```ts
 * import { Graph } from "../graph/graph.ts";
 * import { pixelCrossEntropy } from "./cross_entropy.ts";
 * import { deepStrictEqual } from "node:assert";
 *
 * const graph = new Graph("example");
 * const scores = graph.input("scores", "float32", [2, 21, 3, 3]);
 * const labels = graph.input("labels", "float32", [2, 1, 5, 5]);
 * deepStrictEqual(pixelCrossEntropy(scores, labels).shape, [2, 1, 5, 5]);
 * ```
 */
export function pixelCrossEntropy(scores: Value, labels: Value): Value {
  return scores.graph.scope("CrossEntropy", () => {
    const [height, width] = labels.shape.slice(2);
    const isSize = scores.shape[2] === height && scores.shape[3] === width;
    const resized = isSize ? scores : bilinearResize(scores, [height!, width!]);
    return neg(classChannel(logSoftmax(resized, 1), labels));
  });
}
