/**
 * Where training starts: values from a file, and new ones for the rest.
 *
 * @module
 */
import { elementCount, isSameShape, type Shape } from "../graph/value.ts";
import { initialise } from "./initialise.ts";
import { isHeadParameter, type ParameterSpec } from "./parameter.ts";
import type { NamedTensor } from "./safetensors.ts";
import { refuseProblems } from "./weight_layout.ts";

/** See {@link startWeights}. */
export interface StartOptions {
  /** Of new values, a whole number 0…2³² − 1. */
  readonly seed: number;
  /**
   * What the file may lack: parameters of the head (the default), for a model
   * of ours, or any, for an encoder that others have trained.
   */
  readonly mayBeNew?: "head" | "any";
  /**
   * Whether a layer may have more channels than in the file. What is added is
   * normal with std 0.01, biases 0, and comes after what is there. A head never
   * gives more than in the file: what it gives are classes, and the file's are
   * not the first of the network's.
   */
  readonly widens?: boolean;
  /**
   * Whether attention layers are new even where the file has some of their
   * shape: those of a head that reads features in another way.
   */
  readonly leavesAttention?: boolean;
}

/** Values of all parameters of a network, and where they come from. */
export interface StartWeights {
  readonly values: ReadonlyMap<string, Float32Array>;
  /** Parameters whose values are new. */
  readonly fresh: readonly string[];
  /** Parameters that are the file's but for channels that were added. */
  readonly widened: readonly string[];
  /** Tensors of the file that the network has no use for: another head's. */
  readonly unused: readonly string[];
}

/**
 * Values of a network's parameters: a file's where it has them, else new. A
 * head's tensor of another shape is that of another head, and not taken; where
 * shapes do not tell, `leavesAttention` must.
 *
 * @param file By name of our parameter; null: all values are new.
 * @throws {RangeError} When the file lacks what it must have, or has tensors of
 *   another network, of other shapes, or not finite; all are told.
 *
 * @example
 * ```ts
 * import { SegmenterConfig } from "./network_config.ts";
 * import { segmenterParameters } from "./segmenter.ts";
 * import { startWeights } from "./start_weights.ts";
 * import { deepStrictEqual } from "node:assert";
 *
 * const network = { kind: "largefov", width: 0.125, fcChannels: 24 };
 * const withHead = (head: unknown) =>
 *   segmenterParameters(SegmenterConfig.parse({ network, head, classCount: 3 }));
 * const { values } = startWeights(withHead({ kind: "plain" }), null, { seed: 1 });
 * const file = new Map(withHead({ kind: "plain" }).map(({ name, shape }) => [
 *   name,
 *   { shape, data: values.get(name)! },
 * ]));
 * const { fresh } = startWeights(withHead({ kind: "bcm" }), file, { seed: 1 });
 * deepStrictEqual(fresh, ["attention/weight", "attention/bias"]);
 * ```
 */
export function startWeights(
  specs: readonly ParameterSpec[],
  file: ReadonlyMap<string, NamedTensor> | null,
  options: StartOptions,
): StartWeights {
  const { seed, widens = false, leavesAttention = false } = options;
  const mayBeNew = options.mayBeNew ?? (file === null ? "any" : "head");
  const tensors = file ?? new Map<string, NamedTensor>();
  const fits = (spec: ParameterSpec) => {
    if (leavesAttention && spec.name.startsWith("attention/")) return false;
    const given = tensors.get(spec.name)?.shape;
    return given !== undefined &&
      (isSameShape(given, spec.shape) || widens && isWider(spec, given));
  };
  refuseUnfit(specs, tensors, { fits, mayBeNew });
  const fresh = specs.filter((spec) => !fits(spec));
  const values = initialise(fresh, seed);
  const widened: string[] = [];
  for (const spec of specs.filter(fits)) {
    const tensor = tensors.get(spec.name)!;
    const isSame = isSameShape(tensor.shape, spec.shape);
    if (!isSame) widened.push(spec.name);
    values.set(
      spec.name,
      isSame ? tensor.data.slice() : widenedValues(tensor, spec, seed),
    );
  }
  const used = new Set(specs.filter(fits).map(({ name }) => name));
  return {
    values: new Map(specs.map(({ name }) => [name, values.get(name)!])),
    fresh: fresh.map(({ name }) => name),
    widened,
    unused: [...tensors.keys()].filter((name) => !used.has(name)),
  };
}

function refuseUnfit(
  specs: readonly ParameterSpec[],
  tensors: ReadonlyMap<string, NamedTensor>,
  { fits, mayBeNew }: {
    readonly fits: (spec: ParameterSpec) => boolean;
    readonly mayBeNew: "head" | "any";
  },
): void {
  const names = new Set(specs.map(({ name }) => name));
  const unfit = specs.filter((spec) => !fits(spec))
    .filter(({ name }) => !isHeadParameter(name));
  refuseProblems("start from weights", {
    missing: unfit.filter(({ name }) => !tensors.has(name))
      .filter(() => mayBeNew !== "any").map(({ name }) => name),
    surplus: [...tensors.keys()]
      .filter((name) => !names.has(name) && !isHeadParameter(name)),
    "mis-shaped": unfit.filter(({ name }) => tensors.has(name))
      .map(({ name, shape }) =>
        `${name} is [${tensors.get(name)!.shape.join(", ")}], not ` +
        `[${shape.join(", ")}]`
      ),
    "not finite": [...tensors].filter(([, { data }]) =>
      data.some((x) => !Number.isFinite(x))
    ).map(([name]) => name),
  });
}

/** Whether a shape has as many axes, each at least as long. */
function isWider({ name, shape }: ParameterSpec, given: Shape): boolean {
  return shape.length === given.length &&
    shape.every((size, axis) => size >= given[axis]!) &&
    (shape[0] === given[0] || !isHeadParameter(name));
}

/** A tensor in the first corner of new values. */
function widenedValues(
  { shape: given, data }: NamedTensor,
  spec: ParameterSpec,
  seed: number,
): Float32Array {
  const init = spec.init.kind === "constant"
    ? spec.init
    : { kind: "gaussian", std: 0.01 } as const;
  const values = initialise([{ ...spec, init }], seed).get(spec.name)!;
  for (let i = 0; i < elementCount(given); i++) {
    let [rest, at, step] = [i, 0, 1];
    for (let axis = given.length - 1; axis >= 0; axis--) {
      at += (rest % given[axis]!) * step;
      rest = Math.floor(rest / given[axis]!);
      step *= spec.shape[axis]!;
    }
    values[at] = data[i]!;
  }
  return values;
}
