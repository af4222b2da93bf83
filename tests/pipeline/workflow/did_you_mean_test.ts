import { strictEqual } from "node:assert";
import fc from "fast-check";
import { distance } from "fastest-levenshtein";
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

Deno.test("editDistance is that of fastest-levenshtein", () => {
  const word = fc.string({ unit: fc.constantFrom(..."abc"), maxLength: 8 });
  fc.assert(fc.property(word, word, (a, b) => {
    strictEqual(editDistance(a, b), distance(a, b));
  }));
});
