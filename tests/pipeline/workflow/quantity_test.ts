import { strictEqual } from "node:assert";
import {
  toBytes,
  toMilliseconds,
} from "../../../pipeline/workflow/quantity.ts";

Deno.test("toBytes tells thousands from 1024s", () => {
  strictEqual(toBytes("8GiB"), 8 * 1024 ** 3);
  strictEqual(toBytes("8GB"), 8e9);
  strictEqual(toBytes("1.5KiB"), 1536);
  strictEqual(toBytes(1500), 1500);
});

Deno.test("toMilliseconds takes plain numbers as seconds", () => {
  strictEqual(toMilliseconds(2), 2000);
  strictEqual(toMilliseconds("15m"), 900_000);
  strictEqual(toMilliseconds("1.5h"), 5_400_000);
  strictEqual(toMilliseconds("250ms"), 250);
});
