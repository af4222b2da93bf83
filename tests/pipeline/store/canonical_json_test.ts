import { strictEqual, throws } from "node:assert/strict";
import fc from "fast-check";
import { canonicalJson } from "../../../pipeline/store/canonical_json.ts";

Deno.test("canonicalJson is the same whatever the order of keys", () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (object) => {
      const turned = Object.fromEntries(Object.entries(object).reverse());
      strictEqual(canonicalJson(turned), canonicalJson(object));
    }),
    { seed: 1 },
  );
});

Deno.test("canonicalJson can be read as JSON", () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const text = canonicalJson(value);
      strictEqual(canonicalJson(JSON.parse(text)), text);
    }),
    { seed: 1 },
  );
});

Deno.test("canonicalJson refuses what it could not tell apart", () => {
  for (const value of [NaN, undefined, new Date(0), new Map(), /x/]) {
    throws(() => canonicalJson({ value: [value] }), {
      name: "TypeError",
      message: "Cannot write canonical JSON as every value must be JSON: " +
        String(value),
    });
  }
});
