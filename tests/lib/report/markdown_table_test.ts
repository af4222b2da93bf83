import { strictEqual } from "node:assert/strict";
import { markdownTable, percent } from "../../../lib/report/markdown_table.ts";

Deno.test("markdownTable sets all columns right but the first", () => {
  const table = markdownTable(["a", "b", "c"], [["x", "1", "2"]]);
  strictEqual(
    table,
    `| a | b | c |
| --- | ---: | ---: |
| x | 1 | 2 |
`,
  );
});

Deno.test("markdownTable without rows is its head", () => {
  strictEqual(markdownTable(["a"], []), "| a |\n| --- |\n");
});

Deno.test("markdownTable keeps bars and line feeds from breaking a cell", () => {
  strictEqual(
    markdownTable(["a"], [["x|y\nz"]]),
    "| a |\n| --- |\n| x\\|y z |\n",
  );
});

Deno.test("percent gives a share with one digit", () => {
  strictEqual(percent(0.6623), "66.2");
  strictEqual(percent(0), "0.0");
  strictEqual(percent(1), "100.0");
  strictEqual(percent(0.0004), "0.0");
});

Deno.test("percent gives a dash for a share that there is not", () => {
  strictEqual(percent(null), "–");
});
