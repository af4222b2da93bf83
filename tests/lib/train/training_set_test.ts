import { deepStrictEqual, throws } from "node:assert/strict";
import {
  trainingSet,
  type TrainingSources,
} from "../../../lib/train/training_set.ts";
import { box } from "../../drawings.ts";

const ALL = { has: () => true };
const NONE = { has: () => false };

/** Pictures a…d, of which c and d have masks; a ball in each, a bar in b. */
function sources(changed: Partial<TrainingSources> = {}): TrainingSources {
  const ball = box(1, 0, 0, 4, 4);
  const bar = box(2, 2, 2, 6, 4);
  return {
    boxes: new Map([
      ["a", [ball]],
      ["b", [ball, bar]],
      ["c", [ball]],
      ["d", [ball]],
    ]),
    images: ALL,
    labels: ALL,
    masks: new Set(["c", "d"]),
    maskedIds: ["d", "c"],
    subClasses: null,
    rates: null,
    classNames: ["ball", "bar"],
    mix: "halves",
    ...changed,
  };
}

function refusal(...gaps: string[]): { name: string; message: string } {
  const lines = gaps.map((gap) => `\n  ${gap}`).join("");
  return {
    name: "RangeError",
    message: `Cannot train as all that is learnt from must be there:${lines}`,
  };
}

Deno.test("trainingSet keeps the order of the boxes and tells masks apart", () => {
  const { samples } = trainingSet(sources());
  deepStrictEqual(
    samples.map(({ id, isTruth }) => [id, isTruth]),
    [["a", false], ["b", false], ["c", true], ["d", true]],
  );
  deepStrictEqual(samples[1]!.boxes, sources().boxes.get("b"));
});

Deno.test("trainingSet draws halves from two sets, a list from one", () => {
  deepStrictEqual(trainingSet(sources()).sets, [[2, 3], [0, 1]]);
  deepStrictEqual(trainingSet(sources({ mix: "list" })).sets, [[0, 1, 2, 3]]);
});

Deno.test("trainingSet has no halves where all pictures have masks, or none", () => {
  const all = [0, 1, 2, 3];
  const maskedIds = ["a", "b", "c", "d"];
  deepStrictEqual(
    trainingSet(sources({ masks: ALL, maskedIds })).sets,
    [all],
  );
  deepStrictEqual(
    trainingSet(sources({ masks: null, maskedIds: [] })).sets,
    [all],
  );
});

Deno.test("trainingSet asks for no labels where masks or rectangles are learnt", () => {
  const maskedIds = ["a", "b", "c", "d"];
  trainingSet(sources({ labels: NONE, masks: ALL, maskedIds }));
  trainingSet(sources({ labels: null, masks: null, maskedIds: [] }));
});

Deno.test("trainingSet gives each sample its sub-classes", () => {
  const subClasses = { a: [2], b: [0, 1] };
  const { samples } = trainingSet(sources({ subClasses }));
  deepStrictEqual(
    samples.map((sample) => sample.subClasses),
    [[2], [0, 1], null, null],
  );
});

Deno.test("trainingSet refuses to learn from nothing", () => {
  throws(() => trainingSet(sources({ boxes: new Map() })), {
    name: "RangeError",
    message:
      "Cannot train as there must be a picture to learn from: there is none",
  });
});

Deno.test("trainingSet tells all that is missing at once", () => {
  const given = sources({
    images: new Set(["b", "c", "d"]),
    labels: new Set(["a"]),
    masks: NONE,
    maskedIds: ["c", "d", "x"],
  });
  throws(
    () => trainingSet(given),
    refusal(
      "1 listed picture without boxes: x",
      "1 picture without pixels: a",
      "2 pictures without a mask: c, d",
      "1 picture without labels: b",
    ),
  );
});

Deno.test("trainingSet names ten pictures and counts the rest", () => {
  const boxes = new Map(Array.from({ length: 13 }, (_, i) => [`p${i}`, []]));
  throws(
    () => trainingSet(sources({ boxes, labels: NONE, maskedIds: [] })),
    refusal(
      "13 pictures without labels: p0, p1, p2, p3, p4, p5, p6, p7, p8, p9 " +
        "and 3 more",
    ),
  );
});

Deno.test("trainingSet refuses a class of some box without a filling rate", () => {
  const rates = (...rates: (number | null)[]) =>
    ({ rates: { kind: "class", rates } }) as const;
  trainingSet(sources(rates(0.5, 0)));
  throws(
    () => trainingSet(sources(rates(0.5, null))),
    refusal("1 class without a filling rate: bar"),
  );
  throws(
    () => trainingSet(sources(rates())),
    refusal("2 classes without a filling rate: ball, bar"),
  );
});

Deno.test("trainingSet asks for no rate of a class that has no box without a mask", () => {
  const rates = { kind: "class", rates: [0.5, null] } as const;
  const masks = new Set(["b"]);
  trainingSet(sources({ rates, masks, maskedIds: ["b"] }));
});

Deno.test("trainingSet refuses boxes without a sub-class, and sub-classes without a rate", () => {
  const rates = { kind: "subClass", rates: [[0.5, null], [1]] } as const;
  const of = (subClasses: Record<string, number[]> | null) => () =>
    trainingSet(sources({ rates, subClasses }));
  of({ a: [0], b: [0, 0] })();
  throws(
    of({ a: [0], b: [0] }),
    refusal("1 picture without a sub-class for each box: b"),
  );
  throws(
    of(null),
    refusal("2 pictures without a sub-class for each box: a, b"),
  );
  throws(
    of({ a: [1], b: [1, 3] }),
    refusal("2 sub-classes without a filling rate: ball 1, bar 3"),
  );
});
