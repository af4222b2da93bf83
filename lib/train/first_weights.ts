/**
 * Weights to start a training from: those of an earlier one, of an encoder that
 * others have trained, or new ones.
 *
 * @module
 */
import * as z from "zod";
import { modelOf, SEGMENTER_KEY } from "../net/model_file.ts";
import { NetworkConfig, type SegmenterConfig } from "../net/network_config.ts";
import type { WeightsFile } from "../net/safetensors.ts";
import { segmenterParameters } from "../net/segmenter.ts";
import { type StartWeights, startWeights } from "../net/start_weights.ts";

/** Of a model's metadata: names of its classes, as JSON. */
export const CLASSES_KEY = "classes";

const ClassNames = z.array(z.string());

/**
 * Settings of a network that may change from one training to the next: how it
 * learns, and fc7, which may get wider to split evenly into classes.
 */
const OF_TRAINING: readonly string[] = [
  "classifierRate",
  "dropoutShare",
  "fc7Channels",
  "frozenBlocks",
  "multiScale",
];

/** What is to be trained. */
export interface Trainee {
  readonly config: SegmenterConfig;
  /** `[K]`, in the order of their ids. */
  readonly classNames: readonly string[];
  /** Of new values. */
  readonly seed: number;
}

/**
 * The first values of all parameters. A model of ours must be of the same
 * network and classes, though the head may be another, whose attention layers
 * are then left; an encoder of others may lack any parameter.
 *
 * @param file Null: all values are new.
 * @throws {RangeError} When the file is of another network or other classes, or
 *   its tensors do not fit; tells all differences.
 *
 * @example
 * ```ts
 * import { modelWeights } from "../net/model_file.ts";
 * import { SegmenterConfig } from "../net/network_config.ts";
 * import { CLASSES_KEY, firstWeights } from "./first_weights.ts";
 * import { deepStrictEqual } from "node:assert";
 *
 * const classNames = ["ball", "bar"];
 * const withHead = (kind: string) =>
 *   SegmenterConfig.parse({
 *     network: { kind: "largefov", width: 0.125, fcChannels: 24 },
 *     head: { kind },
 *     classCount: 3,
 *   });
 * const of = (kind: string) => ({ config: withHead(kind), classNames, seed: 1 });
 * const { values } = firstWeights(null, of("plain"));
 * const about = { [CLASSES_KEY]: JSON.stringify(classNames) };
 * const file = modelWeights({ config: withHead("plain"), values, about });
 * const { fresh } = firstWeights(file, of("bgm"));
 * deepStrictEqual(fresh, ["attention/weight", "attention/bias"]);
 * ```
 */
export function firstWeights(
  file: WeightsFile | null,
  { config, classNames, seed }: Trainee,
): StartWeights {
  const parameters = segmenterParameters(config);
  if (file === null) return startWeights(parameters, null, { seed });
  const isOurs = SEGMENTER_KEY in file.metadata;
  refuseDifferences([
    ...networkDifferences(networkOf(file), config.network),
    ...(isOurs ? classDifferences(file, classNames) : []),
  ]);
  if (!isOurs) {
    return startWeights(parameters, file.tensors, { seed, mayBeNew: "any" });
  }
  const given = attentionReading(modelOf(file).config);
  return startWeights(parameters, file.tensors, {
    seed,
    widens: true,
    leavesAttention: given !== attentionReading(config),
  });
}

/**
 * How the attention layer of a network reads features. Under another reading
 * its tensors mean something else, of equal shape though they may be: one map's
 * weights of all channels, say, and one weight a channel for the map of its
 * slice. Slices move when there are more channels.
 */
function attentionReading(config: SegmenterConfig): string {
  const { head } = config;
  if (head.kind !== "bcm" || head.combine === "logit") return head.kind;
  const weight = segmenterParameters(config)
    .find(({ name }) => name === "attention/weight")!;
  return `slices of ${weight.shape[1]} channels`;
}

/** The network that a file says it is for; null where it does not say. */
function networkOf(file: WeightsFile): NetworkConfig | null {
  return SEGMENTER_KEY in file.metadata
    ? modelOf(file).config.network
    : metadataOf(file, "network", NetworkConfig);
}

function networkDifferences(
  given: NetworkConfig | null,
  wanted: NetworkConfig,
): string[] {
  if (given === null) return [];
  if (given.kind !== wanted.kind) {
    return [`network is ${given.kind}, must be ${wanted.kind}`];
  }
  const settings: Readonly<Record<string, unknown>> = given;
  return Object.entries(wanted).flatMap(([name, value]) => {
    const [is, must] = [settings[name], value].map((it) => JSON.stringify(it));
    return is === must || OF_TRAINING.includes(name)
      ? []
      : [`network.${name} is ${is}, must be ${must}`];
  });
}

function classDifferences(
  file: WeightsFile,
  classNames: readonly string[],
): string[] {
  const wanted = classNames.join(", ");
  const named = metadataOf(file, CLASSES_KEY, ClassNames);
  if (named !== null) {
    const given = named.join(", ");
    return given === wanted ? [] : [`classes are ${given}, must be ${wanted}`];
  }
  const count = modelOf(file).config.classCount - 1;
  return count === classNames.length
    ? []
    : [`classes are ${count}, must be ${wanted}`];
}

/** An entry of a file's metadata, JSON; null where there is none. */
function metadataOf<Value>(
  { metadata }: WeightsFile,
  key: string,
  schema: z.ZodType<Value>,
): Value | null {
  const text = metadata[key];
  if (text === undefined) return null;
  try {
    return schema.parse(JSON.parse(text));
  } catch (error) {
    throw new RangeError(
      `Cannot start from weights as "${key}" of their metadata must be ` +
        `valid: it is ${text.slice(0, 200)}`,
      { cause: error },
    );
  }
}

function refuseDifferences(differences: readonly string[]): void {
  if (differences.length === 0) return;
  throw new RangeError(
    `Cannot start from weights as they must be of the network and classes ` +
      `to train:\n  ${differences.join("\n  ")}`,
  );
}
