import { strictEqual } from "node:assert/strict";
import { figureIndex } from "../../../lib/figure/figure_index.ts";

Deno.test("figureIndex escapes words for Markdown and HTML", () => {
  const page = figureIndex("Run a_b", [{
    id: "table_1",
    title: "<b> & *bold*",
    caption: "Step scores[crf=with] #1.\nNew line.",
    alt: "![x](y)",
    svg: "<svg/>",
    table: { columns: ["%", "a|b"], rows: [["<i>", "1.0"]] },
  }]);
  strictEqual(
    page,
    `# Run a\\_b

## &lt;b> &amp; \\*bold\\*

![!\\[x\\](y)](table_1.svg)

Step scores\\[crf=with\\] \\#1. New line.

| % | a\\|b |
| --- | ---: |
| &lt;i> | 1.0 |
`,
  );
});
