/**
 * A training step as one program on one engine, which keeps weights and
 * velocities where it runs: for GPUs, from which only the loss comes back.
 *
 * @module
 */
import type { Engine, Program, Tensors } from "../engine/engine.ts";
import { divergence } from "./divergence.ts";
import { dropoutLayers, missingMasks } from "./dropout_feeds.ts";
import { freeArrays } from "./free_arrays.ts";
import { stateOf } from "./learnt_state.ts";
import {
  fillFlat,
  firstNotFinite,
  type ParameterLayout,
  viewsByName,
} from "./parameter_layout.ts";
import {
  batchMeans,
  isDiverged,
  newTallies,
  tallyOf,
  writeTally,
} from "./step_tally.ts";
import {
  frozenWeights,
  LEARNING_RATE,
  NEXT,
  updatingGraph,
  VELOCITY,
} from "./training_graph.ts";
import type {
  StepInput,
  TrainingStep,
  TrainingStepOptions,
} from "./training_step.ts";

/** See {@link openDeviceStep}. */
export interface DeviceStepOptions extends TrainingStepOptions {
  readonly engine: Engine;
}

/**
 * Compiles the program and sends it the weights. The shards of a mini-batch
 * are run as one.
 *
 * @throws {RangeError} When a value of a parameter is missing or does not fill
 *   it.
 * @throws {Error} When the engine refuses the graph.
 *
 * @example
 * ```ts
 * import { chooseEngine } from "../engine/choose_engine.ts";
 * import { initialise } from "../net/initialise.ts";
 * import { SegmenterConfig } from "../net/network_config.ts";
 * import { segmenterParameters } from "../net/segmenter.ts";
 * import { openDeviceStep } from "./device_step.ts";
 * import { strictEqual } from "node:assert";
 *
 * const segmenter = SegmenterConfig.parse({
 *   network: { kind: "largefov", width: 0.125, fcChannels: 8 },
 *   head: { kind: "plain" },
 *   classCount: 3,
 * });
 * const weights = initialise(segmenterParameters(segmenter), 1);
 * const loss = { selection: null, mask: null };
 * const config = { segmenter, loss, shardSize: 1, cropSize: 17 };
 * const sgd = { momentum: 0.9, weightDecay: 0.0005 };
 * const { engine } = await chooseEngine({ engine: "auto", device: "cpu" });
 * await using step = await openDeviceStep({
 *   config,
 *   shards: 2,
 *   weights,
 *   sgd,
 *   seed: 1,
 *   engine,
 * });
 *
 * const shard = {
 *   images: new Float32Array(3 * 17 * 17),
 *   labels: new Float32Array(9), // 3 × 3 cells
 *   counted: new Float32Array(9).fill(1),
 * };
 * const shards = [shard, structuredClone(shard)];
 * const { kept } = await step.run({ iteration: 0, learningRate: 0.1, shards });
 * strictEqual(kept, 18);
 * ```
 */
export async function openDeviceStep(
  options: DeviceStepOptions,
): Promise<TrainingStep> {
  const { engine, shards, weights, velocities, sgd, seed } = options;
  const shardSize = options.config.shardSize * shards;
  const config = { ...options.config, shardSize };
  const { graph, layout, parameters, dropouts } = updatingGraph(config, sgd);
  const program = await engine.compile(graph, {
    constants: frozenWeights(parameters, weights),
    kept: keptNames(layout),
  });
  await writeState(program, layout, { weights, velocities });
  const tallies = newTallies(1);
  let last = { iteration: 0, learningRate: 0, loss: 0, maskLoss: 0 };

  async function run({ iteration, learningRate, shards }: StepInput) {
    const feeds = joinShards(shards);
    const place = { seed, iteration, firstSlot: 0 };
    const masks = missingMasks(feeds, dropouts, place);
    const rate = { [LEARNING_RATE]: Float32Array.of(learningRate) };
    const outputs = await program.run({ ...feeds, ...masks, ...rate });
    writeTally(tallies, 0, tallyOf(outputs, feeds));
    freeArrays(feeds, masks, outputs, ...shards);
    const result = batchMeans(tallies);
    const { loss, maskLoss } = result;
    last = { iteration, learningRate, loss, maskLoss };
    if (!isDiverged(result)) return result;
    const { weights } = await readFlat(program, layout);
    throw divergence({ ...last, layout, weights, gradients: [] });
  }

  return {
    detail: `${engine.name} on ${engine.detail}`,
    // A run blocks this thread, and masks of whole mini-batches take long.
    dropouts: dropoutLayers(dropouts),
    run,
    async state() {
      const flat = await readFlat(program, layout);
      // The loss of a step tells of the weights before it, not after.
      if (firstNotFinite(layout, flat.weights) === undefined) {
        return stateOf(layout, flat);
      }
      const { weights } = flat;
      throw divergence({ ...last, layout, weights, gradients: [] });
    },
    [Symbol.asyncDispose]: () => program.dispose(),
  };
}

/** What the engine keeps, and the output that is its next value. */
function keptNames({ parameters }: ParameterLayout): Map<string, string> {
  return new Map(
    parameters.flatMap(({ name }) => [name, VELOCITY + name])
      .map((name) => [name, NEXT + name]),
  );
}

async function writeState(
  program: Program,
  layout: ParameterLayout,
  { weights, velocities }: Pick<TrainingStepOptions, "weights" | "velocities">,
): Promise<void> {
  const flat = new Float32Array(layout.count);
  fillFlat(layout, flat, weights);
  for (const [name, data] of viewsByName(layout, flat)) {
    await program.write(name, data);
  }
  if (velocities) fillFlat(layout, flat, velocities);
  else flat.fill(0);
  for (const [name, data] of viewsByName(layout, flat)) {
    await program.write(VELOCITY + name, data);
  }
}

async function readFlat(program: Program, layout: ParameterLayout) {
  const weights = new Float32Array(layout.count);
  const velocity = new Float32Array(layout.count);
  for (const { name, offset } of layout.parameters) {
    weights.set(await program.read(name), offset);
    velocity.set(await program.read(VELOCITY + name), offset);
  }
  return { weights, velocity };
}

/** Shards as one: images lie one after the other in every input. */
function joinShards(shards: readonly Tensors[]): Tensors {
  const [first, ...rest] = shards;
  if (rest.length === 0) return first!;
  return Object.fromEntries(
    Object.keys(first!).map((name) => {
      const parts = shards.map((shard) => shard[name] as Float32Array);
      const count = parts.reduce((sum, { length }) => sum + length, 0);
      // Masks are bytes, all else floats.
      const joined: Float32Array | Uint8Array = parts[0] instanceof Float32Array
        ? new Float32Array(count)
        : new Uint8Array(count);
      let at = 0;
      for (const part of parts) {
        joined.set(part, at);
        at += part.length;
      }
      return [name, joined];
    }),
  );
}
