import { strictEqual } from "node:assert/strict";
import { repeatedKey } from "../../../lib/net/repeated_key.ts";

Deno.test("repeatedKey finds keys of one object only, at any depth", () => {
  strictEqual(repeatedKey('{"a": {"b": 1}, "b": [{"b": 1}, {"b": 2}]}'), null);
  strictEqual(repeatedKey('{"a": [{"b": 1, "c": {}, "b": 2}]}'), "b");
});

Deno.test("repeatedKey is not misled by strings", () => {
  strictEqual(repeatedKey('{"a": "\\"b\\": {", "b": "b", "{": 1}'), null);
});
