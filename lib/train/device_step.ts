/**
 * A training step as one program on one engine, which keeps weights and
 * velocities where it runs: for GPUs, from which only the loss comes back.
 *
 * @module
 */
import type { Engine, Program, Tensors } from "../engine/engine.ts";
import { divergence } from "./divergence.ts";
import { missingMasks } from "./dropout_feeds.ts";
import { type LearntState, stateOf } from "./learnt_state.ts";
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

  async function run({ iteration, learningRate, shards }: StepInput) {
    const feeds = joinShards(shards);
    const masks = missingMasks(feeds, dropouts, {
      ...{ seed, iteration, firstSlot: 0 },
    });
    const rate = { [LEARNING_RATE]: Float32Array.of(learningRate) };
    const outputs = await program.run({ ...feeds, ...masks, ...rate });
    writeTally(tallies, 0, tallyOf(outputs, feeds));
    const result = batchMeans(tallies);
    if (!isDiverged(result)) return result;
    const { weights } = await readFlat(program, layout);
    const { loss } = result;
    const facts = { iteration, learningRate, loss, layout, weights };
    throw divergence({ ...facts, gradients: [] });
  }

  return {
    detail: `${engine.name} on ${engine.detail}`,
    run,
    state: () => readState(program, layout),
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

/** What has been learnt; the weights after the last step have had no check. */
async function readState(
  program: Program,
  layout: ParameterLayout,
): Promise<LearntState> {
  const flat = await readFlat(program, layout);
  const bad = firstNotFinite(layout, flat.weights);
  if (bad === undefined) return stateOf(layout, flat);
  throw new Error(
    `Cannot go on training as all numbers must stay finite: "${bad.name}" ` +
      `is not`,
  );
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
