/**
 * One training step of a small network with each head: its graph, as the
 * trainer makes it, and a mini-batch.
 */
import type { TensorData, Value } from "../../../lib/graph/value.ts";
import { initialise } from "../../../lib/net/initialise.ts";
import {
  HeadConfig,
  SegmenterConfig,
} from "../../../lib/net/network_config.ts";
import {
  trainingGraph,
  type TrainingGraphConfig,
} from "../../../lib/train/training_graph.ts";
import { type FedGraph, normals } from "./primitive_graph.ts";

const PLAIN_LOSS = { selection: null, mask: null };
const FULL_LOSS = {
  selection: { rank: "prob", norm: "kept" },
  mask: { lambda: 0.5 },
} as const;

/** A head, whether the step selects pixels and teaches masks, and what learns. */
interface Step {
  readonly head: Partial<HeadConfig>;
  readonly isFull?: boolean;
  readonly frozenBlocks?: number;
}

const FULL_STEP: Step = { head: { kind: "bcm" }, isFull: true };

const STEPS: Readonly<Record<string, Step>> = {
  "the plain head": { head: { kind: "plain" } },
  "BCM that concatenates": { head: { kind: "bcm", combine: "concat" } },
  "BCM by groups": { head: { kind: "bcm", combine: "grouped" } },
  "BCM on logits": { head: { kind: "bcm", combine: "logit" } },
  "BGM": { head: { kind: "bgm" } },
  "BCM with selection and mask loss": FULL_STEP,
};

/** The steps by what they are of. */
export function headSteps(): Map<string, FedGraph> {
  return new Map(
    Object.entries(STEPS).map(([name, step]) => [name, fed(configOf(step))]),
  );
}

/**
 * A step with all that a head and a loss can have, the layers before it being
 * frozen: a program that stands in for a GPU takes long to compile kernels.
 */
export function shortStep(): FedGraph {
  return fed(configOf({ ...FULL_STEP, frozenBlocks: 5 }));
}

/** Layers of 16 channels, which fill blocks, and slices of 16 for each class. */
function configOf(
  { head, isFull = false, frozenBlocks = 0 }: Step,
): TrainingGraphConfig {
  const segmenter = SegmenterConfig.parse({
    network: {
      ...{ kind: "largefov", width: 0.25, maxChannels: 16, fcChannels: 32 },
      ...{ convolutions: [2, 1, 1, 1, 1], fc6Dilation: 1, frozenBlocks },
    },
    head,
    classCount: 2,
  });
  const loss = isFull ? FULL_LOSS : PLAIN_LOSS;
  return { segmenter, loss, shardSize: 2, cropSize: 17 };
}

function fed(config: TrainingGraphConfig): FedGraph {
  const { graph, parameters } = trainingGraph(config);
  const weights = initialise(parameters, 1);
  const feeds: Record<string, TensorData> = {};
  for (const value of graph.inputs) feeds[value.name] = inputOf(value);
  for (const { name, shape } of parameters) {
    // First biases and weights of the attention are all alike.
    const noise = normals(name, shape, 0.05);
    feeds[name] = weights.get(name)!.map((x, i) => x + noise[i]!);
  }
  return { graph, feeds };
}

/** Normal colours; for all else whole numbers, most of them 0 or 1. */
function inputOf({ name, type, shape }: Value): TensorData {
  const numbers = normals(name, shape);
  if (name === "images") return numbers;
  const choices = name === "quota" ? 4 : 2; // cells that a group keeps
  const whole = numbers.map((x) => Math.floor(1000 * Math.abs(x)) % choices);
  return type === "bool" ? Uint8Array.from(whole) : whole;
}
