/**
 * A worker of a parallel step: runs its shards of the mini-batch, one after
 * the other on one thread, then updates its range of the weights.
 *
 * @module
 */
import { chooseEngine } from "../engine/choose_engine.ts";
import type { Tensors } from "../engine/engine.ts";
import { missingMasks } from "./dropout_feeds.ts";
import { freeArrays } from "./free_arrays.ts";
import { viewsByName } from "./parameter_layout.ts";
import { updateRange, workerRange } from "./sgd.ts";
import type { StepJob, WorkerAnswer, WorkerStart } from "./step_protocol.ts";
import { batchMeans, isDiverged, tallyOf, writeTally } from "./step_tally.ts";
import { GRADIENT, trainingGraph } from "./training_graph.ts";
import { breakBarrier, meetAtBarrier } from "./worker_barrier.ts";

/** What a worker's thread runs. */
export const STEP_WORKER = import.meta.url;

/** A worker that has compiled its graph. */
interface ReadyWorker {
  /** What the engine runs on. */
  readonly detail: string;
  doJob(job: StepJob): Promise<WorkerAnswer>;
  /** Frees what the engine holds: native memory does not end with a thread. */
  dispose(): Promise<void>;
}

async function getReady(start: WorkerStart): Promise<ReadyWorker> {
  const { shared, config, frozen, workers, seed } = start;
  const { graph, layout, dropouts } = trainingGraph(config);
  const { engine } = await chooseEngine({
    engine: start.engine,
    device: "cpu",
  });
  const program = await engine.compile(graph, {
    constants: frozen,
    threads: 1,
  });
  // Native engines take no views of shared memory: one copy a step, not a run.
  const weights = new Float32Array(layout.count);
  const parameters = Object.fromEntries(viewsByName(layout, weights));
  const range = workerRange(layout.count, start);

  async function runShard(index: number, feeds: Tensors, iteration: number) {
    const firstSlot = index * config.shardSize;
    const place = { seed, iteration, firstSlot };
    const masks = missingMasks(feeds, dropouts, place);
    const outputs = await program.run({ ...feeds, ...masks, ...parameters });
    for (const { name, offset } of layout.parameters) {
      const gradient = outputs[GRADIENT + name] as Float32Array;
      shared.gradients[index]!.set(gradient, offset);
    }
    writeTally(shared.tallies, index, tallyOf(outputs, feeds));
    freeArrays(feeds, masks, outputs);
  }

  return {
    detail: `${engine.name} on ${engine.detail}`,
    async doJob({ iteration, learningRate, shards }) {
      weights.set(shared.weights);
      for (const { index, feeds } of shards) {
        await runShard(index, feeds, iteration);
      }
      if (!meetAtBarrier(shared.barrier, workers)) return { kind: "left" };
      const means = batchMeans(shared.tallies);
      // All workers see the same numbers, so all stop here or none does.
      const isGood = !isDiverged(means) &&
        updateRange(layout, shared, {
          range,
          divisor: Math.max(1, means.divisor),
          settings: { ...start.sgd, learningRate },
        });
      return { kind: "done", isGood };
    },
    dispose: () => program.dispose(),
  };
}

/** Answers the start, then each job, until null asks it to close. */
async function serve(start: WorkerStart, port: MessagePort): Promise<void> {
  const answer = (message: WorkerAnswer) => port.postMessage(message);
  const fail = (error: unknown): WorkerAnswer => {
    breakBarrier(start.shared.barrier);
    const isError = error instanceof Error;
    return { kind: "failed", message: isError ? error.message : String(error) };
  };
  try {
    const { detail, doJob, dispose } = await getReady(start);
    port.onmessage = async ({ data }: MessageEvent<StepJob | null>) => {
      if (data !== null) return answer(await doJob(data).catch(fail));
      await dispose();
      answer({ kind: "closed" });
    };
    answer({ kind: "ready", detail });
  } catch (error) {
    answer(fail(error));
  }
}

if (import.meta.main) {
  addEventListener("message", (event) => {
    const { data, ports } = event as MessageEvent<WorkerStart>;
    serve(data, ports[0]!);
  }, { once: true });
}
