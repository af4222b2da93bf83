import {
  deepStrictEqual,
  match,
  notStrictEqual,
  ok,
  rejects,
  strictEqual,
} from "node:assert/strict";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { train, type TrainOptions } from "../../../lib/train/trainer.ts";
import {
  BATCH_SIZE,
  firstWeights,
  hashOf,
  tinyBatches,
  tinyConfig,
} from "./tiny_training.ts";
import { TRAINING_PROCESS } from "./training_process.ts";

function options(changed: Partial<TrainOptions> = {}): TrainOptions {
  const config = tinyConfig();
  return {
    config,
    shards: BATCH_SIZE,
    weights: firstWeights(config),
    sgd: { momentum: 0.9, weightDecay: 0.0005 },
    seed: 1,
    openBatches: (first) => tinyBatches(first),
    iterations: 6,
    schedule: { kind: "step", rate: 0.01, every: 4 },
    engine: "onnxruntime-node",
    device: "cpu",
    workers: 2,
    checkpoints: null,
    ...changed,
  };
}

/** A folder for checkpoints, removed at the end. */
async function temporaryFolder(): Promise<{ path: string } & AsyncDisposable> {
  const path = await Deno.makeTempDir();
  return {
    path,
    [Symbol.asyncDispose]: () => Deno.remove(path, { recursive: true }),
  };
}

/** Runs the training process; `killAt`: to the step after this iteration. */
async function runProcess(folder: string, killAt?: number): Promise<{
  signal: Deno.Signal | null;
  printed: string;
}> {
  const path = fileURLToPath(TRAINING_PROCESS);
  const last = killAt === undefined ? [] : [String(killAt)];
  const { signal, stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--quiet", path, folder, ...last],
  }).output();
  return { signal, printed: new TextDecoder().decode(stdout) };
}

Deno.test("training killed in mid-run goes on to the same weights, to the bit", async () => {
  await using killed = await temporaryFolder();
  await using undisturbed = await temporaryFolder();
  const first = await runProcess(killed.path, 17);
  const second = await runProcess(killed.path, 40);
  deepStrictEqual([first.signal, second.signal], ["SIGKILL", "SIGKILL"]);
  match(second.printed, /^went on from iteration (14|21)$/m);
  const rest = await runProcess(killed.path);
  match(rest.printed, /^went on from iteration (35|42|49)$/m);
  const whole = await runProcess(undisturbed.path);
  const learnt = /^learnt .*$/m;
  strictEqual(learnt.exec(rest.printed)![0], learnt.exec(whole.printed)![0]);
});

Deno.test("training learns, and tells how", async () => {
  const losses: number[] = [];
  const lines: string[] = [];
  const { weights, history } = await train(options({
    iterations: 40,
    schedule: { kind: "step", rate: 0.01, every: 30 },
    onProgress: ({ loss }) => losses.push(loss),
    log: (line) => lines.push(line),
  }));
  strictEqual(losses.length, 40);
  deepStrictEqual(
    [0, 29, 30, 39].map((at) => history[at]!)
      .map(({ iteration, learningRate }) => [iteration, learningRate]),
    [[0, 0.01], [29, 0.01], [30, 0.001], [39, 0.001]],
  );
  const last = losses.slice(30).reduce((sum, loss) => sum + loss) / 10;
  ok(last < 0.6 * losses[0]!, `${losses[0]} to ${last}`);
  ok(history.every(({ keptShare }) => keptShare === 1));
  const first = firstWeights(tinyConfig());
  deepStrictEqual(new Set(weights.keys()), new Set(first.keys()));
  match(lines[0]!, /^trains with onnxruntime-node on CPU, 2 workers: /);
  match(lines[1]!, /^waited 0.0 s for mini-batches; 0 of 40 were late$/);
});

Deno.test("training that is aborted goes on from where it was", async () => {
  await using folder = await temporaryFolder();
  const checkpoints = { folder: folder.path, every: 100, config: "{}" };
  const controller = new AbortController();
  const aborted = train(options({
    checkpoints,
    signal: controller.signal,
    onProgress: ({ iteration }) => {
      if (iteration === 2) controller.abort(new Error("no more"));
    },
  }));
  await rejects(aborted, { message: "no more" });
  const told: number[] = [];
  const { weights, history } = await train(options({
    checkpoints,
    onProgress: ({ iteration }) => told.push(iteration),
  }));
  deepStrictEqual(told, [3, 4, 5]);
  const whole = await train(options());
  strictEqual(hashOf(weights), hashOf(whole.weights));
  deepStrictEqual(history, whole.history);
});

Deno.test("training refuses to go on on another engine than it began on", async () => {
  await using folder = await temporaryFolder();
  const checkpoints = { folder: folder.path, every: 2, config: "{}" };
  const { engine } = await train(options({ checkpoints }));
  strictEqual(engine, "onnxruntime-node on cpu");
  await rejects(train(options({ checkpoints, engine: "tfjs" })), {
    message:
      /^Cannot go on from iteration 4 .* onnxruntime-node on cpu: this is tfjs on cpu; .*, or remove ".*" to begin anew$/,
  });
});

Deno.test("training goes on from the checkpoint before a damaged one", async () => {
  await using folder = await temporaryFolder();
  const checkpoints = { folder: folder.path, every: 2, config: "{}" };
  const whole = await train(options({ checkpoints }));
  const path = join(folder.path, "checkpoint_00000004.safetensors");
  await Deno.truncate(path, 3000);
  const lines: string[] = [];
  const log = (line: string) => lines.push(line);
  const { weights } = await train(options({ checkpoints, log }));
  match(lines[0]!, /^passed over a checkpoint: ".*00000004.safetensors": /);
  strictEqual(lines[1], "went on from iteration 2");
  strictEqual(hashOf(weights), hashOf(whole.weights));
});

Deno.test("training that diverges before its first checkpoint says so", async () => {
  await using folder = await temporaryFolder();
  const checkpoints = { folder: folder.path, every: 2, config: "{}" };
  const schedule = { kind: "step", rate: 1e30, every: 9 } as const;
  await rejects(train(options({ checkpoints, schedule })), {
    message: /^Cannot go on training .*; there is no checkpoint yet$/,
  });
});

Deno.test("training that diverges keeps its checkpoints", async () => {
  await using folder = await temporaryFolder();
  const checkpoints = { folder: folder.path, every: 2, config: "{}" };
  const openBatches = (first: number) => {
    const batches = tinyBatches(first);
    let iteration = first;
    return {
      ...batches,
      async next() {
        const shards = await batches.next();
        if (iteration++ === 5) (shards[1]!.images as Float32Array)[0] = NaN;
        return shards;
      },
    };
  };
  await rejects(train(options({ checkpoints, openBatches })), {
    message:
      /^Cannot go on training .*, at iteration 5 with learning rate 0.001 .*; the last checkpoint, after 4 iterations, is in "/,
  });
  const names = await Array.fromAsync(
    Deno.readDir(folder.path),
    ({ name }) => name,
  );
  deepStrictEqual(names.sort(), [
    "checkpoint_00000002.safetensors",
    "checkpoint_00000004.safetensors",
  ]);
});

Deno.test("another seed drops other elements", async () => {
  const [one, two] = await Promise.all([
    train(options({ iterations: 2 })),
    train(options({ iterations: 2, seed: 2 })),
  ]);
  notStrictEqual(hashOf(one.weights), hashOf(two.weights));
});
