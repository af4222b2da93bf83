import {
  deepStrictEqual,
  fail,
  ok,
  rejects,
  strictEqual,
  throws,
} from "node:assert/strict";
import {
  type BatchOptions,
  makeShard,
  type ShardArrays,
} from "../../../lib/train/batch.ts";
import { type LoaderOptions, openLoader } from "../../../lib/train/loader.ts";
import { sampleOrder } from "../../../lib/train/sample_order.ts";
import { decodeSample } from "../../../lib/train/training_sample.ts";
import { drawTrainingFiles, type TrainingFiles } from "./training_files.ts";

const BATCH: BatchOptions = {
  seed: 1,
  augmentation: { cropSize: 17 },
  encoding: { order: "bgr", mean: [104, 117, 123], scale: 1 },
  outputStride: 8,
  selection: { rates: { kind: "global", rate: 0.6 } },
  mask: { channels: 3 },
};

function optionsFor(
  { samples, files }: TrainingFiles,
  more: Partial<LoaderOptions> = {},
): LoaderOptions {
  const sets = [[...samples.keys()]];
  return {
    samples,
    read: (index) => Promise.resolve(files[index]!),
    order: sampleOrder({ seed: 1, batchSize: 4, sets }),
    batch: BATCH,
    classCount: 3,
    shardSize: 2,
    endIteration: 6,
    ...more,
  };
}

/** All mini-batches of a loader. */
async function taken(options: LoaderOptions): Promise<ShardArrays[][]> {
  await using loader = openLoader(options);
  const batches: ShardArrays[][] = [];
  for (let t = options.firstIteration ?? 0; t < options.endIteration; t++) {
    batches.push(await loader.next());
  }
  return batches;
}

Deno.test("openLoader gives the same bytes, whatever workers, queue and memory", async () => {
  const drawn = await drawTrainingFiles(7);
  const options = optionsFor(drawn);
  const decoded = await Promise.all(
    drawn.samples.map(async (sample, i) => ({
      sample,
      ...await decodeSample(sample, drawn.files[i]!, 3),
    })),
  );
  const expected = [0, 1, 2, 3, 4, 5].map((iteration) =>
    [0, 2].map((firstSlot) =>
      makeShard(
        options.order(iteration).slice(firstSlot, firstSlot + 2)
          .map((index) => decoded[index]!),
        { iteration, firstSlot },
        BATCH,
      )
    )
  );
  deepStrictEqual(await taken(options), expected);
  deepStrictEqual(
    await taken({ ...options, workers: 3, queueLength: 5, cacheBytes: 0 }),
    expected,
  );
  deepStrictEqual(
    await taken({ ...options, workers: 2, queueLength: 1, cacheBytes: 6000 }),
    expected,
  );
  deepStrictEqual(
    await taken({ ...options, firstIteration: 4 }),
    expected.slice(4),
  );
});

Deno.test("openLoader keeps decoded samples within its bound", async () => {
  const drawn = await drawTrainingFiles(7);
  for (const [cacheBytes, kept] of [[1e6, 7], [6000, 3]] as const) {
    await using loader = openLoader(optionsFor(drawn, { cacheBytes }));
    for (let t = 0; t < 6; t++) await loader.next();
    strictEqual(loader.report().cachedBytes, kept * 24 * 20 * 4);
  }
});

Deno.test("openLoader needs a sample's files once if it may keep it", async () => {
  const drawn = await drawTrainingFiles(4);
  const options = optionsFor(drawn, { queueLength: 1 });
  await using loader = openLoader(options);
  await loader.next();
  await loader.next();
  drawn.files.length = 0;
  for (let t = 2; t < 6; t++) strictEqual((await loader.next()).length, 2);
});

Deno.test("openLoader fails at the mini-batch whose file is cut short, not before", async () => {
  const drawn = await drawTrainingFiles(8);
  const options = optionsFor(drawn);
  const cut = options.order(1)[3]!;
  const { image, ...file } = drawn.files[cut]!;
  drawn.files[cut] = { ...file, image: image.slice(0, image.length >> 1) };
  await using loader = openLoader(options);
  await loader.next();
  await rejects(loader.next(), (error: Error) => {
    ok(error.message.startsWith(`Cannot read "${file.path}" as it must be`));
    return true;
  });
});

Deno.test("openLoader tells how often and how long it was waited for", async () => {
  const drawn = await drawTrainingFiles(4);
  await using loader = openLoader(optionsFor(drawn, { endIteration: 99 }));
  await loader.next(); // the worker has only just started
  let before = loader.report();
  deepStrictEqual([before.batches, before.late], [1, 1]);
  ok(before.waitedSeconds > 0);
  // A busy machine may need a few turns to be ahead of so slow a consumer.
  for (let turn = 0; turn < 50; turn++) {
    await new Promise((done) => setTimeout(done, 100));
    await loader.next();
    const { batches, late, waitedSeconds } = loader.report();
    strictEqual(batches, before.batches + 1);
    if (late === before.late) {
      ok(waitedSeconds - before.waitedSeconds < 0.1);
      return;
    }
    before = loader.report();
  }
  fail("It never got ahead");
});

Deno.test("openLoader has no mini-batch after the last", async () => {
  const drawn = await drawTrainingFiles(4);
  await using loader = openLoader(optionsFor(drawn, { endIteration: 1 }));
  await loader.next();
  await rejects(loader.next(), {
    name: "RangeError",
    message: "Cannot load a mini-batch as it must be before iteration 1: " +
      "all have been taken",
  });
});

Deno.test("openLoader, shut, fails what it was asked for", async () => {
  const drawn = await drawTrainingFiles(4);
  const loader = openLoader(optionsFor(drawn));
  const asked = loader.next();
  await loader[Symbol.asyncDispose]();
  await rejects(asked, /the loader is shut/);
  await rejects(loader.next(), /the loader is shut/);
});

Deno.test("openLoader refuses counts that do not fit", () => {
  const sample = {
    id: "a",
    boxes: [],
    subClasses: null,
    isTruth: false,
    weight: 1,
  };
  const drawn = { samples: [sample], files: [] };
  throws(() => openLoader(optionsFor(drawn, { shardSize: 3 })), {
    name: "RangeError",
    message: "Cannot open a loader as a mini-batch must be a whole number of " +
      "shards: 4 samples, 3 in a shard",
  });
  throws(() => openLoader(optionsFor(drawn, { workers: 0 })), {
    message: "Cannot open a loader as workers must be a positive whole " +
      "number: 0",
  });
});
