import { deepStrictEqual, ok, throws } from "node:assert/strict";
import { startOnnxruntimeNode } from "../../../lib/engine/onnxruntime_node.ts";
import { Graph } from "../../../lib/graph/graph.ts";
import { keptPixels } from "../../../lib/loss/filling_rate_loss.ts";
import {
  ignoredBy,
  readingsOf,
} from "../../../lib/metric/filling_rate_readings.ts";
import {
  readingCells,
  type ScoredPicture,
} from "../../../lib/metric/reading_cells.ts";
import {
  type FillingRateSelection,
  fillingRateSelection,
} from "../../../lib/train/filling_rate_selection.ts";
import { box, labelMap } from "../../drawings.ts";

// 10 × 9 px: 3 × 2 cells, of which the third column lies beyond the picture.
const ROW = "..........";
const PICTURE: ScoredPicture = {
  imageId: "a",
  scores: {
    classCount: 2,
    width: 10,
    height: 9,
    outputStride: 8,
    data: Float32Array.of(0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0),
  },
  proposal: labelMap("1.......1.", ...Array(7).fill(ROW), ".1........"),
  truth: labelMap("1.......?.", ...Array(7).fill(ROW), "1........."),
  boxes: [box(1, 0, 0, 10, 9), box(1, 8, 0, 10, 2)],
  subClassSets: { mask: [0, 2] },
};

Deno.test("readingCells takes every eighth pixel, and void beyond the picture", () => {
  const { cells, truth } = readingCells(PICTURE, 2);
  deepStrictEqual([...cells.labels], [1, 1, 255, 0, 0, 255]);
  deepStrictEqual([...truth], [1, 255, 255, 1, 0, 255]);
  deepStrictEqual([...cells.boxIndices], [0, 1, -1, 0, 0, -1]);
});

Deno.test("readingCells gives ln of the softmax of each cell", () => {
  const { cells } = readingCells(PICTURE, 2);
  const [half, sure] = [-Math.LN2, -Math.log1p(Math.exp(-2))];
  [half, sure, half, half, half, half].forEach((expected, cell) =>
    ok(Math.abs(cells.logProbabilities[6 + cell]! - expected) < 1e-7)
  );
});

Deno.test("cells are ranked as the graph ranks them, where float32 rounds", async () => {
  // Class 1 leads by 17, 17.5, 16 and 15: the graph takes the first two as one.
  const scores = {
    ...PICTURE.scores,
    data: Float32Array.of(0, 0, 0, 0, 0, 0, 17, 17.5, 0, 16, 15, 0),
  };
  const whole = labelMap("1.......1.", ...Array(7).fill(ROW), "1.......1.");
  const { cells } = readingCells({
    ...PICTURE,
    scores,
    proposal: whole,
    boxes: [box(1, 0, 0, 10, 9)],
    subClassSets: {},
  }, 2);
  const rates = { ofClasses: [0.25], global: 0.6, ofSubClasses: [] };
  const [reading] = readingsOf(rates);
  const { ignored } = ignoredBy(reading!, cells);
  const selection = fillingRateSelection(
    { ...cells, subClasses: null },
    reading!.options,
  );
  const kept = await keptByGraph(scores.data, selection);
  deepStrictEqual([...ignored], [0, 1, 0, 1, 1, 0]);
  deepStrictEqual([...kept], [1, 0, 1, 0, 0, 1]);
});

/** What the loss keeps of 3 × 2 cells, on an engine. */
async function keptByGraph(
  scores: Float32Array,
  { rankClass, group, quota, selectable }: FillingRateSelection,
): Promise<Float32Array> {
  const graph = new Graph("kept");
  const ofCells = (name: string) => graph.input(name, "float32", [1, 6]);
  const inputs = {
    rankClass: graph.input("rank_class", "float32", [1, 1, 2, 3]),
    group: ofCells("group"),
    quota: ofCells("quota"),
    selectable: ofCells("selectable"),
  };
  const input = graph.input("scores", "float32", [1, 2, 2, 3]);
  graph.output("kept", keptPixels(input, inputs, { rank: "prob" }));
  const engine = await startOnnxruntimeNode("cpu");
  const program = await engine.compile(graph);
  const feeds = { scores, "rank_class": rankClass, group, quota, selectable };
  const { kept } = await program.run(feeds);
  await program.dispose();
  return kept as Float32Array;
}

Deno.test("readingCells refuses what does not belong together", () => {
  const refused = (more: Partial<ScoredPicture>, reason: string) =>
    throws(() => readingCells({ ...PICTURE, ...more }, 2), {
      name: "RangeError",
      message: `Cannot compare labels of image "a" as ${reason}`,
    });
  refused(
    { truth: labelMap("1") },
    "its truth must be as large as its scores say: truth is 1 × 1 px, " +
      "scores are of 10 × 9 px",
  );
  refused(
    { scores: { ...PICTURE.scores, classCount: 1, data: new Float32Array(6) } },
    "its scores must be of 2 classes, background included: they are of 1",
  );
  refused(
    { subClassSets: { mask: [1] } },
    "each of its boxes must have a sub-class by mask: 2 boxes, 1 sub-classes",
  );
  refused(
    { proposal: labelMap("4.........", ...Array(8).fill(ROW)) },
    "each must be 0…1 or 255: 4",
  );
  refused(
    { boxes: [box(2, 0, 0, 1, 1), box(1, 0, 0, 1, 1)] },
    "each must be 0…1 or 255: 2",
  );
});

Deno.test("readingCells refuses a box outside its picture", () => {
  const boxes = [box(1, 0, 0, 11, 2), box(1, 0, 0, 1, 1)];
  throws(() => readingCells({ ...PICTURE, boxes }, 2), {
    name: "RangeError",
    message:
      'Cannot compare labels in box 0 of image "a" as it must be whole ' +
      "pixels of the image: box is [0, 11) × [0, 2), image is 10 × 9",
  });
});

Deno.test("readingCells takes pixels as far apart as the scores are", () => {
  const { cells, truth } = readingCells({
    ...PICTURE,
    scores: {
      classCount: 2,
      width: 10,
      height: 1,
      outputStride: 4,
      data: new Float32Array(2 * 4),
    },
    proposal: labelMap("1...1....1"),
    truth: labelMap(".1111111?."),
    boxes: [box(1, 4, 0, 10, 1)],
    subClassSets: {},
  }, 2);
  deepStrictEqual([...cells.labels], [1, 1, 0, 255]);
  deepStrictEqual([...truth], [0, 1, 255, 255]);
  deepStrictEqual([...cells.boxIndices], [-1, 0, 0, -1]);
});
