/**
 * Files of a layout with random values.
 *
 * @module
 */
import { elementCount } from "../../../lib/graph/value.ts";
import type { NamedTensor } from "../../../lib/net/safetensors.ts";
import type { WeightLayout } from "../../../lib/net/weight_layout.ts";
import { randomNumbers } from "../graph/differences.ts";

/** What a layout wants, in 0.1…1.1 so that variances are positive. */
export function randomTensors(
  { rules }: WeightLayout,
): Map<string, NamedTensor> {
  const sources = rules.flatMap((rule) => rule.sources);
  const unlike = new Map(sources.map((source) => [source.name, source]));
  return new Map([...unlike.values()].map(({ name, shapes }, i) => {
    const shape = shapes[0]!;
    const numbers = randomNumbers(elementCount(shape), i + 1);
    const data = Float32Array.from(numbers, (x) => x / 2 + 0.6);
    return [name, { shape, data }];
  }));
}
