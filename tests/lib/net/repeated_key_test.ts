import { strictEqual } from "node:assert/strict";
import { repeatedKey } from "../../../lib/net/repeated_key.ts";

Deno.test("repeatedKey finds keys of one object only, at any depth", () => {
  strictEqual(repeatedKey('{"a": {"b": 1}, "b": [{"b": 1}, {"b": 2}]}'), null);
  strictEqual(repeatedKey('{"a": [{"b": 1, "c": {}, "b": 2}]}'), "b");
});

Deno.test("repeatedKey is not misled by strings", () => {
  strictEqual(repeatedKey('{"a": "\\"b\\": {", "b": "b", "{": 1}'), null);
  strictEqual(repeatedKey('{"a\\\\": 1, "b": "\\\\", "b": 2}'), "b");
  strictEqual(repeatedKey('{"\\"": 1, "\\u0022": 2}'), '"');
});

Deno.test("repeatedKey ends where a string does not", () => {
  strictEqual(repeatedKey('{"a": "b'), null);
});

Deno.test("repeatedKey is not stopped by long strings, of whatever they are", () => {
  for (const piece of ["a", '"', "\\", "\n", 'a"', '\\"', "{"]) {
    const text = piece.repeat(5e6 / piece.length);
    strictEqual(repeatedKey(JSON.stringify({ a: text, b: text })), null);
  }
  const long = "a".repeat(2e7);
  strictEqual(repeatedKey(`{"b": "${long}", "b": 1}`), "b");
});
