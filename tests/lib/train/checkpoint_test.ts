import {
  deepStrictEqual,
  match,
  rejects,
  strictEqual,
} from "node:assert/strict";
import { join } from "node:path";
import {
  type Checkpoint,
  readCheckpoint,
  writeCheckpoint,
} from "../../../lib/train/checkpoint.ts";

const CONFIG = '{"seed":1}';

function checkpointAt(iteration: number): Checkpoint {
  const weights = new Map([
    ["fc8/weight", { shape: [2, 1], data: Float32Array.of(iteration, -0) }],
  ]);
  const velocities = new Map([
    ["fc8/weight", { shape: [2, 1], data: Float32Array.of(1e-40, 3) }],
  ]);
  const entry = { loss: 2.5, maskLoss: 0, learningRate: 0.1, keptShare: 1 };
  const history = [{ iteration: iteration - 1, ...entry }];
  const engine = "onnxruntime-node on cpu";
  return { iteration, config: CONFIG, engine, weights, velocities, history };
}

/** A folder with checkpoints of these iterations. */
async function folderWith(...iterations: number[]): Promise<
  { path: string } & AsyncDisposable
> {
  const path = await Deno.makeTempDir();
  for (const iteration of iterations) {
    await writeCheckpoint(join(path, "train"), checkpointAt(iteration));
  }
  return {
    path: join(path, "train"),
    [Symbol.asyncDispose]: () => Deno.remove(path, { recursive: true }),
  };
}

async function namesIn(folder: string): Promise<string[]> {
  const entries = await Array.fromAsync(Deno.readDir(folder));
  return entries.map(({ name }) => name).sort();
}

Deno.test("a checkpoint is read back to the bit", async () => {
  await using folder = await folderWith(500);
  const found = await readCheckpoint(folder.path, CONFIG);
  deepStrictEqual(found, { checkpoint: checkpointAt(500), damaged: [] });
});

Deno.test("the last two checkpoints are kept, and the last is read", async () => {
  await using folder = await folderWith(2, 4, 6, 100_000);
  deepStrictEqual(await namesIn(folder.path), [
    "checkpoint_00000006.safetensors",
    "checkpoint_00100000.safetensors",
  ]);
  const { checkpoint } = await readCheckpoint(folder.path, CONFIG);
  strictEqual(checkpoint?.iteration, 100_000);
});

Deno.test("what is numbered above a written checkpoint is removed, not kept for it", async () => {
  await using folder = await folderWith(2);
  for (const number of ["00000008", "00000009"]) {
    const name = `checkpoint_${number}.safetensors`;
    await Deno.writeTextFile(join(folder.path, name), "damaged");
  }
  await writeCheckpoint(folder.path, checkpointAt(4));
  deepStrictEqual(await namesIn(folder.path), [
    "checkpoint_00000002.safetensors",
    "checkpoint_00000004.safetensors",
  ]);
  const { checkpoint } = await readCheckpoint(folder.path, CONFIG);
  strictEqual(checkpoint?.iteration, 4);
});

Deno.test("readCheckpoint finds none in a folder that is not there", async () => {
  const found = await readCheckpoint("/nowhere/at/all", CONFIG);
  deepStrictEqual(found, { checkpoint: null, damaged: [] });
});

Deno.test("a checkpoint with any one byte changed is passed over", async () => {
  await using folder = await folderWith(2, 4);
  const path = join(folder.path, "checkpoint_00000004.safetensors");
  const whole = await Deno.readFile(path);
  for (let at = 0; at < whole.length; at += 7) {
    const bytes = whole.slice();
    bytes[at]! ^= 4;
    await Deno.writeFile(path, bytes);
    const { checkpoint, damaged } = await readCheckpoint(folder.path, CONFIG);
    strictEqual(checkpoint?.iteration, 2, `byte ${at}`);
    strictEqual(damaged.length, 1);
    match(damaged[0]!, /^".*checkpoint_00000004.safetensors": /);
  }
});

Deno.test("a checkpoint cut short is passed over", async () => {
  await using folder = await folderWith(2, 4);
  const path = join(folder.path, "checkpoint_00000004.safetensors");
  for (const length of [(await Deno.stat(path)).size - 1, 100, 5, 0]) {
    await Deno.truncate(path, length);
    const { checkpoint } = await readCheckpoint(folder.path, CONFIG);
    strictEqual(checkpoint?.iteration, 2, `${length} bytes`);
  }
});

Deno.test("a part of a checkpoint that was being written is not read", async () => {
  await using folder = await folderWith(2);
  await Deno.writeTextFile(
    join(folder.path, "checkpoint_00000004.safetensors.part"),
    "{",
  );
  const { checkpoint, damaged } = await readCheckpoint(folder.path, CONFIG);
  strictEqual(checkpoint?.iteration, 2);
  deepStrictEqual(damaged, []);
});

Deno.test("readCheckpoint refuses one of another configuration", async () => {
  await using folder = await folderWith(2);
  const path = join(folder.path, "checkpoint_00000002.safetensors");
  await rejects(readCheckpoint(folder.path, '{"seed":2}'), {
    name: "RangeError",
    message: `Cannot resume from "${path}" as it must be of the same ` +
      `configuration: it is of {"seed":1}, not {"seed":2}`,
  });
});
