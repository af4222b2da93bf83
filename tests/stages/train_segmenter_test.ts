import {
  deepStrictEqual,
  match,
  notDeepStrictEqual,
  notStrictEqual,
  ok,
  rejects,
  strictEqual,
} from "node:assert/strict";
import { modelOf } from "../../lib/net/model_file.ts";
import { predictScores } from "../../stages/predict_scores.ts";
import { runStage } from "./run_stage.ts";
import {
  each,
  IDS,
  IMAGES,
  INPUTS,
  keptShares,
  labels,
  NETWORK,
  type Outcome,
  type Params,
  temporaryFolder,
  trained,
} from "./tiny_training.ts";

/** A training is slow: one that several tests look at is run once. */
const plain = (() => {
  let outcome: Promise<Outcome> | null = null;
  return () => outcome ??= trained();
})();

Deno.test("train_segmenter keeps a model that tells its network, classes and training", async () => {
  const { outputs } = await plain();
  const { config, values, about } = modelOf(outputs.weights);
  deepStrictEqual(config.network.kind, "largefov");
  deepStrictEqual(
    config,
    { network: config.network, head: { kind: "plain" }, classCount: 3 },
  );
  strictEqual(values.get("fc8/bias")!.length, 3);
  deepStrictEqual(JSON.parse(about.classes!), ["ball", "bar"]);
  strictEqual(about.engine, "onnxruntime-node on cpu");
  const training = JSON.parse(about.training!);
  deepStrictEqual(
    [training.seed, training.iterations, training.momentum],
    [1, 3, 0.9],
  );
});

Deno.test("train_segmenter tells each iteration, and the means of the last", async () => {
  const { outputs, log } = await plain();
  const { history, metrics } = outputs;
  deepStrictEqual(
    history.map(({ iteration, learningRate }) => [iteration, learningRate]),
    [[0, 0.05], [1, 0.05], [2, 0.05]],
  );
  deepStrictEqual(metrics, {
    "training.tiny.loss": history[2]!.loss,
    "training.tiny.mask_loss": 0,
    "training.tiny.kept_share": 1,
  });
  strictEqual(log[0], "6 pictures, 0 of them with mask");
  match(log[1]!, /^trains with onnxruntime-node on CPU, 1 workers?: /);
});

Deno.test("train_segmenter gives the same files on one core as on two, with more loaders, and elsewhere", async () => {
  const { files } = await plain();
  const other = await trained({ loaders: 2, checkpointEvery: 1 }, {}, {
    cpus: 2,
  });
  deepStrictEqual(other.files, files);
});

Deno.test("train_segmenter learns otherwise with another seed", async () => {
  const { files } = await trained({}, {}, { seed: 2 });
  notDeepStrictEqual(
    files.get("weights"),
    (await plain()).files.get("weights"),
  );
});

Deno.test("train_segmenter sees batches of its own for each name, the same for one", async () => {
  // Nothing but the batches is drawn: weights are given, and nothing drops out.
  const network = { ...NETWORK, dropoutShare: 0 };
  const { outputs: { weights } } = await trained({ network });
  const losses = async (params: Partial<Params>) => {
    const given = { network, ...params };
    const { outputs } = await trained(given, { initial: weights });
    return outputs.history.map(({ loss }) => loss);
  };
  const [one, same, other] = await Promise.all([
    losses({}),
    losses({ checkpointEvery: 1 }),
    losses({ name: "other" }),
  ]);
  deepStrictEqual(same, one);
  // Of the first batch, before anything has been learnt from it.
  notStrictEqual(other[0], one[0]);
});

Deno.test("train_segmenter goes on where it was aborted, to the same files", async () => {
  using folder = temporaryFolder();
  const scratch = folder.path;
  const controller = new AbortController();
  const progress = (done: number) => {
    if (done === 2) controller.abort(new Error("The run was stopped"));
  };
  const call = { scratch, signal: controller.signal, progress };
  await rejects(trained({}, {}, call), { message: "The run was stopped" });
  const rest = await trained({}, {}, { scratch });
  ok(rest.log.includes("went on from iteration 2"));
  deepStrictEqual(rest.files, (await plain()).files);
});

Deno.test("train_segmenter goes on with other loaders and checkpoints, to the same files", async () => {
  using folder = temporaryFolder();
  const scratch = folder.path;
  const controller = new AbortController();
  const progress = (done: number) => {
    if (done === 2) controller.abort(new Error("The run was stopped"));
  };
  const call = { scratch, signal: controller.signal, progress };
  const before = { loaders: 2, checkpointEvery: 1 };
  await rejects(trained(before, {}, call), { message: "The run was stopped" });
  const after = { loaders: 1, checkpointEvery: 3 };
  const rest = await trained(after, {}, { scratch });
  ok(rest.log.includes("went on from iteration 2"));
  deepStrictEqual(rest.files, (await plain()).files);
  // What is in the key decides: it is never gone on with.
  await rejects(
    trained({ momentum: 0.8 }, {}, { scratch }),
    /^RangeError: Cannot resume from .* as it must be of the same configuration/,
  );
});

Deno.test("train_segmenter learns rectangle labels where it is given none", async () => {
  const { outputs } = await trained({}, { labels: labels() });
  const { outputs: spoilt } = await trained({}, { labels: labels(240) });
  const { history } = (await plain()).outputs;
  deepStrictEqual(outputs.history, history);
  notDeepStrictEqual(spoilt.history, history);
});

Deno.test("train_segmenter learns masks as it learns labels, but for selection", async () => {
  const truth = labels(240);
  const masks = await trained({}, { truth });
  const proposals = await trained({}, { labels: truth });
  deepStrictEqual(masks.outputs.history, proposals.outputs.history);
  strictEqual(masks.log[0], "6 pictures, 6 of them with mask");

  const selection = { rate: 0.34 };
  deepStrictEqual(keptShares(await trained({ selection }, { truth })), [
    ...[1, 1, 1],
  ]);
  deepStrictEqual(keptShares(await trained({ selection })), [
    ...[0.333, 0.333, 0.333],
  ]);
  const undivided = { ...selection, norm: "all" } as const;
  deepStrictEqual(keptShares(await trained({ selection: undivided })), [
    ...[0.333, 0.333, 0.333],
  ]);
});

Deno.test("train_segmenter selects nothing before the warm-up ends", async () => {
  const selection = { rate: 0.34, warmup: 2 };
  deepStrictEqual(keptShares(await trained({ selection })), [1, 1, 0.333]);
});

/** Of the pictures, one has a mask, of which nothing is left out. */
const SEMI = {
  truth: labels(),
  lists: { "train_semi": ["c"] },
};

Deno.test("train_segmenter takes half of a mini-batch from the pictures with masks", async () => {
  const params = { selection: { rate: 0.34 }, truthSplit: "train_semi" };
  const outcome = await trained(params, SEMI);
  deepStrictEqual(keptShares(outcome), [0.667, 0.667, 0.667]);
  strictEqual(outcome.log[0], "6 pictures, 1 of them with mask");
});

Deno.test("train_segmenter takes pictures with masks in their turn from one list", async () => {
  const params: Partial<Params> = {
    selection: { rate: 0.34 },
    truthSplit: "train_semi",
    truthMix: "list",
    iterations: 6,
    batchSize: 2,
  };
  const outcome = await trained(params, SEMI);
  // Two passes over six pictures: the one with a mask comes once in each.
  deepStrictEqual(keptShares(outcome).sort(), [
    ...[0.333, 0.333, 0.333, 0.333, 0.667, 0.667],
  ]);
});

/** Rates of balls 1/3, of bars 2/3; of sub-classes the other way round. */
const RATES = ["ball", "bar"].map((className, k) => ({
  className,
  boxCount: 3,
  fillingRate: [0.34, 0.67][k]!,
  subClasses: [{ boxCount: 3, fillingRate: [0.67, 0.34][k]! }],
}));

Deno.test("train_segmenter selects by the rates of classes and of sub-classes", async () => {
  const params = { batchSize: 6, iterations: 1 };
  const shareAt = async (rate: "class" | "sub_class", isBall: boolean) => {
    // The pictures of balls alone tell the rate of balls.
    const ids = IDS.filter((_, i) => i % 2 === (isBall ? 0 : 1));
    const boxes = Object.fromEntries(ids.map((id) => [id, INPUTS.boxes[id]!]));
    const outcome = await trained({ ...params, selection: { rate } }, {
      boxes,
      "filling_rates": RATES,
      "sub_classes": each(() => [0]),
    });
    return keptShares(outcome)[0];
  };
  deepStrictEqual(
    await Promise.all([
      shareAt("class", true),
      shareAt("class", false),
      shareAt("sub_class", true),
      shareAt("sub_class", false),
    ]),
    [0.333, 0.667, 0.667, 0.333],
  );
});

Deno.test("train_segmenter starts from another head's weights, selects and teaches attention", async () => {
  const { outputs: { weights } } = await plain();
  const outcome = await trained({
    head: { kind: "bcm" },
    selection: { rate: "sub_class" },
    mask: { lambda: 0.01 },
  }, {
    "filling_rates": RATES,
    "sub_classes": each(() => [0]),
    initial: weights,
  });
  ok(outcome.log.includes("new parameters: attention/weight, attention/bias"));
  const { history } = outcome.outputs;
  ok(history.every(({ maskLoss }) => maskLoss > 0));
  ok(history[2]!.maskLoss < history[0]!.maskLoss);
  ok(keptShares(outcome).every((share) => share > 0.3 && share < 0.7));
  strictEqual(modelOf(outcome.outputs.weights).config.head.kind, "bcm");
});

Deno.test("train_segmenter says if there is no box to learn from", async () => {
  const boxes = each(() => ({ width: 24, height: 20, boxes: [] }));
  const { log } = await trained({ iterations: 1 }, { boxes });
  strictEqual(
    log[1],
    "none of the pictures has a box: without mask all is background",
  );
});

Deno.test("train_segmenter names the file of a picture that is cut short", async () => {
  const images = each((id) => IMAGES[id]!.slice(0, -200));
  await rejects(trained({}, { images }), {
    message: /^Cannot read "images\/[a-f]\.jpg" as it must be /,
  });
});

Deno.test("train_segmenter trains scores 4 px apart, which predict_scores gives", async () => {
  const outcome = await trained({
    network: { ...NETWORK, outputStride: 4 },
    selection: { rate: 0.34 },
  });
  // Of 25 cells of one box 8 are kept, of nine 3.
  deepStrictEqual(keptShares(outcome), [0.32, 0.32, 0.32]);
  const { boxes } = INPUTS;
  const { outputs } = await runStage(predictScores, {
    params: { device: "cpu" },
    inputs: { images: IMAGES, boxes, weights: outcome.outputs.weights },
  });
  deepStrictEqual(Object.keys(outputs.scores).sort(), IDS);
  for (const { data, ...size } of Object.values(outputs.scores)) {
    deepStrictEqual(
      size,
      {
        classCount: 3,
        width: 24,
        height: 20,
        outputStride: 4,
        engine: "onnxruntime-node on cpu",
      },
    );
    // Cells at 0, 4 … 24 and 0, 4 … 20.
    strictEqual(data.length, 3 * 7 * 6);
  }
});
