import { deepStrictEqual, throws } from "node:assert/strict";
import {
  type KnownRates,
  selectionRates,
} from "../../../lib/train/selection_rates.ts";

const KNOWN: KnownRates = {
  measured: [
    {
      className: "ball",
      fillingRate: 0.75,
      subClasses: [{ fillingRate: 0.5 }, { fillingRate: 1 }],
    },
    { className: "bar", fillingRate: null, subClasses: [] },
  ],
  hasSubClasses: true,
  classNames: ["ball", "bar"],
};

Deno.test("selectionRates takes rates of classes or of sub-classes", () => {
  deepStrictEqual(selectionRates("class", KNOWN), {
    kind: "class",
    rates: [0.75, null],
  });
  deepStrictEqual(selectionRates("sub_class", KNOWN), {
    kind: "subClass",
    rates: [[0.5, 1], []],
  });
});

Deno.test("selectionRates needs no measure of one rate for all", () => {
  const known = { measured: null, hasSubClasses: false, classNames: ["ball"] };
  deepStrictEqual(selectionRates(0.6, known), { kind: "global", rate: 0.6 });
});

Deno.test("selectionRates refuses rates that were not measured", () => {
  throws(() => selectionRates("class", { ...KNOWN, measured: null }), {
    name: "RangeError",
    message: "Cannot select pixels by the filling rate of their class as " +
      "filling rates must be given: there are none",
  });
});

Deno.test("selectionRates refuses sub-classes that are not known", () => {
  const known = { ...KNOWN, hasSubClasses: false };
  throws(() => selectionRates("sub_class", known), {
    name: "RangeError",
    message: "Cannot select pixels by the filling rate of their sub-class as " +
      "sub-classes of the boxes must be given: there are none",
  });
});

Deno.test("selectionRates refuses rates of other classes", () => {
  const known = { ...KNOWN, classNames: ["bar", "ball"] };
  throws(() => selectionRates("class", known), {
    name: "RangeError",
    message: "Cannot select pixels by the filling rate of their class as " +
      "rates must be of bar, ball: they are of ball, bar",
  });
});
