/**
 * First values of parameters.
 *
 * @module
 */
import { elementCount } from "../graph/value.ts";
import { type Random, seededRandom } from "../random.ts";
import type { ParameterSpec } from "./parameter.ts";

/**
 * First values by name. Each parameter draws from a stream of its own, split
 * off by its name: one more parameter does not change the others.
 *
 * @param seed A whole number 0…2³² − 1.
 *
 * @example
 * ```ts
 * import { initialise } from "./initialise.ts";
 * import { deepStrictEqual } from "node:assert";
 *
 * const init = { kind: "gaussian", std: 0.01 } as const;
 * const weight = { name: "w", shape: [2], init, rate: 1, decays: true };
 * const more = { ...weight, name: "v" };
 * deepStrictEqual(
 *   initialise([weight], 7).get("w"),
 *   initialise([more, weight], 7).get("w"),
 * );
 * ```
 */
export function initialise(
  specs: readonly ParameterSpec[],
  seed: number,
): Map<string, Float32Array> {
  const random = seededRandom(seed);
  return new Map(
    specs.map((spec) => [spec.name, firstValues(spec, random)]),
  );
}

function firstValues(
  { name, shape, init }: ParameterSpec,
  random: Random,
): Float32Array {
  const values = new Float32Array(elementCount(shape));
  if (init.kind === "constant") return values.fill(init.value);
  const std = init.kind === "he"
    ? Math.sqrt(2 / elementCount(shape.slice(1)))
    : init.std;
  const stream = random.split(name);
  for (let i = 0; i < values.length; i++) values[i] = std * stream.normal();
  return values;
}
