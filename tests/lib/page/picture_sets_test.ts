import { deepStrictEqual } from "node:assert/strict";
import type { PageItems, PageStep } from "../../../lib/page/page_source.ts";
import { pictureSets } from "../../../lib/page/picture_sets.ts";

/** A step of which only what tells sets and layers apart is said. */
function step(
  stage: string,
  name: string,
  axes: Record<string, string> = {},
): PageStep {
  const labels = Object.entries(axes).map((pair) => pair.join("="));
  return {
    id: labels.length === 0 ? name : `${name}[${labels}]`,
    name,
    axes,
    stage,
    version: 1,
    state: "run",
    fingerprint: null,
    params: stage === "index_voc" ? { split: name } : {},
    seed: 0,
    inputs: {},
    origins: {},
    code: null,
    outputs: {},
    metrics: {},
    seconds: null,
    peakMemoryBytes: null,
    message: null,
  };
}

function items(ids: readonly string[]): PageItems {
  return {
    ids,
    has: (id) => ids.includes(id),
    path: (id) => id,
    read: () => Promise.resolve(null),
  };
}

/** A run of some steps, each with the ids of its items. */
function runOf(steps: readonly (readonly [PageStep, readonly string[]])[]) {
  const ids = new Map(steps.map(([{ id }, ids]) => [id, ids]));
  const none = (): never => {
    throw new RangeError("Cannot read as it must be there: it is not");
  };
  return {
    stepsOf: (stage: string) =>
      steps.map(([step]) => step).filter((step) => step.stage === stage),
    value: () => Promise.resolve(["cat"]),
    items: (id: string) => items(ids.get(id) ?? none()),
    inputItems: none,
  };
}

Deno.test("labels belong to the smallest list that has all their pictures", async () => {
  const sets = await pictureSets(runOf([
    [step("index_voc", "train"), ["a", "b", "c"]],
    [step("index_voc", "sample"), ["a", "b"]],
    [step("index_voc", "val"), ["d"]],
    [step("index_voc", "unused"), ["e"]],
    [step("draw_rectangle_labels", "rectangles"), ["a", "b", "c"]],
    [step("propose_segments", "proposals"), ["a", "b", "c"]],
    [step("propose_segments", "tried"), ["a", "b"]],
    [step("label_from_scores", "elsewhere"), ["x"]],
    [step("label_from_scores", "plain"), ["d"]],
  ]));
  deepStrictEqual(
    sets.map(({ title, layers }) => [title, ...layers.map((it) => it.title)]),
    [
      ["train", "rectangles", "proposals"],
      ["sample", "tried"],
      ["val", "plain, no CRF"],
    ],
  );
});

Deno.test("labels with and without CRF stand together, of the first seed", async () => {
  const of = (stage: string, name: string, variant: string, seed: string) =>
    [step(stage, name, { seed, variant }), ["a"]] as const;
  const [set] = await pictureSets(runOf([
    [step("index_voc", "val"), ["a"]],
    of("label_from_scores", "plain", "bcm", "1"),
    of("label_from_scores", "plain", "bcm", "2"),
    of("label_from_scores", "plain", "full", "1"),
    of("refine_with_crf", "crf", "bcm", "1"),
    of("refine_with_crf", "crf", "bcm", "2"),
  ]));
  deepStrictEqual(set!.layers.map(({ key, title }) => [key, title]), [
    ["plain-seed-1-variant-bcm", "bcm, no CRF"],
    ["crf-seed-1-variant-bcm", "bcm, with CRF"],
    ["plain-seed-1-variant-full", "full, no CRF"],
  ]);
  deepStrictEqual(set!.notes, [
    "Labels of models are those of seed 1, of 2 seeds.",
  ]);
});

Deno.test("layers that would have one title are called by their steps", async () => {
  const axes = { variant: "bcm" };
  const [set] = await pictureSets(runOf([
    [step("index_voc", "val"), ["a"]],
    [step("label_from_scores", "large", axes), ["a"]],
    [step("label_from_scores", "small", axes), ["a"]],
  ]));
  deepStrictEqual(
    set!.layers.map(({ title }) => title),
    ["large[variant=bcm]", "small[variant=bcm]"],
  );
});

Deno.test("layers have keys of their own, whatever their steps are called", async () => {
  const of = (variant: string) =>
    [step("label_from_scores", "l", { variant }), ["a"]] as const;
  const [set] = await pictureSets(runOf([
    [step("index_voc", "val"), ["a"]],
    of("0.1"),
    of("0/1"),
    of("A"),
    of("a"),
  ]));
  deepStrictEqual(set!.layers.map(({ key }) => key), [
    "l-variant-0-1",
    "l-variant-0-1-1",
    "l-variant-A",
    "l-variant-a-3",
  ]);
});
