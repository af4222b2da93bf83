import { strictEqual } from "node:assert";
import { describeValue, quote } from "../../../pipeline/workflow/wording.ts";

Deno.test("quote escapes what could steer a terminal and cuts the end", () => {
  strictEqual(quote("a\u001b[0m\nb"), '"a\\u001b[0m\\u000ab"');
  strictEqual(quote("x".repeat(100)), `"${"x".repeat(80)}…"`);
});

Deno.test("describeValue shows scalars and the type of the rest", () => {
  strictEqual(describeValue("a"), '"a"');
  strictEqual(describeValue(1.5), "1.5");
  strictEqual(describeValue(null), "null");
  strictEqual(describeValue([1]), "a list");
  strictEqual(describeValue({}), "a map");
  strictEqual(describeValue(undefined), "missing");
});
