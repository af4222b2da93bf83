import { strictEqual } from "node:assert";
import fc from "fast-check";
import {
  didYouMean,
  editDistance,
  listed,
  suggestion,
} from "../../../pipeline/workflow/did_you_mean.ts";

Deno.test("didYouMean finds the nearest name", () => {
  strictEqual(didYouMean("stagee", ["steps", "stage"]), "stage");
  strictEqual(didYouMean("Lambda", ["lambda"]), "lambda");
});

Deno.test("didYouMean suggests nothing far", () => {
  strictEqual(didYouMean("a", ["b"]), null);
  strictEqual(didYouMean("one", ["other"]), null);
  strictEqual(didYouMean("one", []), null);
});

Deno.test("suggestion lists what there is when nothing is near", () => {
  strictEqual(suggestion("lamda", ["lambda"]), 'did you mean "lambda"?');
  strictEqual(suggestion("x", ["one", "two"]), 'there is "one", "two"');
  strictEqual(suggestion("x", []), "there is none");
});

Deno.test("listed counts what it leaves out", () => {
  strictEqual(listed([..."abcdefghij"]), "a, b, c, d, e, f, g, h and 2 more");
});

Deno.test("didYouMean takes two swapped letters for one mistake", () => {
  strictEqual(didYouMean("texst", ["tests", "texts"]), "texts");
  strictEqual(didYouMean("wrod", ["word"]), "word");
  strictEqual(didYouMean("sede", ["seed"]), "seed");
  strictEqual(didYouMean("rtae", ["tear"]), null);
});

/** By its definition, in exponential time. */
function slowDistance(a: string, b: string): number {
  if (a === "" || b === "") return a.length + b.length;
  const [x, y, restA, restB] = [a[0], b[0], a.slice(1), b.slice(1)];
  const isSwap = x === b[1] && y === a[1];
  return Math.min(
    slowDistance(restA, b) + 1,
    slowDistance(a, restB) + 1,
    slowDistance(restA, restB) + (x === y ? 0 : 1),
    isSwap ? slowDistance(a.slice(2), b.slice(2)) + 1 : Infinity,
  );
}

Deno.test("editDistance counts insertions, removals, replacements and swaps", () => {
  const word = fc.string({ unit: fc.constantFrom(..."abc"), maxLength: 6 });
  fc.assert(fc.property(word, word, (a, b) => {
    strictEqual(editDistance(a, b), slowDistance(a, b));
  }));
});
