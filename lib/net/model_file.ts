/**
 * A trained network as a file: its parameters, and in the metadata what it is.
 *
 * @module
 */
import * as z from "zod";
import { isSameShape } from "../graph/value.ts";
import { SegmenterConfig } from "./network_config.ts";
import type { WeightsFile } from "./safetensors.ts";
import { segmenterParameters } from "./segmenter.ts";
import { refuseProblems } from "./weight_layout.ts";

/** A network with values for all of its parameters. */
export interface Model {
  readonly config: SegmenterConfig;
  readonly values: ReadonlyMap<string, Float32Array>;
  /** What else is to be known of it: how it was trained. */
  readonly about: Readonly<Record<string, string>>;
}

/** Of the metadata: where a model says what it is. */
export const SEGMENTER_KEY = "segmenter";

/**
 * A model as tensors and metadata; its config is under `segmenter`, as JSON.
 *
 * @throws {RangeError} When a parameter has no value, or not of its size.
 *
 * @example
 * ```ts
 * import { initialise } from "./initialise.ts";
 * import { modelOf, modelWeights } from "./model_file.ts";
 * import { SegmenterConfig } from "./network_config.ts";
 * import { segmenterParameters } from "./segmenter.ts";
 * import { deepStrictEqual } from "node:assert";
 *
 * const config = SegmenterConfig.parse({
 *   network: { kind: "largefov", width: 0.125, fcChannels: 16 },
 *   head: { kind: "plain" },
 *   classCount: 3,
 * });
 * const values = initialise(segmenterParameters(config), 1);
 * const model = { config, values, about: { iterations: "5" } };
 * deepStrictEqual(modelOf(modelWeights(model)), model);
 * ```
 */
export function modelWeights({ config, values, about }: Model): WeightsFile {
  const tensors = segmenterParameters(config).map(({ name, shape }) => {
    const data = values.get(name);
    if (data !== undefined) return [name, { shape, data }] as const;
    throw new RangeError(
      `Cannot keep a model as each parameter must have a value: ` +
        `"${name}" has none`,
    );
  });
  const metadata = { ...about, [SEGMENTER_KEY]: JSON.stringify(config) };
  return { tensors: new Map(tensors), metadata };
}

/**
 * The model that a file holds.
 *
 * @throws {RangeError} When the metadata has no valid config, or the tensors
 *   are not exactly the parameters of it; all that is wrong is told.
 *
 * @example
 * ```ts
 * import { modelOf } from "./model_file.ts";
 * import { throws } from "node:assert";
 *
 * throws(() => modelOf({ tensors: new Map(), metadata: {} }), /metadata/);
 * ```
 */
export function modelOf({ tensors, metadata }: WeightsFile): Model {
  const { [SEGMENTER_KEY]: text, ...about } = metadata;
  const config = parseConfig(text);
  const specs = segmenterParameters(config);
  const wanted = new Map(specs.map((spec) => [spec.name, spec]));
  refuseProblems("read a model", {
    missing: specs.map(({ name }) => name).filter((name) => !tensors.has(name)),
    surplus: [...tensors.keys()].filter((name) => !wanted.has(name)),
    "mis-shaped": [...tensors].filter(([name, { shape }]) =>
      wanted.has(name) && !isSameShape(shape, wanted.get(name)!.shape)
    ).map(([name, { shape }]) => `${name} is [${shape.join(", ")}]`),
    "not finite": [...tensors].filter(([, { data }]) =>
      data.some((x) => !Number.isFinite(x))
    ).map(([name]) => name),
  });
  const values = specs.map(({ name }) =>
    [name, tensors.get(name)!.data] as const
  );
  return { config, values: new Map(values), about };
}

function parseConfig(text: string | undefined): SegmenterConfig {
  const refuse = (found: string): never => {
    throw new RangeError(
      `Cannot read a model as its metadata must say what it is under ` +
        `"${SEGMENTER_KEY}": ${found}`,
    );
  };
  if (text === undefined) return refuse("there is no such entry");
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    return refuse((error as Error).message);
  }
  const config = SegmenterConfig.safeParse(json);
  return config.success ? config.data : refuse(z.prettifyError(config.error));
}
