import { deepStrictEqual, rejects, strictEqual } from "node:assert/strict";
import { compareScores } from "../../../lib/compare/compare_scores.ts";
import { countImage } from "../../../lib/compare/image_counts.ts";
import { imageFlips } from "../../../lib/compare/image_flips.ts";
import type { RunSide, ScoredStep } from "../../../lib/compare/scored_pair.ts";
import { labelMap } from "../../drawings.ts";
import type { LabelMap } from "../../../lib/label/label_map.ts";

const TRUTH = {
  x: labelMap("..", "11"),
  y: labelMap(".1", "?1"),
};

type Maps = Readonly<Record<string, LabelMap>>;

/** A run that has some folders of label maps. */
function side(folders: Readonly<Record<string, Maps>>): RunSide {
  return {
    inputItems(_, input) {
      const maps = folders[input];
      if (maps === undefined) return { ok: false, why: `no ${input}` };
      const value = {
        ids: Object.keys(maps),
        has: (id: string) => id in maps,
        read: (id: string) => Promise.resolve(maps[id]),
      };
      return { ok: true, value };
    },
    value: () =>
      Promise.resolve({ ok: true, value: { classes: ["background", "cat"] } }),
  };
}

function scored(of: Partial<ScoredStep> & { labels: string }): ScoredStep {
  return {
    id: "scores",
    stage: "score_labels",
    inputs: { labels: of.labels, truth: "masks" },
    metrics: {},
    ...of,
  };
}

const A = { x: labelMap("..", "11"), y: labelMap("..", "..") };
const B = { x: labelMap("..", "1."), y: labelMap(".1", ".1") };

/** Sections about steps `scores` of two sides. */
async function sections(
  a: RunSide,
  b: RunSide,
  of: {
    a?: Partial<ScoredStep>;
    b?: Partial<ScoredStep>;
    isSummary?: boolean;
  } = {},
) {
  const found = await compareScores({
    a,
    b,
    pairs: [{
      name: "scores",
      a: scored({ labels: "of A", ...of.a }),
      b: scored({ labels: "of B", ...of.b }),
    }],
    seed: 1,
    isSummary: of.isSummary ?? false,
  });
  return { classes: found[0]!, images: found[1]! };
}

Deno.test("compareScores tells of images by hand: IoUs, flips and the interval", async () => {
  const { images } = await sections(
    side({ labels: A, truth: TRUTH }),
    side({ labels: B }),
  );
  deepStrictEqual(images.lines, []);
  const [summary, changes] = images.tables;
  // Of A: x right, y all background: IoUs 3 / 5 and 2 / 4.
  // Of B: one pixel of x wrong: 3 / 4 and 3 / 4.
  deepStrictEqual(summary!.rows[0]!.slice(0, 4), [
    "scores",
    "55.0",
    "75.0",
    "+20.00",
  ]);
  deepStrictEqual(summary!.rows[0]!.slice(5), [
    "1",
    "1",
    "0",
    "28.57",
    "14.29",
  ]);
  deepStrictEqual(changes!.rows, [
    ["scores", "y", "16.7", "100.0", "+83.3"],
    ["scores", "x", "100.0", "58.3", "-41.7"],
  ]);
});

Deno.test("compareScores says what is not known, and why", async () => {
  const whole = side({ labels: A, truth: TRUTH });
  const lines = async (...of: Parameters<typeof sections>) =>
    (await sections(...of)).images.lines;
  const not = (why: string) => [`Not known of scores: ${why}`];
  deepStrictEqual(await lines(side({}), whole), not("of A, no labels"));
  deepStrictEqual(await lines(whole, side({})), not("of B, no labels"));
  const labels = side({ labels: A });
  deepStrictEqual(await lines(labels, labels), not("of the truth, no truth"));
  deepStrictEqual(
    await lines(whole, side({ labels: { x: A.x } })),
    not("they are of unlike images"),
  );
  const unlike = { inputs: { labels: "of B", truth: "other masks" } };
  deepStrictEqual(
    await lines(whole, whole, { b: unlike }),
    not("they were scored against unlike truths"),
  );
  const more = { inputs: { labels: "of B", truth: "masks", classes: "of B" } };
  deepStrictEqual(
    await lines(whole, whole, { b: more }),
    not("they were scored with unlike classes"),
  );
  const same = { inputs: { labels: "of A", truth: "masks" } };
  deepStrictEqual(await lines(side({}), side({}), { b: same }), [
    "Same label maps: 1 of 1",
  ]);
  deepStrictEqual(await lines(whole, whole, { isSummary: true }), [
    "Left out, as --summary asks",
  ]);
});

Deno.test("compareScores tells of each class what the metrics tell", async () => {
  const none = side({});
  const { classes } = await sections(none, none, {
    a: { metrics: { "p.iou.cat": 0.5, "p.iou.dog": 0.25, "p.mean_iou": 1 } },
    b: { metrics: { "p.iou.cat": 0.5, "p.iou.cow": 0.75 } },
  });
  deepStrictEqual(classes.lines, ["1 of 3 are the same"]);
  deepStrictEqual(classes.tables[0]!.rows, [
    ["scores", "dog", "25.0", "–", "–"],
    ["scores", "cow", "–", "75.0", "–"],
  ]);
});

Deno.test("compareScores has nothing to say of runs that score nothing", async () => {
  const none = side({});
  const step = { ...scored({ labels: "l" }), stage: "other" };
  const pairs = [{ name: "s", a: step, b: step }, {
    name: "t",
    a: step,
    b: null,
  }];
  const runs = { a: none, b: none, pairs, seed: 1, isSummary: false };
  deepStrictEqual(await compareScores(runs), []);
});

Deno.test("label maps of another size than their truth are refused by name", async () => {
  const wrong = side({ labels: { ...A, y: labelMap("...") }, truth: TRUTH });
  await rejects(sections(wrong, wrong), {
    message: 'Cannot score image "y" as its prediction must be as large as ' +
      "its ground truth: prediction is 3 × 1 px, ground truth is 2 × 2 px",
  });
});

Deno.test("countImage leaves void out and counts pixels that change sides", () => {
  const counts = countImage({
    imageId: "x",
    truth: labelMap("..11?"),
    a: labelMap(".1.11"),
    b: labelMap("..1.1"),
  }, 2);
  deepStrictEqual(
    [counts.pixels, counts.newlyRight, counts.newlyWrong],
    [4, 2, 1],
  );
  strictEqual(counts.meanIouA, 1 / 3);
  strictEqual(counts.meanIouB, (2 / 3 + 1 / 2) / 2);
});

Deno.test("imageFlips counts an image without anything to score as the same", () => {
  const of = (
    imageId: string,
    meanIouA: number | null,
    meanIouB: number | null,
  ) => (
    { imageId, meanIouA, meanIouB, pixels: 4, newlyRight: 0, newlyWrong: 1 }
  );
  deepStrictEqual(
    imageFlips([of("x", null, null), of("y", 0.5, 0.5), of("z", 0.5, 0.25)]),
    {
      images: 3,
      better: 0,
      worse: 1,
      same: 2,
      pixels: 12,
      newlyRight: 0,
      newlyWrong: 3,
      changes: [{ imageId: "z", a: 0.5, b: 0.25 }],
    },
  );
});
