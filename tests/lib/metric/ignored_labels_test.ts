import { deepStrictEqual } from "node:assert/strict";
import {
  addIgnored,
  emptyIgnoredCounts,
  ignoredShares,
  totalIgnored,
} from "../../../lib/metric/ignored_labels.ts";

Deno.test("addIgnored counts wrong and right labels that are ignored or may be", () => {
  const counts = [emptyIgnoredCounts(), emptyIgnoredCounts()];
  addIgnored(counts, {
    //       in the box of class 1, which ranks ···· | outside
    labels: /*   */ [1, 1, 1, 1, 0, 2, 255, 1, 2, 0],
    truth: /*    */ [1, 0, 0, 2, 1, 1, 1, 255, 0, 1],
    rankClass: /**/ [1, 1, 1, 1, 1, 1, 1, 1, 0, 0],
    selectable: /**/ [1, 1, 1, 1, 0, 0, 1, 1, 0, 0],
    ignored: /*  */ [1, 1, 0, 1, 0, 0, 1, 1, 0, 0],
  });
  deepStrictEqual(counts, [{
    candidates: 4,
    wrongCandidates: 3,
    ignored: 3,
    wrongIgnored: 2,
    wrongForeground: 3,
    wrongForegroundIgnored: 2,
  }, {
    // Labelled 2 where it is not: inside a box of class 1, and outside.
    candidates: 0,
    wrongCandidates: 0,
    ignored: 0,
    wrongIgnored: 0,
    wrongForeground: 2,
    wrongForegroundIgnored: 0,
  }]);
  deepStrictEqual(ignoredShares(totalIgnored(counts)), {
    ignored: 3 / 4,
    precision: 2 / 3,
    baseRate: 3 / 4,
    recall: 2 / 5,
    lost: 1,
  });
});

Deno.test("addIgnored counts background that is ignored for the class of its box", () => {
  const counts = [emptyIgnoredCounts()];
  addIgnored(counts, {
    labels: [0, 0],
    truth: [1, 0],
    rankClass: [1, 1],
    selectable: [1, 1],
    ignored: [1, 1],
  });
  const { candidates, wrongIgnored, wrongForeground } = counts[0]!;
  deepStrictEqual([candidates, wrongIgnored, wrongForeground], [2, 1, 0]);
});

Deno.test("ignoredShares of nothing are null", () => {
  deepStrictEqual(ignoredShares(emptyIgnoredCounts()), {
    ignored: null,
    precision: null,
    baseRate: null,
    recall: null,
    lost: null,
  });
});
