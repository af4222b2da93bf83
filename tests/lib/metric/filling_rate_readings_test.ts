import { deepStrictEqual, ok } from "node:assert/strict";
import {
  ignoredBy,
  leastSure,
  type ReadingCells,
  readingsOf,
} from "../../../lib/metric/filling_rate_readings.ts";
import { box } from "../../drawings.ts";

// Ten cells in a row: box A of class 1 over six, box B of class 1 over four.
//              A-------------------  B-----------
const LABELS = [1, 1, 0, 1, 1, 0, /**/ 1, 1, 1, 1];
const SURE = [.9, .8, .7, .2, .1, .3, .6, .5, .4, .05];
const CELLS: ReadingCells = {
  labels: Int32Array.from(LABELS),
  boxIndices: Int32Array.of(0, 0, 0, 0, 0, 0, 1, 1, 1, 1),
  boxes: [box(1, 0, 0, 6, 1), box(1, 6, 0, 10, 1)],
  subClassSets: { shape: [0, 1] },
  logProbabilities: Float32Array.from(
    [...SURE.map((p) => 1 - p), ...SURE],
    Math.log,
  ),
  // The opposite order, so that a mix-up shows.
  scores: Float32Array.from([...SURE, ...SURE.map((p) => -p)]),
};

/** `x` where a reading ignores a cell; `rate` is that of class 1. */
function ignored(name: string, rate = 0.5): string {
  const readings = readingsOf({
    ofClasses: [rate],
    global: 0.6,
    ofSubClasses: [{ name: "shape", rates: [[0.34, 1]] }],
  });
  const reading = readings.find((each) => each.name === name)!;
  return drawn(ignoredBy(reading, CELLS).ignored);
}

function drawn(cells: Uint8Array): string {
  return [...cells].map((one) => one === 1 ? "x" : ".").join("");
}

Deno.test("the default reading keeps the surest half of all boxes together", () => {
  // Of ten, five are kept: .9 .8 .7 .6 .5.
  deepStrictEqual(ignored("fr"), "...xx...xx");
});

Deno.test("domain proposal takes the rate of labelled cells only", () => {
  // Of ten cells seven are kept, two of them background; of eight labelled, six.
  deepStrictEqual(ignored("fr", 0.76), "...xx....x");
  deepStrictEqual(ignored("domain_proposal", 0.76), "....x....x");
});

Deno.test("each box alone keeps its share of each", () => {
  // Together six of ten; alone three of six and two of four.
  deepStrictEqual(ignored("fr", 0.6), "...xx....x");
  deepStrictEqual(ignored("group_box", 0.6), "...xx...xx");
});

Deno.test("ranking by score takes the scores, not the probabilities", () => {
  deepStrictEqual(ignored("rank_logit"), "xx....xx..");
});

Deno.test("ignoring background too leaves out all that ranks low", () => {
  deepStrictEqual(ignored("ignore_box"), "...xxx..xx");
});

Deno.test("the floor keeps as many as are labelled", () => {
  // Eight of ten are labelled: .9 … .2 are kept.
  deepStrictEqual(ignored("floor_proposal"), "....x....x");
});

Deno.test("Global keeps its share of every class", () => {
  // Six of ten.
  deepStrictEqual(ignored("global"), "...xx....x");
});

Deno.test("Refine keeps the share of each sub-class", () => {
  // Two of six, and all of four.
  deepStrictEqual(ignored("refine_shape"), "...xx.....");
});

Deno.test("leastSure ignores what is least sure whatever the box", () => {
  const of = (count: number) => leastSure(CELLS, count);
  deepStrictEqual(drawn(of(2).ignored), "....x....x");
  deepStrictEqual(drawn(of(3).ignored), "...xx....x");
  // Background is never ignored.
  deepStrictEqual(drawn(of(99).ignored), "xx.xx.xxxx");
  ok([...of(1).selectable].join("") === LABELS.join(""));
});
