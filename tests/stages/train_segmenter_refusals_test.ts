/** What `train_segmenter` says before it starts a training that cannot be meant. */
import { rejects, strictEqual } from "node:assert/strict";
import { trainSegmenter } from "../../stages/train_segmenter.ts";
import {
  INPUTS,
  type Inputs,
  labels,
  type Params,
  trained,
} from "./tiny_training.ts";

async function assertRefused(
  { params = {}, inputs = {} }: {
    params?: Partial<Params>;
    inputs?: Partial<Inputs>;
  },
  message: string,
): Promise<void> {
  await rejects(trained(params, inputs), { name: "RangeError", message });
}

Deno.test("train_segmenter refuses params that contradict each other", () => {
  const { success, error } = trainSegmenter.params.safeParse({
    name: "tiny",
    network: { kind: "largefov" },
    mask: { lambda: 0.01 },
    iterations: 1,
    batchSize: 3,
    shardSize: 2,
    cropSizePx: 17,
    schedule: { kind: "poly", rate: 0.1 },
  });
  strictEqual(success, false);
  strictEqual(
    error!.issues.map(({ path, message }) => `${path}: ${message}`).join("\n"),
    "batchSize: must be a multiple of shardSize 2\n" +
      "mask: must be null as head plain has no attention to teach",
  );
});

Deno.test("train_segmenter refuses to learn from no pictures", async () => {
  await assertRefused(
    { inputs: { boxes: {} } },
    "Cannot train as there must be a picture to learn from: there is none",
  );
});

Deno.test("train_segmenter names all pictures without pixels, mask or labels", async () => {
  const { a: _a, b: _b, ...rest } = labels();
  const { c: _c, ...images } = INPUTS.images;
  const params = { truthSplit: "train_semi" };
  const lists = { "train_semi": ["a", "d", "x"] };
  const inputs = { images, labels: rest, truth: rest, lists };
  await assertRefused(
    { params, inputs },
    "Cannot train as all that is learnt from must be there:\n" +
      "  1 listed picture without boxes: x\n" +
      "  1 picture without pixels: c\n" +
      "  1 picture without a mask: a\n" +
      "  1 picture without labels: b",
  );
});

Deno.test("train_segmenter refuses masks and labels for all pictures", async () => {
  await assertRefused(
    { inputs: { labels: labels(), truth: labels() } },
    "Cannot learn from masks as param truthSplit must list the pictures that " +
      'have one where others have labels: inputs "truth" and "labels" are ' +
      "given, it is null",
  );
});

Deno.test("train_segmenter refuses a list of masks without masks, or without the list", async () => {
  const params = { truthSplit: "train_semi" };
  const must = 'Cannot learn from masks as list "train_semi" must be among ' +
    "the lists, and masks given: ";
  const truth = labels();
  const lists = { train: ["a"], val: ["b"] };
  const refused = (inputs: Partial<Inputs>, found: string) =>
    assertRefused({ params, inputs }, must + found);
  await refused({ lists }, 'input "truth" is left out');
  await refused({ truth }, 'input "lists" is left out');
  await refused({ truth, lists }, "there are train, val");
});

Deno.test("train_segmenter refuses to select by rates that it is not given", async () => {
  const rates = ["ball", "bar"].map((className) => (
    { className, boxCount: 0, fillingRate: null, subClasses: [] }
  ));
  await assertRefused(
    { params: { selection: { rate: "class" } } },
    "Cannot select pixels by the filling rate of their class as filling " +
      "rates must be given: there are none",
  );
  const ofSubClasses = { selection: { rate: "sub_class" } } as const;
  await assertRefused(
    { params: ofSubClasses, inputs: { "filling_rates": rates } },
    "Cannot select pixels by the filling rate of their sub-class as " +
      "sub-classes of the boxes must be given: there are none",
  );
  await assertRefused(
    {
      params: ofSubClasses,
      inputs: { "filling_rates": rates, "sub_classes": { a: [0], b: [2] } },
    },
    "Cannot train as all that is learnt from must be there:\n" +
      "  4 pictures without a sub-class for each box: c, d, e, f\n" +
      "  2 sub-classes without a filling rate: ball 0, bar 2",
  );
});

Deno.test("train_segmenter refuses weights of another network and other classes", async () => {
  const params = { iterations: 1 };
  const { outputs: { weights: initial } } = await trained(params);
  await assertRefused(
    {
      params: { network: { kind: "mobilenet_v2", width: 0.25 } },
      inputs: { classes: ["ball", "bar", "blob"], initial },
    },
    "Cannot start from weights as they must be of the network and classes to " +
      "train:\n  network is largefov, must be mobilenet_v2\n" +
      "  classes are ball, bar, must be ball, bar, blob",
  );
});

Deno.test("train_segmenter refuses halves of a mini-batch of one picture", async () => {
  const params = { batchSize: 1, shardSize: 1, truthSplit: "train_semi" };
  const inputs = { truth: labels(), lists: { "train_semi": ["a"] } };
  await assertRefused(
    { params, inputs },
    "Cannot order samples as one or two sets must each have samples and a " +
      "slot of the mini-batch: 1 slots, sets of 1 and 5 samples",
  );
});
