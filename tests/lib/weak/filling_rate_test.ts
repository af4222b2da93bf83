import { deepStrictEqual, throws } from "node:assert/strict";
import {
  boxShares,
  meanFillingRates,
  meanSubClassFillingRates,
} from "../../../lib/weak/filling_rate.ts";
import { box, labelMap } from "../../drawings.ts";

const proposal = labelMap(
  "11....",
  "11..?.",
  "..1..2",
  "......",
);
const whole = box(1, 0, 0, 6, 4); //  5 of 24 pixels filled
const corner = box(1, 0, 0, 2, 2); // 4 of 4 pixels filled

Deno.test("boxShares counts the pixels of the box's class, not void or others", () => {
  const right = box(2, 4, 1, 6, 3); // 1 of 4
  deepStrictEqual(boxShares(proposal, [whole, corner, right]), [
    5 / 24,
    1,
    1 / 4,
  ]);
});

Deno.test("boxShares by class counts pixels of another box of the class", () => {
  deepStrictEqual(
    boxShares(proposal, [whole, corner], { frOwnership: "class" }),
    boxShares(proposal, [whole, corner]),
  );
});

Deno.test("boxShares by box leaves those pixels to the box on top", () => {
  const shares = boxShares(proposal, [whole, corner], { frOwnership: "box" });
  deepStrictEqual(shares, [1 / 24, 1]);
});

Deno.test("boxShares by box looks at boxes of the same class only", () => {
  // On top of both, but of another class.
  const over = box(2, 0, 0, 1, 2);
  const shares = boxShares(proposal, [over, whole, corner], {
    frOwnership: "box",
  });
  deepStrictEqual(shares, [0, 1 / 24, 1]);
});

Deno.test("boxShares refuses a box outside the proposal", () => {
  throws(() => boxShares(proposal, [whole, box(1, 0, 0, 6, 5)]), {
    name: "RangeError",
    message: "Cannot measure how far box 1 is filled as it must be whole " +
      "pixels of the image: box is [0, 6) × [0, 5), image is 6 × 4",
  });
});

Deno.test("meanFillingRates weighs every box alike, whatever its area", () => {
  // Pooled over pixels it would be 9 / 28.
  const shares = boxShares(proposal, [whole, corner]);
  deepStrictEqual(
    meanFillingRates(shares.map((share) => ({ classId: 1, share })), 2),
    [(5 / 24 + 1) / 2, null],
  );
});

Deno.test("meanSubClassFillingRates averages within class and sub-class", () => {
  const shares = [
    { classId: 1, subClass: 0, share: 0.75 },
    { classId: 2, subClass: 0, share: 0.5 },
    { classId: 2, subClass: 2, share: 0.25 },
    { classId: 2, subClass: 2, share: 0.75 },
  ];
  deepStrictEqual(
    meanSubClassFillingRates(shares, { classCount: 2, subClassCount: 3 }),
    [[0.75, null, null], [0.5, null, 0.5]],
  );
});

Deno.test("meanFillingRates refuses classes and shares out of range", () => {
  throws(() => meanFillingRates([{ classId: 0, share: 1 }], 20), {
    name: "RangeError",
    message: "Cannot average filling rates as a class must be a whole number " +
      "1…20: 0",
  });
  throws(() => meanFillingRates([{ classId: 1, share: 50.6 }], 20), {
    name: "RangeError",
    message: "Cannot average filling rates as a share must be 0…1: 50.6",
  });
  const shares = [{ classId: 1, subClass: 3, share: 1 }];
  throws(
    () => meanSubClassFillingRates(shares, { classCount: 1, subClassCount: 3 }),
    {
      name: "RangeError",
      message: "Cannot average filling rates as a sub-class must be a whole " +
        "number 0…2: 3",
    },
  );
});
